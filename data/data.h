/* data.h - the public header of the data layer: datasets, samplers, the loader, and files. */
#ifndef WICK_DATA_DATA_H
#define WICK_DATA_DATA_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

/* ---- Datasets ----------------------------------------------------------------------------------------------------------- */

/* A sequence of samples, each a list of tensors such as (image, label). */
typedef struct wick_dataset wick_dataset;

/* A dataset of one's own: how many samples, and either one sample or a whole batch of them. */
typedef struct wick_dataset_options {
    char start_;
    int64_t (*length)(wick_dataset *d);
    wick_list *(*item)(wick_dataset *d, int64_t i);                              /* sample i; 0 <= i < length */
    wick_list *(*batch)(wick_dataset *d, const int64_t *indices, int64_t count); /* default: items, stacked */
    size_t size;                      /* bytes of the fields, zeroed; default 0 */
    void (*destroy)(wick_dataset *d); /* default: none */
} wick_dataset_options;
#define WICK_DATASET_DEFAULTS 0, NULL, NULL, NULL, 0, NULL
WICK_API wick_dataset *wick_data_dataset_opt(wick_dataset_options options);
#define wick_data_dataset(...) \
    wick_data_dataset_opt(WICK_OPTIONS(wick_dataset_options, WICK_DATASET_DEFAULTS, __VA_ARGS__))
WICK_API void *wick_data_fields(const wick_dataset *d);

/* len(dataset), -1 after an error; and dataset[i], where a negative i counts from the end. */
WICK_API int64_t wick_data_length(wick_dataset *d);
WICK_API wick_list *wick_data_item(wick_dataset *d, int64_t i);

/* Row i of each of the tensors, which must have equally many rows: torch.utils.data.TensorDataset(a, b, ...). */
WICK_API wick_dataset *wick_data_tensor_dataset_n(wick_list *tensors);
#define wick_data_tensor_dataset(...) wick_data_tensor_dataset_n(wick_list_of(__VA_ARGS__))

/* The images and labels in the IDX files of a directory (train-images-idx3-ubyte, with .gz or without, ...), as
 * (image, label): float32 (1, 28, 28) in [0, 1], and int64 (). torchvision.datasets.MNIST(dir, train, ToTensor()).
 * An image file and a label file of different counts are an error. */
WICK_API wick_dataset *wick_data_mnist(const char *directory, bool train);
WICK_API wick_dataset *wick_data_fashion_mnist(const char *directory, bool train);

/* The names of the ten classes of Fashion-MNIST: "T-shirt/top", ...; NULL out of range. */
WICK_API const char *wick_data_fashion_mnist_class(int64_t label);

/* ---- Samplers and the loader ------------------------------------------------------------------------------------------------ */

/* The order in which a loader takes the samples of a dataset. */
typedef struct wick_sampler wick_sampler;

/* 0, 1, ..., n-1; and a random permutation, drawn anew for every pass, of at least one sample. */
WICK_API wick_sampler *wick_data_sequential_sampler(wick_dataset *d);
WICK_API wick_sampler *wick_data_random_sampler(wick_dataset *d);

/* The indices (n), int64, in their order; and in a random one, drawn anew for every pass: SubsetRandomSampler. */
WICK_API wick_sampler *wick_data_index_sampler(wick_tensor *indices);
WICK_API wick_sampler *wick_data_subset_random_sampler(wick_tensor *indices);

typedef struct wick_loader wick_loader;

typedef struct wick_loader_options {
    char start_;
    int64_t batch_size;    /* default 1 */
    bool shuffle;          /* a new random order for every pass; default false */
    bool drop_last;        /* leave out a last batch that is not full; default false */
    wick_sampler *sampler; /* the order; not together with shuffle; default: sequential */
} wick_loader_options;
#define WICK_LOADER_DEFAULTS 0, 1, false, false, NULL
/* Batches of a dataset: torch.utils.data.DataLoader. The orders of a seed are PyTorch's. */
WICK_API wick_loader *wick_data_loader_opt(wick_dataset *dataset, wick_loader_options options);
#define wick_data_loader(dataset, ...) \
    wick_data_loader_opt(dataset, WICK_OPTIONS(wick_loader_options, WICK_LOADER_DEFAULTS, __VA_ARGS__))

/* len(loader), the number of batches, -1 after an error; and loader.dataset. */
WICK_API int64_t wick_data_batches(wick_loader *loader);
WICK_API wick_dataset *wick_data_loader_dataset(wick_loader *loader);

/* One pass over a loader. It holds its present batch: a tensor that it gave is valid until the next one is asked for,
 * and wick_keep keeps it longer. */
typedef struct wick_iterator wick_iterator;
WICK_API wick_iterator *wick_data_iterate(wick_loader *loader);

/* Puts the tensors of the next batch into *tensors[0], ..., *tensors[count-1]. False when there is none, or after an
 * error (see wick_error()); they are NULL then. */
WICK_API bool wick_data_next_n(wick_iterator *it, wick_tensor **const *tensors, int count);
#define wick_data_next(it, ...)                                 \
    wick_data_next_n(it, (wick_tensor * *const[]){__VA_ARGS__}, \
                     (int)(sizeof((wick_tensor **const[]){__VA_ARGS__}) / sizeof(wick_tensor **)))

/* for X, y in loader:
 *     wick_tensor *X, *y;
 *     WICK_FOR_EACH_BATCH (loader, &X, &y) {
 *         WICK_SCOPE;
 *         ...
 *     }
 * The iterator belongs to the scope around the loop. */
#define WICK_FOR_EACH_BATCH(loader, ...)                                             \
    for (wick_iterator * WICK_PASTE(wick_it_, __LINE__) = wick_data_iterate(loader); \
         wick_data_next(WICK_PASTE(wick_it_, __LINE__), __VA_ARGS__);)

/* ---- Files ---------------------------------------------------------------------------------------------------------------- */

/* The contents of an IDX file, plain or gzipped, as uint8 of the file's shape (http://yann.lecun.com/exdb/mnist/). */
WICK_API wick_tensor *wick_data_read_idx(const char *path);

/* Writes a state dict as torch.save does; torch.load(path, weights_only=True) reads it. The file appears whole or not at
 * all. False on error. */
WICK_API bool wick_save(wick_dict *dict, const char *path);

/* Reads a file that torch.save(model.state_dict(), path) or wick_save wrote. Nothing in the file is executed; a file of
 * other contents is an error that says what was found. */
WICK_API wick_dict *wick_load(const char *path);

WICK_END_DECLS
#endif
