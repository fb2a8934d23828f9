/* numpy_random.h - the numbers of NumPy's np.random.seed, np.random.randn and so on, for programs that use them for their data.
 *
 * This is the legacy stream (numpy.random.RandomState, MT19937), which NumPy has frozen: the same seed gives the same
 * numbers, equal to the bit except for normals, which depend on the C library's log. Until it is seeded, each run gets
 * different numbers. Results are float64 and int64, as NumPy's; convert with wick_to. The process has one stream, guarded by a
 * lock.
 * https://numpy.org/doc/stable/reference/random/legacy.html */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "tensor.h"

WICK_BEGIN_DECLS

/* np.random.seed(seed). A seed below 0 or above 2^32 - 1 is an error, as in NumPy: false, and nothing changes. */
WICK_API bool wick_numpy_seed(int64_t seed);

/* The functions of this group take the sizes one by one, then keyword arguments, as wick_rand does; .dtype, float32 or
 * float64, is the dtype of the result. */

/* Uniform on [0, 1): np.random.rand(2, 3). */
WICK_API wick_tensor *wick_numpy_rand_opt(const wick_tensor_options *options);
#define wick_numpy_rand(...) wick_numpy_rand_opt(WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Normal with mean 0 and standard deviation 1: np.random.randn(2, 3). */
WICK_API wick_tensor *wick_numpy_randn_opt(const wick_tensor_options *options);
#define wick_numpy_randn(...) wick_numpy_randn_opt(WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Normal with mean loc and standard deviation scale, which is not negative: np.random.normal(loc, scale, (2, 3)). */
WICK_API wick_tensor *wick_numpy_normal_opt(double loc, double scale, const wick_tensor_options *options);
#define wick_numpy_normal(loc, scale, ...) \
    wick_numpy_normal_opt(loc, scale, WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Uniform on [low, high): np.random.uniform(low, high, (2, 3)). */
WICK_API wick_tensor *wick_numpy_uniform_opt(double low, double high, const wick_tensor_options *options);
#define wick_numpy_uniform(low, high, ...) \
    wick_numpy_uniform_opt(low, high, WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Whole numbers, uniform on [low, high), int64: np.random.randint(low, high, (2, 3)). */
WICK_API wick_tensor *wick_numpy_randint_opt(int64_t low, int64_t high, const wick_tensor_options *options);
#define wick_numpy_randint(low, high, ...) \
    wick_numpy_randint_opt(low, high, WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* np.random.shuffle(x): puts the rows of x (dimension 0) into a random order, in place. False on error. */
WICK_API bool wick_numpy_shuffle(wick_tensor *x);

/* np.random.permutation(n): 0 to n - 1 in a random order, int64, of shape (n). */
WICK_API wick_tensor *wick_numpy_permutation(int64_t n);

/* np.random.choice(n, size, replace, p): draws size numbers from 0 to n - 1, int64, of shape (size). */
typedef struct wick_numpy_choice_options {
    size_t size_;
    char start_;
    bool replace;   /* false: each number at most once; default true */
    wick_tensor *p; /* the probabilities (n), which add up to 1; default: all equal */
} wick_numpy_choice_options;
WICK_API wick_tensor *wick_numpy_choice_opt(int64_t n, int64_t size, const wick_numpy_choice_options *options);
#define wick_numpy_choice(n, size, ...) \
    wick_numpy_choice_opt(n, size, WICK_OPTIONS(wick_numpy_choice_options, true, __VA_ARGS__))

WICK_END_DECLS
