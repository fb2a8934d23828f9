/* generator.h - internal: the generator of random words, and how its words become uniforms. generator.c. */
#pragma once

#include <pthread.h>

#include "random.h"
#include "tensor_struct.h"

enum { WK_MT_WORDS = 624 };

/* MT19937 (Matsumoto and Nishimura 1998). */
typedef struct wk_mt {
    uint32_t state[WK_MT_WORDS];
    int next; /* of state, the word to hand out next; from WK_MT_WORDS on, none is left */
} wk_mt;

struct wick_generator {
    wick_object base;
    pthread_mutex_t lock; /* held while words are drawn */
    uint64_t seed;
    wk_mt mt;
    bool has_normal; /* Box-Muller makes normals in pairs; the second of one waits here */
    double normal;
};

extern const wk_class wk_generator_class;

/* The state after init_genrand(seed), Knuth's recurrence. */
void wk_mt_seed(wk_mt *mt, uint32_t seed);
void wk_mt_next_state(wk_mt *mt);

static inline uint32_t wk_mt_draw(wk_mt *mt)
{
    if (mt->next >= WK_MT_WORDS)
        wk_mt_next_state(mt);
    uint32_t y = mt->state[mt->next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

/* Whether g is a generator, or NULL, for the default one; an error if not. */
bool wk_check_generator(const char *function, wick_generator *g);

/* Locks g, or the default generator for NULL, and returns it. As in PyTorch, a program that sets no seed gets other numbers
 * in each run. */
wick_generator *wk_generator_lock(wick_generator *g);
void wk_generator_unlock(wick_generator *g);

/* The process's default generator is locked while a thread forks, lest the child gets it in the midst of a draw. */
void wk_generator_before_fork(void);
void wk_generator_after_fork(void);

static inline uint32_t wk_draw32(wick_generator *g) { return wk_mt_draw(&g->mt); }

/* Two words, the first one high. */
static inline uint64_t wk_draw64(wick_generator *g)
{
    uint64_t high = wk_draw32(g);
    return (high << 32) | wk_draw32(g);
}

/* Uniform on [0, 1): as many of the low bits as the type's significand has. */
static inline float wk_uniform_float(wick_generator *g) { return (float)(wk_draw32(g) & 0xffffffu) * 0x1p-24f; }
static inline double wk_uniform_double(wick_generator *g)
{
    return (double)(wk_draw64(g) & 0x1fffffffffffffu) * 0x1p-53;
}
