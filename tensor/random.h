/* random.h - random numbers: PyTorch's CPU stream, and NumPy's.
 *
 * The same seed gives the numbers that PyTorch's CPU generator gives (MT19937, Matsumoto and Nishimura 1998), to the bit
 * but for normals in float64 and in tensors of fewer than 16 elements and for exponentials, which rest on the C library's
 * sin, cos, log and log1p. PyTorch's builds with Intel's MKL take the masks of bernoulli_(p) and of dropout, and
 * exponential_, from a stream of MKL's own on Intel's processors, which is not public and is not followed. */
#ifndef WICK_TENSOR_RANDOM_H
#define WICK_TENSOR_RANDOM_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "tensor.h"

WICK_BEGIN_DECLS

/* ---- Generators ---------------------------------------------------------------------------------------------------- */

/* Seeds the default generator: torch.manual_seed. It is one for the process, guarded by a lock; until it is seeded, each
 * run of a program gets other numbers. And the seed that it was given: torch.initial_seed. */
WICK_API void wick_manual_seed(uint64_t seed);
WICK_API unsigned long long wick_initial_seed(void);

/* A generator of one's own, for .generator: torch.Generator(), whose seed is WICK_DEFAULT_SEED. And the default one;
 * in a worker of a loader, the worker's own. */
#define WICK_DEFAULT_SEED UINT64_C(67280421310721)
WICK_API wick_generator *wick_generator_new(void);
WICK_API wick_generator *wick_default_generator(void);

/* g.manual_seed(seed), which returns g; g.seed(), which takes a seed from the clock and returns it; g.initial_seed(). */
WICK_API wick_generator *wick_generator_manual_seed(wick_generator *g, uint64_t seed);
WICK_API unsigned long long wick_generator_seed(wick_generator *g);
WICK_API unsigned long long wick_generator_initial_seed(wick_generator *g);

/* The state as PyTorch's 5056 bytes (uint8), so that either library goes on where the other stopped:
 *     wick_tensor *s = wick_generator_get_state(wick_default_generator());        torch.get_rng_state()
 *     wick_generator_set_state(wick_default_generator(), s);                      torch.set_rng_state(s)
 * Its bytes are PyTorch's on a little-endian machine, and the same on every machine. */
WICK_API wick_tensor *wick_generator_get_state(wick_generator *g);
WICK_API bool wick_generator_set_state(wick_generator *g, wick_tensor *state);

/* ---- Samples ------------------------------------------------------------------------------------------------------- */

typedef struct wick_random_options {
    size_t size_;
    char start_;
    wick_generator *generator; /* default: the default generator */
} wick_random_options;
#define WICK_RANDOM_DEFAULTS 0, NULL
#define WICK_RANDOM_OPTIONS(...) WICK_OPTIONS(wick_random_options, WICK_RANDOM_DEFAULTS, __VA_ARGS__)

/* A random permutation of 0 .. n-1, int64 (n): torch.randperm. */
WICK_API wick_tensor *wick_randperm_opt(int64_t n, const wick_random_options *options);
#define wick_randperm(n, ...) wick_randperm_opt(n, WICK_RANDOM_OPTIONS(__VA_ARGS__))

/* count indices, int64, drawn with probabilities in proportion to weights (n), or for each row of weights (m, n):
 * torch.multinomial. Weights are floating point, 0 or more, finite, and not all 0; without replacement at least count of
 * them must be above 0. (Without replacement PyTorch sorts random keys; where two of float32 are equal, as happens among
 * thousands, its sort may put them in the other order.) */
typedef struct wick_multinomial_options {
    size_t size_;
    char start_;
    bool replacement;          /* default false */
    wick_generator *generator; /* default: the default generator */
} wick_multinomial_options;
#define WICK_MULTINOMIAL_DEFAULTS 0, false, NULL
WICK_API wick_tensor *wick_multinomial_opt(wick_tensor *weights, int64_t count,
                                           const wick_multinomial_options *options);
#define wick_multinomial(weights, count, ...) \
    wick_multinomial_opt(weights, count, WICK_OPTIONS(wick_multinomial_options, WICK_MULTINOMIAL_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
#endif
