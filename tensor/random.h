/* random.h - random numbers: PyTorch's CPU stream, and NumPy's.
 *
 * The same seed gives the numbers of PyTorch's CPU generator (MT19937, Matsumoto and Nishimura 1998). They are equal to the
 * bit, except for exponentials and for normals in float64 and in tensors of fewer than 16 elements, which depend on the C
 * library's sin, cos, log and log1p. On Intel's processors, PyTorch's builds with Intel's MKL take the masks of bernoulli_(p)
 * and dropout, and exponential_, from a stream of MKL that is not public; Wick does not follow it. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "tensor.h"

WICK_BEGIN_DECLS

/* ---- Generators ---------------------------------------------------------------------------------------------------- */

/* Seeds the default generator: torch.manual_seed. The process has one, guarded by a lock; until it is seeded, each run of a
 * program gets different numbers. */
WICK_API void wick_manual_seed(uint64_t seed);

/* The seed of the default generator: torch.initial_seed. */
WICK_API unsigned long long wick_initial_seed(void);

/* A new generator, for .generator: torch.Generator(). Its seed is WICK_DEFAULT_SEED. */
#define WICK_DEFAULT_SEED UINT64_C(67280421310721)
WICK_API wick_generator *wick_generator_new(void);

/* The default generator: torch.default_generator. In a worker of a loader it is the worker's own. */
WICK_API wick_generator *wick_default_generator(void);

/* Seeds g and returns it: g.manual_seed(seed). */
WICK_API wick_generator *wick_generator_manual_seed(wick_generator *g, uint64_t seed);

/* Seeds g differently each time, and returns the seed: g.seed(). 0 with an error. */
WICK_API unsigned long long wick_generator_seed(wick_generator *g);

/* The seed that g was given last: g.initial_seed(). 0 with an error. */
WICK_API unsigned long long wick_generator_initial_seed(wick_generator *g);

/* The state in PyTorch's format, 5056 bytes (uint8), so that either library can continue where the other stopped. The bytes
 * are the same on every machine, those of PyTorch on a little-endian one.
 *     wick_tensor *s = wick_generator_get_state(wick_default_generator());        torch.get_rng_state() */
WICK_API wick_tensor *wick_generator_get_state(wick_generator *g);

/* Sets a state that wick_generator_get_state or PyTorch returned. False on error; then g is as before.
 *     wick_generator_set_state(wick_default_generator(), s);                      torch.set_rng_state(s) */
WICK_API bool wick_generator_set_state(wick_generator *g, wick_tensor *state);

/* ---- Samples ------------------------------------------------------------------------------------------------------- */

typedef struct wick_random_options {
    size_t size_;
    char start_;
    wick_generator *generator; /* default: the default generator */
} wick_random_options;

/* A random permutation of 0 to n - 1, int64, of shape (n): torch.randperm. */
WICK_API wick_tensor *wick_randperm_opt(int64_t n, const wick_random_options *options);
#define wick_randperm(n, ...) wick_randperm_opt(n, WICK_OPTIONS(wick_random_options, 0, __VA_ARGS__))

/* Draws count indices, int64, with probabilities in proportion to weights (n); or for each row of weights (m, n):
 * torch.multinomial. Weights are floating point, finite, not negative and not all 0; without replacement, at least count of
 * them must be above 0. (Without replacement PyTorch sorts random keys; where two float32 keys are equal, which happens among
 * thousands, its sort may put them in the other order.) */
typedef struct wick_multinomial_options {
    size_t size_;
    char start_;
    bool replacement;          /* default false */
    wick_generator *generator; /* default: the default generator */
} wick_multinomial_options;
WICK_API wick_tensor *wick_multinomial_opt(wick_tensor *weights, int64_t count,
                                           const wick_multinomial_options *options);
#define wick_multinomial(weights, count, ...) \
    wick_multinomial_opt(weights, count, WICK_OPTIONS(wick_multinomial_options, 0, __VA_ARGS__))

WICK_END_DECLS
