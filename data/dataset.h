/* dataset.h - datasets: sequences of samples, and datasets made from other datasets. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/random.h"
#include "../tensor/tensor.h"

WICK_BEGIN_DECLS

/* A sequence of samples, each a list of tensors such as (image, label). */
typedef struct wick_dataset wick_dataset;

/* Your own dataset: its length, and item, which returns one sample, or batch, which returns several. A loader with workers
 * calls item and batch from several threads at once. */
typedef struct wick_dataset_options {
    size_t size_;
    char start_;
    int64_t (*length)(wick_dataset *d);
    wick_list *(*item)(wick_dataset *d, int64_t i);                              /* sample i; 0 <= i < length */
    wick_list *(*batch)(wick_dataset *d, const int64_t *indices, int64_t count); /* default: items, stacked */
    size_t size;                      /* bytes of the fields, which start at 0; default 0 */
    void (*destroy)(wick_dataset *d); /* called once before d is freed; if it keeps d, d lives on; default: none */
} wick_dataset_options;
WICK_API wick_dataset *wick_data_dataset_opt(const wick_dataset_options *options);
#define wick_data_dataset(...) wick_data_dataset_opt(WICK_OPTIONS(wick_dataset_options, 0, __VA_ARGS__))

/* The fields of a dataset made with .size; aligned for any type. NULL for NULL. */
WICK_API void *wick_data_fields(const wick_dataset *d);

/* The number of samples: len(dataset). -1 after an error. */
WICK_API long long wick_data_count(wick_dataset *d);

/* Sample i as a list, which the innermost scope owns: dataset[i]. A negative i counts from the end; an i out of range is an
 * error. */
WICK_API wick_list *wick_data_item(wick_dataset *d, int64_t i);

/* Sample i is row i of each of the tensors, which must have the same number of rows: torch.utils.data.TensorDataset(a, b,
 * ...). */
WICK_API wick_dataset *wick_data_tensor_dataset_from(wick_list *tensors);
#define wick_data_tensor_dataset(...) wick_data_tensor_dataset_from(wick_list_of(__VA_ARGS__))

/* The samples of d at these indices (n), int64, in their order; a negative index counts from the end: torch.utils.data.Subset.
 * Later changes of the tensor change the subset. As in PyTorch, an index out of range is an error in the call that asks for the
 * sample. */
WICK_API wick_dataset *wick_data_subset(wick_dataset *d, wick_tensor *indices);

/* Datasets, one by one, as the two arguments (pointer, count), for the _n functions below. */
#define WICK_DATASETS(...) \
    (wick_dataset *const[]){__VA_ARGS__}, (int)(sizeof((wick_dataset *const[]){__VA_ARGS__}) / sizeof(wick_dataset *))

/* The samples of the first dataset, then those of the second, ...: torch.utils.data.ConcatDataset([a, b, ...]), a + b.
 * This call asks for their lengths, once. */
WICK_API wick_dataset *wick_data_concat_dataset_n(wick_dataset *const *datasets, int count);
#define wick_data_concat_dataset(...) wick_data_concat_dataset_n(WICK_DATASETS(__VA_ARGS__))

/* Sample i has the tensors of sample i of each dataset: torch.utils.data.StackDataset(a, b, ...). A sample is one list of
 * tensors, (x, y, z), whereas PyTorch's is nested, ((x, y), (z,)). The lengths must be equal. */
WICK_API wick_dataset *wick_data_stack_dataset_n(wick_dataset *const *datasets, int count);
#define wick_data_stack_dataset(...) wick_data_stack_dataset_n(WICK_DATASETS(__VA_ARGS__))

/* One part of a random split: its length, or its fraction of the dataset, and the variable for it. */
typedef struct wick_split {
    double length;
    wick_dataset **into;
} wick_split;
#define WICK_SPLITS(...) \
    (const wick_split[]){__VA_ARGS__}, (int)(sizeof((const wick_split[]){__VA_ARGS__}) / sizeof(wick_split))

/* Splits d into parts of random samples that do not overlap, drawn as in PyTorch: torch.utils.data.random_split.
 *     wick_dataset *train, *val, *test;
 *     wick_data_random_split(all, WICK_SPLITS({0.7, &train}, {0.15, &val}, {0.15, &test}), .generator = g);
 * The lengths must add up to that of the dataset. Numbers that add up to 1 are fractions: each part gets its share, rounded
 * down, and the samples that are left go to the first parts, one each. A part without samples warns. On error the result is
 * false, and every part is NULL. */
WICK_API bool wick_data_random_split_opt(wick_dataset *d, const wick_split *parts, int count,
                                         const wick_random_options *options);
#define wick_data_random_split(d, parts, ...) \
    wick_data_random_split_opt(d, parts, WICK_OPTIONS(wick_random_options, 0, __VA_ARGS__))

/* MNIST from the IDX files of a directory (train-images-idx3-ubyte and so on, with .gz or without), the training or the test
 * set: torchvision.datasets.MNIST(dir, train, transform=ToTensor()). A sample is (image, label): float32 (1, 28, 28) in [0,
 * 1], and int64 (). If the two files have different numbers of samples, that is an error. */
WICK_API wick_dataset *wick_data_mnist(const char *directory, bool train);

/* The same for Fashion-MNIST: torchvision.datasets.FashionMNIST(dir, train, transform=ToTensor()). */
WICK_API wick_dataset *wick_data_fashion_mnist(const char *directory, bool train);

/* The name of one of the ten classes of Fashion-MNIST: "T-shirt/top", ... NULL, without an error, if label is out of range. */
WICK_API const char *wick_data_fashion_mnist_class(int64_t label);

WICK_END_DECLS
