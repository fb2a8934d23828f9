/* reduce_dims.c - folds (sums, products, extremes), variances, argmax and argmin over any dimensions of tensors of any strides.
 *
 * The dimensions of x are parted into kept ones, which lead to an element of out, and reduced ones. Where the innermost
 * of all is a reduced one, each element of out is the fold of rows. Where it is a kept one (the sum over N of an (N, C)
 * tensor), whole rows of C elements are folded into one another, for memory's sake: blocks of them in order, and the
 * blocks pairwise.
 *
 * Work is cut at places that depend on the sizes alone, so that any number of threads gives the same bits. */
#include "../kernels.h"
#include "../parallel.h"

#include <math.h>
#include <string.h>

enum {
    PARALLEL = 1 << 18, /* elements from which several threads share the work */
    CHUNK = 1 << 15,    /* elements of a long row that one thread sums; a power of 2 */
    PARTIALS = 256,     /* sums that are waiting to be summed themselves */
    TILE = 128,         /* columns whose rows are added together */
    BLOCK = 32,         /* rows that are added in order */
    LEVELS = 36         /* of the pairwise sum of blocks: 2^41 rows and more */
};

/* Dimensions of one kind, outermost first; steps in bytes. out_step is 0 for reduced ones. */
typedef struct dims {
    int ndim;
    int64_t count; /* product of the sizes */
    int64_t size[WICK_MAX_DIMS];
    int64_t step[WICK_MAX_DIMS];
} dims;

/* The dimensions of x whose bit in mask is as asked, without those of size 1, merged where they can be. With sorted,
 * the one with the smallest step comes last. */
static dims pick(const wick_tensor *x, unsigned mask, bool reduced, bool sorted)
{
    dims r = {0, 1, {0}, {0}};
    for (int d = 0; d < x->ndim; d++) {
        if ((((mask >> d) & 1) != 0) != reduced || x->shape[d] == 1)
            continue;
        const int64_t step = x->strides[d] * wk_element_size(x->dtype);
        int place = r.ndim++;
        for (; sorted && place > 0 && r.step[place - 1] < step; place--) {
            r.size[place] = r.size[place - 1];
            r.step[place] = r.step[place - 1];
        }
        r.size[place] = x->shape[d];
        r.step[place] = step;
        r.count *= x->shape[d];
    }
    int last = 0;
    for (int d = 1; d < r.ndim; d++) {
        if (r.step[last] == r.size[d] * r.step[d]) {
            r.size[last] *= r.size[d];
        } else {
            last++;
            r.size[last] = r.size[d];
        }
        r.step[last] = r.step[d];
    }
    if (r.ndim == 0) { /* one place */
        r.size[0] = 1;
        r.step[0] = 0;
    }
    r.ndim = last + 1;
    return r;
}

/* Bytes from the start to place number `index` of the first `ndim` dimensions. */
static int64_t offset_of(const dims *d, int ndim, int64_t index)
{
    int64_t offset = 0;
    for (int i = ndim - 1; i > 0; i--) {
        offset += index % d->size[i] * d->step[i];
        index /= d->size[i];
    }
    return ndim ? offset + index * d->step[0] : 0;
}

/* How the folds of parts are put together, two elements at a time and in rows; and the fold of nothing. */
static const struct {
    wk_loop_id pair;
    wk_fold parts;
    double nothing;
} folds[WK_FOLD_COUNT] = {
    [WK_FOLD_SUM] = {WK_ADD, WK_FOLD_SUM, 0},         [WK_FOLD_SUM_ABS] = {WK_ADD, WK_FOLD_SUM, 0},
    [WK_FOLD_SUM_SQUARES] = {WK_ADD, WK_FOLD_SUM, 0}, [WK_FOLD_PROD] = {WK_MUL, WK_FOLD_PROD, 1},
    [WK_FOLD_MAX] = {WK_MAXIMUM, WK_FOLD_MAX, 0},     [WK_FOLD_MIN] = {WK_MINIMUM, WK_FOLD_MIN, 1},
};

/* A fold: x from its first element, out contiguous. */
typedef struct reduction {
    const wk_device *cpu;
    wk_fold fold;
    wick_dtype from, to;
    dims reduced, kept;
    const char *x;
    char *out;
} reduction;

/* ---- Folds of rows ------------------------------------------------------------------------------ */

typedef void fold_loop(int64_t n, const char *x, int64_t step, void *out);

/* A row, or part of one, and its chunks' folds. */
typedef struct long_row {
    fold_loop *fold;
    int64_t n, step, bytes;
    const char *x;
    char *partial;
} long_row;

static void fold_chunks(void *context, int64_t from, int64_t to)
{
    const long_row *r = context;
    for (int64_t c = from; c < to; c++) {
        const int64_t at = c * CHUNK;
        r->fold(r->n - at < CHUNK ? r->n - at : CHUNK, r->x + at * r->step, r->step, r->partial + c * r->bytes);
    }
}

/* A long row, in chunks that threads may share. Chunks are a power of two of a sum's blocks, so that the chunks' pairwise
 * sum is the loop's own. */
static void fold_long(fold_loop *fold, fold_loop *fold_parts, int64_t bytes, int64_t n, const char *x, int64_t step,
                      void *out)
{
    _Alignas(8) char partial[PARTIALS * 8];
    int64_t waiting = 0;
    for (int64_t start = 0; start < n; start += (PARTIALS - 1) * (int64_t)CHUNK) {
        const int64_t left = (n - start + CHUNK - 1) / CHUNK, now = left < PARTIALS - 1 ? left : PARTIALS - 1;
        long_row r = {fold, n - start, step, bytes, x + start * step, partial + waiting * bytes};
        wk_parallel(now, fold_chunks, &r);
        fold_parts(waiting + now, partial, bytes, partial);
        waiting = 1;
    }
    memcpy(out, partial, (size_t)bytes);
}

/* Element i of out: the fold over all reduced dimensions. */
static void fold_one(const reduction *r, int64_t i)
{
    const dims *reduced = &r->reduced;
    const char *x = r->x + offset_of(&r->kept, r->kept.ndim, i);
    const int inner = reduced->ndim - 1;
    const int64_t n = reduced->size[inner], step = reduced->step[inner], bytes = wk_element_size(r->to);
    fold_loop *fold = r->cpu->fold[r->fold][WK_DTYPE_INDEX(r->from)],
              *fold_parts = r->cpu->fold[folds[r->fold].parts][WK_DTYPE_INDEX(r->to)];
    char *out = r->out + i * bytes;
    if (inner == 0 && n < PARALLEL) {
        fold(n, x, step, out);
        return;
    }
    _Alignas(8) char partial[PARTIALS * 8];
    int64_t waiting = 0;
    const int64_t rows = reduced->count / n;
    for (int64_t row = 0; row < rows; row++) {
        const char *start = x + offset_of(reduced, inner, row);
        if (waiting == PARTIALS) {
            fold_parts(waiting, partial, bytes, partial);
            waiting = 1;
        }
        if (n < PARALLEL)
            fold(n, start, step, partial + waiting * bytes);
        else
            fold_long(fold, fold_parts, bytes, n, start, step, partial + waiting * bytes);
        waiting++;
    }
    fold_parts(waiting, partial, bytes, out);
}

/* ---- Folds of columns --------------------------------------------------------------------------- */

/* out[j] = the fold over all places of the reduced dimensions of x[j], for j < columns <= TILE. */
static void fold_columns(const reduction *r, int64_t columns, const char *x, char *out)
{
    const dims *reduced = &r->reduced;
    const int inner = reduced->ndim - 1;
    const int64_t bytes = wk_element_size(r->to), step[3] = {bytes, bytes, bytes}, run = reduced->size[inner];
    const size_t row_bytes = (size_t)(columns * bytes);
    wk_loop *pair = r->cpu->loop[folds[r->fold].pair][WK_DTYPE_INDEX(r->to)];
    _Alignas(64) char partial[LEVELS][TILE * 8]; /* partial[l]: the fold of 2^l blocks */
    uint64_t blocks = 0;                         /* before this one */
    for (int64_t row = 0; row < reduced->count; row += BLOCK, blocks++) {
        const int64_t rows = reduced->count - row < BLOCK ? reduced->count - row : BLOCK;
        _Alignas(64) char total[TILE * 8];
        for (int64_t done = 0, now; done < rows; done += now) { /* rows that are one step apart from each other */
            const int64_t left = run - (row + done) % run;
            now = left < rows - done ? left : rows - done;
            r->cpu->fold_columns[r->fold][WK_DTYPE_INDEX(r->from)](
                now, columns, x + offset_of(reduced, reduced->ndim, row + done), reduced->step[inner], total, done > 0);
        }
        int level = 0;
        for (uint64_t carry = blocks; carry & 1 && level < LEVELS - 1; carry >>= 1)
            pair(columns, (char *const[]){total, partial[level++], total}, step, NULL);
        memcpy(partial[level], total, row_bytes);
    }
    bool first = true;
    for (int level = 0; blocks; blocks >>= 1, level++) {
        if (!(blocks & 1))
            continue;
        if (first)
            memcpy(out, partial[level], row_bytes);
        else
            pair(columns, (char *const[]){out, partial[level], out}, step, NULL);
        first = false;
    }
}

static int64_t tiles_of(const reduction *r) { return (r->kept.size[r->kept.ndim - 1] + TILE - 1) / TILE; }

/* Tile number t of out, of up to TILE elements. */
static void fold_tile(const reduction *r, int64_t t)
{
    const int inner = r->kept.ndim - 1;
    const int64_t all = r->kept.size[inner], tiles = tiles_of(r), bytes = wk_element_size(r->to);
    const int64_t outer = t / tiles, j = t % tiles * TILE;
    fold_columns(r, all - j < TILE ? all - j : TILE, r->x + offset_of(&r->kept, inner, outer) + j * bytes,
                 r->out + (outer * all + j) * bytes);
}

static void fold_ones(void *context, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++)
        fold_one(context, i);
}

static void fold_tiles(void *context, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++)
        fold_tile(context, i);
}

/* ---- The entries -------------------------------------------------------------------------------- */

void wk_reduce(wk_fold fold, const wick_tensor *x, unsigned mask, wick_tensor *out)
{
    const wk_device *cpu = wk_cpu();
    const wick_dtype from = x->dtype, to = out->dtype;
    const int64_t bytes = wk_element_size(to);
    char *result = wk_data(out);
    const char *data = wk_data(x);
    if (out->numel == 0)
        return;
    if (x->numel == 0) {
        wk_fill(out, folds[fold].nothing);
        return;
    }
    if (out->numel == 1 && x->contiguous && x->numel < PARALLEL) {
        cpu->fold[fold][WK_DTYPE_INDEX(from)](x->numel, data, wk_element_size(from), result);
        return;
    }
    reduction r = {cpu, fold, from, to, pick(x, mask, true, true), pick(x, mask, false, false), data, result};
    const int inner = r.kept.ndim - 1;
    const bool by_column = from == to && cpu->fold_columns[fold][WK_DTYPE_INDEX(from)] && r.kept.step[inner] == bytes &&
                           r.kept.size[inner] >= 16 && r.reduced.step[r.reduced.ndim - 1] != bytes;
    wk_part *const part = by_column ? fold_tiles : fold_ones;
    const int64_t parts = by_column ? r.kept.count / r.kept.size[inner] * tiles_of(&r) : r.kept.count;
    if (x->numel >= PARALLEL && parts >= (by_column ? 2 : 16))
        wk_parallel(parts, part, &r);
    else
        part(&r, 0, parts);
}

/* ---- Variance ----------------------------------------------------------------------------------- */

enum {
    MOMENTS = 1 << 12
}; /* elements of which moments are taken at once, so that the second pass finds them in cache */

/* The sum of squared deviations from the mean over the reduced dimensions from x on. Parts are merged by Chan, Golub and
 * LeVeque (1983): with d the difference of their means, their squares and d^2 n m / (n + m) add up. */
static double deviations(const wk_device *cpu, wick_dtype dtype, const dims *reduced, const char *x)
{
    const int inner = reduced->ndim - 1;
    const int64_t size = reduced->size[inner], step = reduced->step[inner];
    double count = 0, mean = 0, squares = 0;
    for (int64_t row = 0; row < reduced->count / size; row++) {
        const char *start = x + offset_of(reduced, inner, row);
        for (int64_t at = 0; at < size; at += MOMENTS) {
            const int64_t now = size - at < MOMENTS ? size - at : MOMENTS;
            const double n = (double)now, all = count + n;
            double part_mean, part_squares;
            cpu->moments[WK_DTYPE_INDEX(dtype)](now, start + at * step, step, &part_mean, &part_squares);
            const double d = part_mean - mean;
            squares += part_squares + (count > 0 ? d * d * count * n / all : 0);
            mean = count > 0 ? mean + d * n / all : part_mean;
            count = all;
        }
    }
    return squares;
}

/* Elements of out, of a variance or of a position. */
typedef struct elements {
    const wk_device *cpu;
    wick_dtype dtype;
    const dims *reduced, *kept;
    const char *x;
    double freedom;
    bool root;
    int64_t (*arg)(int64_t n, const char *x, int64_t step);
    wick_tensor *out;
} elements;

static void share(const wick_tensor *x, wk_part *part, elements *e)
{
    if (x->numel >= PARALLEL && e->kept->count > 1)
        wk_parallel(e->kept->count, part, e);
    else
        part(e, 0, e->kept->count);
}

static void find_vars(void *context, int64_t from, int64_t to)
{
    const elements *e = context;
    for (int64_t i = from; i < to; i++) {
        const double var =
            deviations(e->cpu, e->dtype, e->reduced, e->x + offset_of(e->kept, e->kept->ndim, i)) / e->freedom;
        wk_store(e->out, i, e->root ? sqrt(var) : var);
    }
}

void wk_reduce_var(const wick_tensor *x, unsigned mask, double correction, bool root, wick_tensor *out)
{
    if (out->numel == 0)
        return;
    if (x->numel == 0) {
        wk_fill(out, (double)NAN);
        return;
    }
    const dims reduced = pick(x, mask, true, true), kept = pick(x, mask, false, false);
    elements e = {.cpu = wk_cpu(),
                  .dtype = x->dtype,
                  .reduced = &reduced,
                  .kept = &kept,
                  .x = wk_data(x),
                  .freedom = fmax((double)reduced.count - correction, 0),
                  .root = root,
                  .out = out};
    share(x, find_vars, &e);
}

/* ---- Position of an extreme --------------------------------------------------------------------- */

typedef int64_t arg_loop(int64_t n, const char *x, int64_t step);

/* Position in row-major order, over the reduced dimensions from x on, of the extreme element. */
static int64_t arg_one(arg_loop *arg, const dims *reduced, const char *x)
{
    const int inner = reduced->ndim - 1;
    const int64_t n = reduced->size[inner], step = reduced->step[inner], rows = reduced->count / n;
    int64_t best = arg(n, x, step);
    const char *best_at = x + best * step;
    for (int64_t row = 1; row < rows; row++) {
        const char *start = x + offset_of(reduced, inner, row);
        const int64_t at = arg(n, start, step);
        if (arg(2, best_at, start + at * step - best_at) == 1) { /* of two elements that far apart, the second */
            best = row * n + at;
            best_at = start + at * step;
        }
    }
    return best;
}

static void find_args(void *context, int64_t from, int64_t to)
{
    const elements *e = context;
    int64_t *result = wk_data(e->out);
    for (int64_t i = from; i < to; i++)
        result[i] = arg_one(e->arg, e->reduced, e->x + offset_of(e->kept, e->kept->ndim, i));
}

void wk_reduce_arg(const wick_tensor *x, unsigned mask, bool largest, wick_tensor *out)
{
    if (x->numel == 0)
        return;
    const wk_device *cpu = wk_cpu();
    const dims reduced = pick(x, mask, true, false), kept = pick(x, mask, false, false);
    elements e = {.reduced = &reduced,
                  .kept = &kept,
                  .x = wk_data(x),
                  .arg = largest ? cpu->argmax[WK_DTYPE_INDEX(x->dtype)] : cpu->argmin[WK_DTYPE_INDEX(x->dtype)],
                  .out = out};
    share(x, find_args, &e);
}
