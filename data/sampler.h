/* sampler.h - samplers: the order in which a loader takes the samples of a dataset.
 *
 * Every order is PyTorch's for the same seed. Random samplers draw when a loader asks for indices, not when they are
 * made: a new order for every pass. .generator is what they draw from; the default generator if it is NULL. */
#ifndef WICK_DATA_SAMPLER_H
#define WICK_DATA_SAMPLER_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "dataset.h"

WICK_BEGIN_DECLS

typedef struct wick_sampler wick_sampler;

/* 0, 1, ..., n-1 for the n samples of d: SequentialSampler. */
WICK_API wick_sampler *wick_data_sequential_sampler(wick_dataset *d);

/* A random permutation of the samples of d, of which there must be at least one: RandomSampler. */
typedef struct wick_random_sampler_options {
    size_t size_;
    char start_;
    bool replacement;          /* each index is drawn from all of them, by itself; default false */
    int64_t num_samples;       /* how many indices a pass has: more than samples go on with a further permutation;
                                  default: as many as samples */
    wick_generator *generator; /* default: a new one in each pass, which the default generator seeds */
} wick_random_sampler_options;
#define WICK_RANDOM_SAMPLER_DEFAULTS 0, false, INT64_MIN, NULL
WICK_API wick_sampler *wick_data_random_sampler_opt(wick_dataset *d, const wick_random_sampler_options *options);
#define wick_data_random_sampler(d, ...) \
    wick_data_random_sampler_opt(d,      \
                                 WICK_OPTIONS(wick_random_sampler_options, WICK_RANDOM_SAMPLER_DEFAULTS, __VA_ARGS__))

/* The indices (n), int64, in their order; and in a random one: SubsetRandomSampler(indices, generator). */
WICK_API wick_sampler *wick_data_index_sampler(wick_tensor *indices);
WICK_API wick_sampler *wick_data_subset_random_sampler_opt(wick_tensor *indices, const wick_random_options *options);
#define wick_data_subset_random_sampler(indices, ...) \
    wick_data_subset_random_sampler_opt(indices, WICK_RANDOM_OPTIONS(__VA_ARGS__))

/* num_samples of the indices 0 .. n-1, in proportion to weights (n) of any dtype: WeightedRandomSampler. As in PyTorch,
 * weights from which nothing can be drawn are an error of the pass that draws; wick_multinomial lists them. */
typedef struct wick_weighted_sampler_options {
    size_t size_;
    char start_;
    bool replacement;          /* default true */
    wick_generator *generator; /* default: the default generator */
} wick_weighted_sampler_options;
#define WICK_WEIGHTED_SAMPLER_DEFAULTS 0, true, NULL
WICK_API wick_sampler *wick_data_weighted_random_sampler_opt(wick_tensor *weights, int64_t num_samples,
                                                             const wick_weighted_sampler_options *options);
#define wick_data_weighted_random_sampler(weights, num_samples, ...) \
    wick_data_weighted_random_sampler_opt(                           \
        weights, num_samples,                                        \
        WICK_OPTIONS(wick_weighted_sampler_options, WICK_WEIGHTED_SAMPLER_DEFAULTS, __VA_ARGS__))

/* The indices of another sampler in batches of batch_size, for a loader's .batch_sampler: BatchSampler. drop_last leaves
 * out a last batch that is not full. */
WICK_API wick_sampler *wick_data_batch_sampler(wick_sampler *sampler, int64_t batch_size, bool drop_last);

/* A sampler of one's own: the order of one pass as indices (n), int64. Or, for .batch_sampler, its batches as a list of
 * such tensors. Called when the first batch of a pass is asked for, in the thread that asks. */
typedef struct wick_sampler_options {
    size_t size_;
    char start_;
    int64_t (*length)(wick_sampler *s); /* of indices, or of batches; default: what a pass has, counted */
    wick_tensor *(*indices)(wick_sampler *s);
    wick_list *(*batches)(wick_sampler *s); /* in place of indices */
    size_t size;                            /* bytes of the fields, zeroed; default 0 */
    void (*destroy)(wick_sampler *s);       /* called once; who keeps s there has it live on; default: none */
} wick_sampler_options;
#define WICK_SAMPLER_DEFAULTS 0, NULL, NULL, NULL, 0, NULL
WICK_API wick_sampler *wick_data_sampler_opt(const wick_sampler_options *options);
#define wick_data_sampler(...) \
    wick_data_sampler_opt(WICK_OPTIONS(wick_sampler_options, WICK_SAMPLER_DEFAULTS, __VA_ARGS__))
WICK_API void *wick_data_sampler_fields(const wick_sampler *s);

/* len(sampler): how many indices, or batches, a pass has; -1 after an error. */
WICK_API long long wick_data_sampler_length(wick_sampler *s);

/* list(sampler): the indices (n) of a new pass, int64; and for a sampler of batches, a list of such tensors. */
WICK_API wick_tensor *wick_data_sampler_indices(wick_sampler *s);
WICK_API wick_list *wick_data_sampler_batches(wick_sampler *s);

WICK_END_DECLS
#endif
