/* dataset.h - datasets: sequences of samples, and what is made of them. */
#ifndef WICK_DATA_DATASET_H
#define WICK_DATA_DATASET_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/random.h"
#include "../tensor/tensor.h"

WICK_BEGIN_DECLS

/* A sequence of samples, each a list of tensors such as (image, label). */
typedef struct wick_dataset wick_dataset;

/* A dataset of one's own: how many samples, and either one sample or a whole batch of them. A loader with workers calls
 * item and batch from several threads at once. */
typedef struct wick_dataset_options {
    size_t size_;
    char start_;
    int64_t (*length)(wick_dataset *d);
    wick_list *(*item)(wick_dataset *d, int64_t i);                              /* sample i; 0 <= i < length */
    wick_list *(*batch)(wick_dataset *d, const int64_t *indices, int64_t count); /* default: items, stacked */
    size_t size;                      /* bytes of the fields, zeroed; default 0 */
    void (*destroy)(wick_dataset *d); /* called once; who keeps d there has it live on; default: none */
} wick_dataset_options;
#define WICK_DATASET_DEFAULTS 0, NULL, NULL, NULL, 0, NULL
WICK_API wick_dataset *wick_data_dataset_opt(const wick_dataset_options *options);
#define wick_data_dataset(...) \
    wick_data_dataset_opt(WICK_OPTIONS(wick_dataset_options, WICK_DATASET_DEFAULTS, __VA_ARGS__))
WICK_API void *wick_data_fields(const wick_dataset *d);

/* len(dataset), -1 after an error; and dataset[i], where a negative i counts from the end. */
WICK_API long long wick_data_length(wick_dataset *d);
WICK_API wick_list *wick_data_item(wick_dataset *d, int64_t i);

/* Row i of each of the tensors, which must have equally many rows: torch.utils.data.TensorDataset(a, b, ...). */
WICK_API wick_dataset *wick_data_tensor_dataset_n(wick_list *tensors);
#define wick_data_tensor_dataset(...) wick_data_tensor_dataset_n(wick_list_of(__VA_ARGS__))

/* The samples of d at these indices (n), int64, in their order; a negative one counts from the end:
 * torch.utils.data.Subset. Later changes of the tensor change the subset; an index out of range is an error of the call
 * that asks for its sample, as in PyTorch. */
WICK_API wick_dataset *wick_data_subset(wick_dataset *d, wick_tensor *indices);

/* Several datasets as an array of them and their number: for the _n forms below, too. */
#define WICK_DATASETS(...) \
    (wick_dataset *const[]){__VA_ARGS__}, (int)(sizeof((wick_dataset *const[]){__VA_ARGS__}) / sizeof(wick_dataset *))

/* The samples of the first dataset, then those of the second, ...: torch.utils.data.ConcatDataset([a, b, ...]), a + b.
 * Their lengths are asked for once, here. */
WICK_API wick_dataset *wick_data_concat_dataset_n(wick_dataset *const *datasets, int count);
#define wick_data_concat_dataset(...) wick_data_concat_dataset_n(WICK_DATASETS(__VA_ARGS__))

/* Sample i of each dataset, one after the other: torch.utils.data.StackDataset(a, b, ...), whose samples are lists of
 * tensors (x, y, z) where PyTorch's are nested, ((x, y), (z,)). Their lengths must be equal. */
WICK_API wick_dataset *wick_data_stack_dataset_n(wick_dataset *const *datasets, int count);
#define wick_data_stack_dataset(...) wick_data_stack_dataset_n(WICK_DATASETS(__VA_ARGS__))

/* One part of a random split: how long it is, or which fraction of the dataset, and where it goes. */
typedef struct wick_split {
    double length;
    wick_dataset **into;
} wick_split;
#define WICK_SPLITS(...) \
    (const wick_split[]){__VA_ARGS__}, (int)(sizeof((const wick_split[]){__VA_ARGS__}) / sizeof(wick_split))

/* torch.utils.data.random_split: parts that do not overlap, of random samples, drawn as PyTorch draws them.
 *     wick_dataset *train, *val, *test;
 *     wick_data_random_split(all, WICK_SPLITS({0.7, &train}, {0.15, &val}, {0.15, &test}), .generator = g);
 * Lengths must add up to that of the dataset. Numbers that add up to 1 are fractions: each part gets the whole samples of
 * its share, and what is left over goes to the first parts, one sample each; a part that gets none is a warning. False, and every part NULL, on error. */
WICK_API bool wick_data_random_split_opt(wick_dataset *d, const wick_split *parts, int count,
                                         const wick_random_options *options);
#define wick_data_random_split(d, parts, ...) wick_data_random_split_opt(d, parts, WICK_RANDOM_OPTIONS(__VA_ARGS__))

/* The images and labels in the IDX files of a directory (train-images-idx3-ubyte, with .gz or without, ...), as
 * (image, label): float32 (1, 28, 28) in [0, 1], and int64 (). torchvision.datasets.MNIST(dir, train, ToTensor()).
 * An image file and a label file of different counts are an error. */
WICK_API wick_dataset *wick_data_mnist(const char *directory, bool train);
WICK_API wick_dataset *wick_data_fashion_mnist(const char *directory, bool train);

/* The names of the ten classes of Fashion-MNIST: "T-shirt/top", ...; NULL out of range. */
WICK_API const char *wick_data_fashion_mnist_class(int64_t label);

WICK_END_DECLS
#endif
