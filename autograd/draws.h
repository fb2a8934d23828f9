/* draws.h - random numbers with a history: torch.bernoulli, and tensors filled in place, t.uniform_(), t.normal_() and the
 * like.
 *
 * A function whose name ends in _ overwrites every element of t, in row-major order, with numbers from .generator (default: the
 * default generator), and returns t. The numbers are those of PyTorch's CPU generator (tensor/random.h). As with every write in
 * place, a leaf that requires grad is an error while grad mode is on; another tensor loses its history. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/random.h"

WICK_BEGIN_DECLS

/* 1 with probability p, else 0, for each element of p, in p's dtype: torch.bernoulli. A p outside [0, 1] is an error. The
 * derivative with respect to p is 0, as in PyTorch. */
WICK_API wick_tensor *wick_bernoulli_opt(wick_tensor *p, const wick_random_options *options);
#define wick_bernoulli(p, ...) wick_bernoulli_opt(p, WICK_OPTIONS(wick_random_options, 0, __VA_ARGS__))

/* Uniform on [from, to): t.uniform_(from, to). from above to is an error. */
typedef struct wick_uniform_options {
    size_t size_;
    char start_;
    double from; /* default 0 */
    double to;   /* default 1 */
    wick_generator *generator;
} wick_uniform_options;
#define WICK_UNIFORM_DEFAULTS 0.0, 1.0, NULL
WICK_API wick_tensor *wick_uniform_opt_(wick_tensor *t, const wick_uniform_options *options);
#define wick_uniform_(t, ...) \
    wick_uniform_opt_(t, WICK_OPTIONS(wick_uniform_options, WICK_UNIFORM_DEFAULTS, __VA_ARGS__))

/* Normal with the given mean and standard deviation: t.normal_(mean, std). std < 0 is an error. */
typedef struct wick_normal_options {
    size_t size_;
    char start_;
    double mean; /* default 0 */
    double std;  /* default 1 */
    wick_generator *generator;
} wick_normal_options;
#define WICK_NORMAL_DEFAULTS 0.0, 1.0, NULL
WICK_API wick_tensor *wick_normal_opt_(wick_tensor *t, const wick_normal_options *options);
#define wick_normal_(t, ...) wick_normal_opt_(t, WICK_OPTIONS(wick_normal_options, WICK_NORMAL_DEFAULTS, __VA_ARGS__))

/* 1 with probability p, else 0, in any dtype: t.bernoulli_(p). p outside [0, 1] is an error. */
typedef struct wick_bernoulli_options {
    size_t size_;
    char start_;
    double p; /* default 0.5 */
    wick_generator *generator;
} wick_bernoulli_options;
WICK_API wick_tensor *wick_bernoulli_opt_(wick_tensor *t, const wick_bernoulli_options *options);
#define wick_bernoulli_(t, ...) wick_bernoulli_opt_(t, WICK_OPTIONS(wick_bernoulli_options, 0.5, __VA_ARGS__))

/* Exponential, with the density lambd e^(-lambd x): t.exponential_(lambd). lambd <= 0 is an error. */
typedef struct wick_exponential_options {
    size_t size_;
    char start_;
    double lambd; /* default 1 */
    wick_generator *generator;
} wick_exponential_options;
WICK_API wick_tensor *wick_exponential_opt_(wick_tensor *t, const wick_exponential_options *options);
#define wick_exponential_(t, ...) wick_exponential_opt_(t, WICK_OPTIONS(wick_exponential_options, 1.0, __VA_ARGS__))

/* Whole numbers, uniform on [from, to): t.random_(from, to). Without bounds, uniform on the whole numbers from 0 on that the
 * dtype holds (for float32 up to 2^24 and for float64 up to 2^53, both included). wick_random_(t, .to = 10) draws from [0,
 * 10). */
typedef struct wick_random_in_place_options {
    size_t size_;
    char start_;
    int64_t from; /* default 0 */
    int64_t to;   /* exclusive; default: the largest number that the dtype holds is included */
    wick_generator *generator;
} wick_random_in_place_options;
#define WICK_RANDOM_IN_PLACE_DEFAULTS 0, WICK_UNSET, NULL
WICK_API wick_tensor *wick_random_opt_(wick_tensor *t, const wick_random_in_place_options *options);
#define wick_random_(t, ...) \
    wick_random_opt_(t, WICK_OPTIONS(wick_random_in_place_options, WICK_RANDOM_IN_PLACE_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
