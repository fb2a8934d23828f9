/* sampler.h - samplers: the order in which a loader takes the samples of a dataset.
 *
 * For the same seed every order is PyTorch's. Random samplers draw when a loader asks for indices and not when they are made,
 * so every pass has a new order. They draw from .generator, or from the default generator if it is NULL. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "dataset.h"

WICK_BEGIN_DECLS

typedef struct wick_sampler wick_sampler;

/* The indices 0, 1, ..., n - 1 of the n samples of d: SequentialSampler. */
WICK_API wick_sampler *wick_data_sequential_sampler(wick_dataset *d);

/* The indices of the samples of d in a random order: RandomSampler. d must have at least one sample. */
typedef struct wick_random_sampler_options {
    size_t size_;
    char start_;
    bool replacement;          /* each index is drawn independently from all; default false */
    int64_t num_samples;       /* the number of indices in a pass; if it is more than d has samples, another permutation
                                  follows; default: the number of samples */
    wick_generator *generator; /* default: a new generator in each pass, seeded from the default generator */
} wick_random_sampler_options;
#define WICK_RANDOM_SAMPLER_DEFAULTS false, INT64_MIN, NULL
WICK_API wick_sampler *wick_data_random_sampler_opt(wick_dataset *d, const wick_random_sampler_options *options);
#define wick_data_random_sampler(d, ...) \
    wick_data_random_sampler_opt(d,      \
                                 WICK_OPTIONS(wick_random_sampler_options, WICK_RANDOM_SAMPLER_DEFAULTS, __VA_ARGS__))

/* These indices (n), int64, in their order. */
WICK_API wick_sampler *wick_data_index_sampler(wick_tensor *indices);

/* These indices (n), int64, in a random order: SubsetRandomSampler(indices, generator). */
WICK_API wick_sampler *wick_data_subset_random_sampler_opt(wick_tensor *indices, const wick_random_options *options);
#define wick_data_subset_random_sampler(indices, ...) \
    wick_data_subset_random_sampler_opt(indices, WICK_OPTIONS(wick_random_options, 0, __VA_ARGS__))

/* num_samples of the indices 0 to n - 1, drawn in proportion to weights (n) of any dtype: WeightedRandomSampler. As in PyTorch,
 * weights that wick_multinomial does not take are an error in the pass that draws. */
typedef struct wick_weighted_sampler_options {
    size_t size_;
    char start_;
    bool replacement;          /* default true */
    wick_generator *generator; /* default: the default generator */
} wick_weighted_sampler_options;
WICK_API wick_sampler *wick_data_weighted_random_sampler_opt(wick_tensor *weights, int64_t num_samples,
                                                             const wick_weighted_sampler_options *options);
#define wick_data_weighted_random_sampler(weights, num_samples, ...) \
    wick_data_weighted_random_sampler_opt(weights, num_samples,      \
                                          WICK_OPTIONS(wick_weighted_sampler_options, true, __VA_ARGS__))

/* The indices of another sampler in batches of batch_size, for a loader's .batch_sampler: BatchSampler. With drop_last, a last
 * batch that is not full is left out. */
WICK_API wick_sampler *wick_data_batch_sampler(wick_sampler *sampler, int64_t batch_size, bool drop_last);

/* Your own sampler: indices returns the order of one pass, (n), int64; or batches, for .batch_sampler, returns the batches of
 * a pass as a list of such tensors. The function is called when the first batch of a pass is asked for, in the thread that
 * asks. */
typedef struct wick_sampler_options {
    size_t size_;
    char start_;
    int64_t (*length)(wick_sampler *s); /* the number of indices or batches; default: counts a pass */
    wick_tensor *(*indices)(wick_sampler *s);
    wick_list *(*batches)(wick_sampler *s); /* instead of indices */
    size_t size;                            /* bytes of the fields, which start at 0; default 0 */
    void (*destroy)(wick_sampler *s); /* called once before s is freed; if it keeps s, s lives on; default: none */
} wick_sampler_options;
WICK_API wick_sampler *wick_data_sampler_opt(const wick_sampler_options *options);
#define wick_data_sampler(...) wick_data_sampler_opt(WICK_OPTIONS(wick_sampler_options, 0, __VA_ARGS__))

/* The fields of a sampler made with .size; aligned for any type. NULL for NULL. */
WICK_API void *wick_data_sampler_fields(const wick_sampler *s);

/* The number of indices, or batches, in a pass: len(sampler). -1 after an error. */
WICK_API long long wick_data_sampler_count(wick_sampler *s);

/* The indices (n) of a new pass, int64: list(sampler). */
WICK_API wick_tensor *wick_data_sampler_indices(wick_sampler *s);

/* The batches of a new pass of a sampler of batches, as a list of such tensors. */
WICK_API wick_list *wick_data_sampler_batches(wick_sampler *s);

WICK_END_DECLS
