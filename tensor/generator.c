/* generator.c - generators of random words as objects, and the default one, which the process shares. */
#define _POSIX_C_SOURCE 200809L
#include "generator.h"

#include <string.h>
#include <time.h>

#include "thread.h"

/* ---- MT19937 ----------------------------------------------------------------------------------------------------- */

enum { MIDDLE = 397 };

void wk_mt_seed(wk_mt *mt, uint32_t seed)
{
    mt->state[0] = seed;
    for (uint32_t i = 1; i < WK_MT_WORDS; i++) {
        uint32_t before = mt->state[i - 1];
        mt->state[i] = 1812433253u * (before ^ (before >> 30)) + i;
    }
    mt->next = WK_MT_WORDS + 1;
}

static uint32_t twist(uint32_t high, uint32_t low)
{
    uint32_t joined = (high & 0x80000000u) | (low & 0x7fffffffu);
    return (joined >> 1) ^ (low & 1u ? 0x9908b0dfu : 0u);
}

void wk_mt_next_state(wk_mt *mt)
{
    const int n = WK_MT_WORDS, m = MIDDLE;
    uint32_t *s = mt->state;
    for (int i = 0; i < n - m; i++)
        s[i] = s[i + m] ^ twist(s[i], s[i + 1]);
    for (int i = n - m; i < n - 1; i++)
        s[i] = s[i + m - n] ^ twist(s[i], s[i + 1]);
    s[n - 1] = s[m - 1] ^ twist(s[n - 1], s[0]);
    mt->next = 0;
}

/* ---- Generators -------------------------------------------------------------------------------------------------- */

static void seed_generator(wick_generator *g, uint64_t seed)
{
    g->seed = seed;
    wk_mt_seed(&g->mt, (uint32_t)seed); /* PyTorch, too, uses the low 32 bits */
    g->has_normal = false;
    g->normal = 0;
}

static void destroy(wick_object *object)
{
    wick_generator *g = (wick_generator *)object;
    pthread_mutex_destroy(&g->lock);
    wk_free(g, sizeof *g);
}

const wk_class wk_generator_class = {"generator", destroy};

/* The default generator is never destroyed: the reference that it begins with is the process's. */
static wick_generator default_generator = {.base = {.cls = &wk_generator_class, .refs = 1},
                                           .lock = PTHREAD_MUTEX_INITIALIZER};
static bool default_seeded; /* guarded by its lock */

/* What differs between runs: the time, and the address at which the system loaded the library. */
static uint64_t some_seed(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t address = (uint64_t)(uintptr_t)&default_generator;
    return (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec ^ address >> 12;
}

bool wk_check_generator(const char *function, wick_generator *g)
{
    return !g || wk_check(g, &wk_generator_class, function, "generator");
}

/* The one that stands for no generator in this thread: a loader's workers have one each. */
wick_generator *wick_default_generator(void)
{
    wick_generator *own = wk_this_thread.generator;
    return own ? own : &default_generator;
}

wick_generator *wk_generator_lock(wick_generator *g)
{
    g = g ? g : wick_default_generator();
    pthread_mutex_lock(&g->lock);
    if (g == &default_generator && !default_seeded) {
        seed_generator(g, some_seed());
        default_seeded = true;
    }
    return g;
}

void wk_generator_unlock(wick_generator *g) { pthread_mutex_unlock(&g->lock); }

void wk_generator_before_fork(void) { pthread_mutex_lock(&default_generator.lock); }
void wk_generator_after_fork(void) { pthread_mutex_unlock(&default_generator.lock); }

#define GENERATOR(g, function) wk_check(g, &wk_generator_class, function, "generator")

wick_generator *wick_generator_new(void)
{
    WK_ENTER;
    wick_generator *g = wk_alloc_zero(sizeof *g);
    if (!g)
        return NULL;
    pthread_mutex_init(&g->lock, NULL);
    seed_generator(g, WICK_DEFAULT_SEED);
    wk_object_init(&g->base, &wk_generator_class);
    return wk_own(g);
}

wick_generator *wick_generator_manual_seed(wick_generator *g, uint64_t seed)
{
    WK_ENTER;
    if (!GENERATOR(g, "wick_generator_manual_seed"))
        return NULL;
    pthread_mutex_lock(&g->lock);
    seed_generator(g, seed);
    if (g == &default_generator)
        default_seeded = true;
    wk_generator_unlock(g);
    return g;
}

unsigned long long wick_generator_seed(wick_generator *g)
{
    WK_ENTER;
    if (!GENERATOR(g, "wick_generator_seed"))
        return 0;
    uint64_t seed = some_seed();
    wick_generator_manual_seed(g, seed);
    return seed;
}

unsigned long long wick_generator_initial_seed(wick_generator *g)
{
    WK_ENTER;
    if (!GENERATOR(g, "wick_generator_initial_seed"))
        return 0;
    g = wk_generator_lock(g);
    uint64_t seed = g->seed;
    wk_generator_unlock(g);
    return seed;
}

void wick_manual_seed(uint64_t seed)
{
    WK_ENTER;
    wick_generator_manual_seed(wick_default_generator(), seed);
}
unsigned long long wick_initial_seed(void)
{
    WK_ENTER;
    return wick_generator_initial_seed(wick_default_generator());
}

/* ---- The state as bytes ------------------------------------------------------------------------------------------ */

/* As torch.Generator.get_state() lays it out on a little-endian machine, and here on every machine, so that a saved state
 * can be carried to another: the generator of Torch 7, with every word in 8 bytes,
 *
 *     8 bytes   the seed                                  24 bytes   0, the second normal of a pair (double), 0
 *     4, 4      words until the next state is made; 1      4, 4      whether there is that normal; 0
 *     8         the next word                              8         0 (of other generators)
 *     8 x 624   the words */
enum { STATE_BYTES = 8 + 4 + 4 + 8 + 8 * WK_MT_WORDS + 24 + 4 + 4 + 8 };

static void put(unsigned char **at, uint64_t value, int count)
{
    for (int i = 0; i < count; i++)
        *(*at)++ = (unsigned char)(value >> 8 * i);
}

static uint64_t take(const unsigned char **at, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value |= (uint64_t) * (*at)++ << 8 * i;
    return value;
}

wick_tensor *wick_generator_get_state(wick_generator *g)
{
    WK_ENTER;
    if (!GENERATOR(g, "wick_generator_get_state"))
        return NULL;
    wick_tensor *t = wk_own(wk_new((int64_t[]){STATE_BYTES}, 1, WICK_UINT8));
    if (!t)
        return NULL;
    unsigned char *at = wk_data(t);
    g = wk_generator_lock(g);
    bool fresh = g->mt.next > WK_MT_WORDS;
    double normal = g->has_normal ? g->normal : 0;
    uint64_t bits;
    memcpy(&bits, &normal, sizeof bits);
    put(&at, g->seed, 8);
    put(&at, (uint64_t)(fresh ? 1 : WK_MT_WORDS + 1 - g->mt.next), 4);
    put(&at, 1, 4);
    put(&at, fresh ? 0 : (uint64_t)g->mt.next, 8);
    for (int i = 0; i < WK_MT_WORDS; i++)
        put(&at, g->mt.state[i], 8);
    put(&at, 0, 8);
    put(&at, bits, 8);
    put(&at, 0, 8);
    put(&at, g->has_normal, 8);
    put(&at, 0, 8);
    wk_generator_unlock(g);
    return t;
}

bool wick_generator_set_state(wick_generator *g, wick_tensor *state)
{
    WK_ENTER;
    const char *function = "wick_generator_set_state";
    if (!GENERATOR(g, function) || !WK_TENSOR(state, function, "state"))
        return false;
    if (state->dtype != WICK_UINT8 || state->numel != STATE_BYTES || !state->contiguous) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: the state must be %d contiguous bytes as wick_generator_get_state gives them, "
                  "and not %s of shape %s",
                  function, STATE_BYTES, wick_dtype_name(state->dtype), WK_SHAPE(state));
        return false;
    }
    const unsigned char *at = wk_data(state);
    uint64_t seed = take(&at, 8), left = take(&at, 4), seeded = take(&at, 4), next = take(&at, 8);
    bool fresh = left == 1 && next == 0;
    if (!seeded || next > WK_MT_WORDS || (!fresh && left != WK_MT_WORDS + 1 - next)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the bytes are not the state of a generator", function);
        return false;
    }
    g = wk_generator_lock(g);
    g->seed = seed;
    g->mt.next = fresh ? WK_MT_WORDS + 1 : (int)next;
    for (int i = 0; i < WK_MT_WORDS; i++)
        g->mt.state[i] = (uint32_t)take(&at, 8);
    at += 8;
    uint64_t bits = take(&at, 8);
    memcpy(&g->normal, &bits, sizeof g->normal);
    at += 8;
    g->has_normal = take(&at, 4) != 0;
    wk_generator_unlock(g);
    return true;
}
