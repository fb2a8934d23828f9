/* einsum.c - einsum and bilinear: sums of products over named dimensions, made of matrix products.
 *
 * The equation gives each dimension of each operand a label: a letter, or a place in the ellipsis counted from its end. An
 * operand is first brought to dimensions with labels of their own that matter to others: diagonals are taken, dimensions of
 * size 1 that broadcast are dropped, and labels that occur nowhere else are summed. Then operands are contracted two at a
 * time. The labels of a pair are of four kinds, and each kind becomes one dimension: those to keep that both have (the
 * batch), those that one has (rows, columns), and those to sum; which makes it a product of matrices. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../node.h"

enum { LETTERS = 52, LABELS = LETTERS + WICK_MAX_DIMS };

/* A tensor, and the label of each of its dimensions. */
typedef struct operand {
    wick_tensor *t;
    int label[WICK_MAX_DIMS];
} operand;

typedef struct equation {
    const char *text;
    int64_t size[LABELS]; /* of a label's dimensions; -1: not seen */
    int seen[LABELS];     /* how many dimensions have it, at first; then how many operands that are still to contract */
    int ellipsis;         /* how many dimensions the ellipsis stands for */
    bool kept[LABELS];    /* in the result */
    int result[WICK_MAX_DIMS], count;
} equation;

/* ---- Reading the equation ---------------------------------------------------------------------------------------------------- */

static bool malformed(const equation *e, const char *at, const char *format, ...) WICK_PRINTF(3, 4);
static bool malformed(const equation *e, const char *at, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    wick_fail(WICK_ERROR_ARGUMENT, "wick_einsum: \"%s\", at position %lld: %s", e->text, (long long)(at - e->text),
              text);
    return false;
}

/* Capitals come first, as in PyTorch's order. -1: no letter. */
static int label_of(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? 26 + c - 'a' : -1; }

static int ellipsis_label(int dims, int i) { return LABELS - dims + i; }

static bool at_arrow(const char *p) { return p[0] == '-' && p[1] == '>'; }

/* The letters of one term, from *at to its end, where *at is left; *before is how many stand before its ellipsis, or -1. */
static bool read_term(const equation *e, const char **at, int *letters, int *count, int limit, int *before)
{
    const char *p = *at;
    *count = 0;
    *before = -1;
    for (; *p && *p != ',' && !at_arrow(p); p++) {
        if (*p == ' ')
            continue;
        if (*p == '.') {
            if (p[1] != '.' || p[2] != '.')
                return malformed(e, p, "a '.' that is not part of an ellipsis \"...\"");
            if (*before >= 0)
                return malformed(e, p, "a second ellipsis in one term");
            *before = *count;
            p += 2;
            continue;
        }
        if (label_of(*p) < 0)
            return malformed(e, p, "a subscript must be a letter from a to z or A to Z, \"...\" or a space");
        if (*count == limit)
            return malformed(e, p, "more subscripts than the %d dimensions that there can be", limit);
        letters[(*count)++] = label_of(*p);
    }
    *at = p;
    return true;
}

/* Reads the term of an operand, and notes its sizes. */
static bool read_operand(equation *e, const char **at, operand *o)
{
    const char *start = *at;
    int letters[WICK_MAX_DIMS], count, before, ndim = o->t->ndim;
    if (!read_term(e, at, letters, &count, ndim, &before))
        return false;
    if (before < 0 && count != ndim)
        return malformed(e, start, "%d subscripts for an operand of shape %s; give one per dimension, or use \"...\"",
                         count, WK_SHAPE(o->t));
    const int dims = ndim - count; /* that the ellipsis stands for */
    if (dims > e->ellipsis)
        e->ellipsis = dims;
    for (int d = 0; d < ndim; d++) {
        const bool in_ellipsis = before >= 0 && d >= before && d < before + dims;
        const int l = in_ellipsis                  ? ellipsis_label(dims, d - before)
                      : before >= 0 && d >= before ? letters[d - dims]
                                                   : letters[d];
        const int64_t size = o->t->shape[d];
        for (int i = 0; i < d; i++)
            if (o->label[i] == l && o->t->shape[i] != size)
                return malformed(e, start, "a subscript is repeated for sizes %lld and %lld in an operand of shape %s",
                                 (long long)o->t->shape[i], (long long)size, WK_SHAPE(o->t));
        if (e->size[l] < 0 || e->size[l] == 1)
            e->size[l] = size;
        else if (size != 1 && size != e->size[l])
            return malformed(e, start,
                             "dimension %d of an operand of shape %s does not broadcast with size %lld before", d,
                             WK_SHAPE(o->t), (long long)e->size[l]);
        o->label[d] = l;
        e->seen[l]++;
    }
    return true;
}

static bool keep(equation *e, const char *at, int label)
{
    if (e->count == WICK_MAX_DIMS)
        return malformed(e, at, "the result would have more than %d dimensions", WICK_MAX_DIMS);
    e->kept[label] = true;
    e->result[e->count++] = label;
    return true;
}

static bool keep_ellipsis(equation *e, const char *at)
{
    for (int i = 0; i < e->ellipsis; i++)
        if (!keep(e, at, ellipsis_label(e->ellipsis, i)))
            return false;
    return true;
}

/* What stands behind "->", or what is meant where nothing does. */
static bool read_result(equation *e, const char *at)
{
    if (!*at) {
        bool ok = keep_ellipsis(e, at);
        for (int l = 0; ok && l < LETTERS; l++)
            ok = e->seen[l] != 1 || keep(e, at, l);
        return ok;
    }
    const char *start = at += 2;
    int letters[LETTERS], count, before;
    if (!read_term(e, &at, letters, &count, LETTERS, &before))
        return false;
    if (*at)
        return malformed(e, at, "the result is one term, the last");
    if (before < 0)
        before = count + 1;
    for (int i = 0; i <= count; i++) {
        if (i == before && !keep_ellipsis(e, start))
            return false;
        if (i == count)
            break;
        const int l = letters[i];
        const char name = (char)(l < 26 ? 'A' + l : 'a' + l - 26);
        if (e->size[l] < 0)
            return malformed(e, start, "subscript %c of the result is one of no operand", name);
        if (e->kept[l])
            return malformed(e, start, "subscript %c occurs more than once in the result", name);
        if (!keep(e, start, l))
            return false;
    }
    return true;
}

static bool read_equation(equation *e, operand *operands, int64_t count)
{
    const char *at = e->text;
    for (int l = 0; l < LABELS; l++)
        e->size[l] = -1;
    for (int64_t k = 0; k < count; k++) {
        if (k && *at != ',')
            return malformed(e, at, "there are %lld operands, and terms for %lld", (long long)count, (long long)k);
        at += k > 0;
        if (!read_operand(e, &at, &operands[k]))
            return false;
    }
    if (*at == ',')
        return malformed(e, at, "more terms than the %lld operands", (long long)count);
    return read_result(e, at);
}

/* ---- One operand ---------------------------------------------------------------------------------------------------------------- */

static int find(const operand *o, int label)
{
    int d = 0;
    while (d < o->t->ndim && o->label[d] != label)
        d++;
    return d < o->t->ndim ? d : -1;
}

/* The elements of o whose indices agree in dimensions of one label, with one dimension a label. */
static bool take_diagonals(operand *o)
{
    int64_t strides[WICK_MAX_DIMS], sums[WICK_MAX_DIMS] = {0}, shape[WICK_MAX_DIMS], index[WICK_MAX_DIMS] = {0},
                                    from = 0;
    int label[WICK_MAX_DIMS], ndim = 0;
    wk_contiguous_strides(o->t->shape, o->t->ndim, strides);
    for (int d = 0; d < o->t->ndim; d++) {
        int at = 0;
        while (at < ndim && label[at] != o->label[d])
            at++;
        label[at] = o->label[d];
        shape[at] = o->t->shape[d];
        sums[at] += strides[d];
        ndim += at == ndim;
    }
    if (ndim == o->t->ndim)
        return true;
    wick_tensor *positions = wk_own(wk_new(shape, ndim, WICK_INT64));
    if (!positions)
        return false;
    int64_t *to = wk_data(positions);
    for (int64_t i = 0; i < positions->numel; i++) {
        to[i] = from;
        wk_next(shape, ndim, index, 1, (const int64_t *const[]){sums}, &from);
    }
    o->t = wk_take(o->t, positions);
    memcpy(o->label, label, sizeof label);
    return o->t != NULL;
}

/* Drops dimensions of size 1 that broadcast: their labels are the business of other operands. */
static bool drop_broadcast(const equation *e, operand *o)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim = 0;
    for (int d = 0; d < o->t->ndim; d++) {
        if (o->t->shape[d] == 1 && e->size[o->label[d]] != 1)
            continue;
        shape[ndim] = o->t->shape[d];
        o->label[ndim++] = o->label[d];
    }
    if (ndim != o->t->ndim)
        o->t = wick_reshape_n(o->t, shape, ndim);
    return o->t != NULL;
}

/* Sums what occurs in no other operand and not in the result. */
static bool sum_alone(equation *e, operand *o)
{
    wick_dims dims = {0, {0}};
    int ndim = 0;
    for (int d = 0; d < o->t->ndim; d++) {
        if (!e->kept[o->label[d]] && e->seen[o->label[d]] == 1)
            dims.dim[dims.count++] = d;
        else
            o->label[ndim++] = o->label[d];
    }
    if (dims.count)
        o->t = wick_sum(o->t, .dims = dims);
    return o->t != NULL;
}

/* t with its dimensions in this order, and then in this shape, which is a view where strides allow it. */
static wick_tensor *arranged(wick_tensor *t, const int *order, const int64_t *shape, int ndim)
{
    int64_t dims[WICK_MAX_DIMS];
    bool same = true;
    for (int d = 0; d < t->ndim; d++) {
        dims[d] = order[d];
        same = same && order[d] == d;
    }
    if (!same)
        t = wick_permute_n(t, dims, t->ndim);
    if (t && t->ndim == ndim && memcmp(t->shape, shape, (size_t)ndim * sizeof *shape) == 0)
        return t;
    return wick_reshape_n(t, shape, ndim);
}

/* ---- Two operands -------------------------------------------------------------------------------------------------------------- */

/* The sums of products of x (n, m, k) and y (n, k, p) over k if summed, else k is 1: (n, m, p), or as many elements. */
static wick_tensor *multiplied(const operand *x, const int *order_x, const operand *y, const int *order_y, bool summed,
                               int64_t n, int64_t m, int64_t k, int64_t p)
{
    if (!summed)
        return wick_mul(arranged(x->t, order_x, (const int64_t[]){n, m, 1}, 3),
                        arranged(y->t, order_y, (const int64_t[]){n, 1, p}, 3));
    if (n == 1)
        return wick_mm(arranged(x->t, order_x, (const int64_t[]){m, k}, 2),
                       arranged(y->t, order_y, (const int64_t[]){k, p}, 2));
    if (m == 1 && p == 1 && x->t->dtype == y->t->dtype && wick_dtype_is_floating(x->t->dtype))
        return wick_sum(wick_mul(arranged(x->t, order_x, (const int64_t[]){n, k}, 2),
                                 arranged(y->t, order_y, (const int64_t[]){n, k}, 2)),
                        1);
    return wick_bmm(arranged(x->t, order_x, (const int64_t[]){n, m, k}, 3),
                    arranged(y->t, order_y, (const int64_t[]){n, k, p}, 3));
}

/* x = x and y contracted. */
static bool contract(equation *e, operand *x, const operand *y)
{
    int batch = 0, rows = 0, sums = 0, columns = 0;
    int kind[4][WICK_MAX_DIMS] = {{0}}; /* dimensions: of x in the batch, of x alone, of x to sum, of y alone */
    for (int d = 0; d < x->t->ndim; d++) {
        const int l = x->label[d];
        if (find(y, l) < 0)
            kind[1][rows++] = d;
        else if (e->kept[l] || e->seen[l] > 2)
            kind[0][batch++] = d;
        else
            kind[2][sums++] = d;
    }
    for (int d = 0; d < y->t->ndim; d++)
        if (find(x, y->label[d]) < 0)
            kind[3][columns++] = d;
    if (batch + rows + columns > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE,
                         "wick_einsum: \"%s\": the product of two operands would have %d dimensions, "
                         "more than %d; take the operands in another order",
                         e->text, batch + rows + columns, WICK_MAX_DIMS) != NULL;

    int order_x[WICK_MAX_DIMS], order_y[WICK_MAX_DIMS], nx = 0, ny = 0, label[WICK_MAX_DIMS], ndim = 0;
    int64_t n = 1, m = 1, k = 1, p = 1, shape[WICK_MAX_DIMS];
    for (int i = 0; i < batch; i++) {
        const int d = order_x[nx++] = kind[0][i];
        order_y[ny++] = find(y, x->label[d]);
        label[ndim] = x->label[d];
        n *= shape[ndim++] = x->t->shape[d];
        e->seen[x->label[d]]--; /* two operands become one */
    }
    for (int i = 0; i < rows; i++) {
        const int d = order_x[nx++] = kind[1][i];
        label[ndim] = x->label[d];
        m *= shape[ndim++] = x->t->shape[d];
    }
    for (int i = 0; i < sums; i++) {
        const int d = order_x[nx++] = kind[2][i];
        order_y[ny++] = find(y, x->label[d]);
        k *= x->t->shape[d];
    }
    for (int i = 0; i < columns; i++) {
        const int d = order_y[ny++] = kind[3][i];
        label[ndim] = y->label[d];
        p *= shape[ndim++] = y->t->shape[d];
    }
    wick_tensor *product = multiplied(x, order_x, y, order_y, sums > 0, n, m, k, p);
    x->t = wick_reshape_n(product, shape, ndim);
    memcpy(x->label, label, sizeof label);
    return x->t != NULL;
}

/* ---- einsum --------------------------------------------------------------------------------------------------------------------- */

/* The result of the operands, which are changed. */
static wick_tensor *evaluate(equation *e, operand *operands, int64_t count)
{
    memset(e->seen, 0, sizeof e->seen);
    for (int64_t k = 0; k < count; k++) {
        if (!take_diagonals(&operands[k]) || !drop_broadcast(e, &operands[k]))
            return NULL;
        for (int d = 0; d < operands[k].t->ndim; d++)
            e->seen[operands[k].label[d]]++;
    }
    for (int64_t k = 0; k < count; k++)
        if (!sum_alone(e, &operands[k]))
            return NULL;
    operand *x = &operands[0];
    for (int64_t k = 1; k < count; k++)
        if (!contract(e, x, &operands[k]))
            return NULL;
    int64_t dims[WICK_MAX_DIMS];
    for (int d = 0; d < e->count; d++)
        dims[d] = find(x, e->result[d]);
    return wick_permute_n(x->t, dims, e->count);
}

wick_tensor *wick_einsum_from(const char *text, wick_list *operands)
{
    WK_ENTER;
    const char *function = "wick_einsum";
    if (!text)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the equation is NULL", function);
    if (!WK_LIST(operands, function, "operands"))
        return NULL;
    if (operands->count == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: \"%s\": there are no operands", function, text);
    WICK_SCOPE;
    const size_t size = (size_t)operands->count * sizeof(operand);
    operand *o = wk_alloc(size);
    if (!o)
        return NULL;
    for (int64_t k = 0; k < operands->count; k++)
        o[k] = (operand){operands->items[k], {0}};
    equation e = {.text = text};
    wick_tensor *y = read_equation(&e, o, operands->count) ? evaluate(&e, o, operands->count) : NULL;
    wk_free(o, size);
    return wick_out(y);
}

/* ---- bilinear ------------------------------------------------------------------------------------------------------------------- */

/* bilinear   y_o = sum over i, j of x1_i W_oij x2_j + b_o: linear of all products x1_i x2_j */
wick_tensor *wick_bilinear(wick_tensor *x1, wick_tensor *x2, wick_tensor *W, wick_tensor *b)
{
    WK_ENTER;
    const char *function = "wick_bilinear";
    if (!WK_TENSOR(x1, function, "x1") || !WK_TENSOR(x2, function, "x2") || !WK_TENSOR(W, function, "W") ||
        (b && !WK_TENSOR(b, function, "b")))
        return NULL;
    const int last = x1->ndim - 1;
    bool fits = last >= 0 && x2->ndim == x1->ndim && W->ndim == 3 && x1->shape[last] == W->shape[1] &&
                x2->shape[last] == W->shape[2] && (!b || (b->ndim == 1 && b->shape[0] == W->shape[0]));
    int64_t shape[WICK_MAX_DIMS], rows = 1;
    for (int d = 0; fits && d < last; d++) {
        fits = x1->shape[d] == x2->shape[d];
        rows *= shape[d] = x1->shape[d];
    }
    if (!fits)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: x1 %s, x2 %s, W %s and b %s must be (..., in1), (..., in2), (out, in1, in2) and (out)",
                         function, WK_SHAPE(x1), WK_SHAPE(x2), WK_SHAPE(W), b ? WK_SHAPE(b) : "NULL");
    if (x1->dtype != W->dtype || x2->dtype != W->dtype || (b && b->dtype != W->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: x1 (%s), x2 (%s), W (%s) and b must have one dtype", function,
                         wick_dtype_name(x1->dtype), wick_dtype_name(x2->dtype), wick_dtype_name(W->dtype));
    WICK_SCOPE;
    const int64_t out = W->shape[0], in1 = W->shape[1], in2 = W->shape[2];
    shape[last] = out;
    wick_tensor *pairs = wick_mul(wick_reshape(x1, rows, in1, 1), wick_reshape(x2, rows, 1, in2));
    wick_tensor *y = wick_linear(wick_reshape(pairs, rows, in1 * in2), wick_reshape(W, out, in1 * in2), b);
    return wick_out(wick_reshape_n(y, shape, last + 1));
}
