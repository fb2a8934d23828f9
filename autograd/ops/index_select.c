/* index_select.c - whole slices along one dimension picked and put by their indices, and embedding, which picks rows. */
#include <math.h>

#include "../parts.h"

/* A call: slices of x along dim at the indices of a 1- or 0-dimensional tensor. The slices count as outer * size parts of
 * inner elements; shape is that of all that are named. */
typedef struct slices {
    int dim, ndim;
    int64_t shape[WICK_MAX_DIMS];
    wick_tensor *places;
} slices;

/* The places of parts that indices name: those of index along dim, before each of outer. In the innermost scope. */
static wick_tensor *places_of(const char *function, int64_t outer, int64_t size, int dim, const wick_tensor *index,
                              bool wrap)
{
    wick_tensor *from = wk_own(wk_contiguous(index));
    wick_tensor *places = from ? wk_own(wk_new((int64_t[]){outer, index->numel}, 2, WICK_INT64)) : NULL;
    if (!places)
        return NULL;
    const int64_t *in = wk_data(from), n = index->numel;
    int64_t *out = wk_data(places);
    for (int64_t k = 0; k < n; k++) {
        int64_t at = in[k] < 0 && wrap ? in[k] + size : in[k];
        if (at < 0 || at >= size) {
            wk_out_of_range(function, in[k], dim, size);
            return NULL;
        }
        if (outer)
            out[k] = at;
    }
    for (int64_t o = 1; o < outer; o++)
        for (int64_t k = 0; k < n; k++)
            out[o * n + k] = out[k] + o * size;
    return places;
}

static bool slices_of(const char *function, wick_tensor *x, int64_t dim, wick_tensor *index, bool wrap, slices *s)
{
    if (!WK_TENSOR(x, function, "x") || !wk_check_index(function, index, "index"))
        return false;
    s->dim = wk_wrap_dim(function, dim, x->ndim);
    if (s->dim < 0)
        return false;
    if (index->ndim > 1 || (!x->ndim && index->numel != 1)) {
        wick_fail(WICK_ERROR_SHAPE,
                  "%s: the index must have one dimension, and one element for a 0-dimensional tensor, and has "
                  "shape %s",
                  function, WK_SHAPE(index));
        return false;
    }
    s->ndim = x->ndim;
    int64_t outer = 1;
    for (int d = 0; d < x->ndim; d++) {
        s->shape[d] = d == s->dim ? index->numel : x->shape[d];
        outer *= d < s->dim ? x->shape[d] : 1;
    }
    s->places = places_of(function, outer, x->ndim ? x->shape[s->dim] : 1, s->dim, index, wrap);
    return s->places != NULL;
}

/* index_select  y = x at the indices along dim */
static const wk_op index_select_op = WK_TAKE_OP("IndexSelectBackward0");

wick_tensor *wick_index_select(wick_tensor *x, int64_t dim, wick_tensor *index)
{
    WK_ENTER;
    slices s;
    WICK_SCOPE;
    if (!slices_of("wick_index_select", x, dim, index, false, &s))
        return NULL;
    return wick_out(wk_take_places(&index_select_op, x, s.places, NULL, s.shape, s.ndim));
}

/* index_add   y = x + alpha source at the indices along dim
   index_copy  y = x but for source there
   index_fill  y = x but for value there */
static const wk_op index_add_op = WK_ADD_OP("IndexAddBackward0");
static const wk_op index_copy_op = WK_WRITE_OP("IndexCopyBackward0");
static const wk_op index_fill_number_op = WK_WRITE_OP("IndexFillBackward0");
static const wk_op index_fill_op = WK_WRITE_OP("IndexFillBackward1");

/* Whether source has the shape of the slices; an error if not. */
static bool check_shape(const char *function, const wick_tensor *x, const slices *s, const wick_tensor *source)
{
    bool fits = source->ndim == s->ndim;
    for (int d = 0; fits && d < s->ndim; d++)
        fits = source->shape[d] == s->shape[d];
    if (!fits)
        wick_fail(WICK_ERROR_SHAPE,
                  "%s: %lld indices into dimension %d of a tensor of shape %s need a source of shape "
                  "%s, not %s",
                  function, (long long)s->places->shape[1], s->dim, WK_SHAPE(x),
                  wk_shape_text(s->shape, s->ndim, (char[WK_SHAPE_TEXT]){0}), WK_SHAPE(source));
    return fits;
}

static wick_tensor *put(const char *function, const wk_op *op, wk_put_how how, bool in_place, wick_tensor *x,
                        const slices *s, wick_tensor *source)
{
    if (in_place)
        return wk_put_places_(function, op, how, x, source, s->places);
    return wick_out(wk_put_places(op, how, x, source, s->places));
}

static wick_tensor *index_add(const char *function, bool in_place, wick_tensor *x, int64_t dim, wick_tensor *index,
                              wick_tensor *source, double alpha)
{
    slices s;
    WICK_SCOPE;
    if (!WK_TENSOR(source, function, "source") || !slices_of(function, x, dim, index, false, &s) ||
        !wk_check_source(function, x, source) || !check_shape(function, x, &s, source))
        return NULL;
    const bool whole = !wick_dtype_is_floating(x->dtype);
    if (whole && !(alpha >= -9e18 && alpha <= 9e18 && alpha == trunc(alpha)))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: alpha is %s, and must be a whole number for a tensor of %s",
                         function, WK_REAL(alpha), wick_dtype_name(x->dtype));
    if (!wk_check_exact(function, ".alpha", alpha, x->dtype, "multiply source by it first"))
        return NULL;
    if (alpha != 1)
        source = wick_mul(source, whole ? wick_scalar_int((int64_t)alpha) : wick_scalar_float(alpha));
    if (source && source->dtype != x->dtype)
        source = wick_to_dtype(source, x->dtype);
    return put(function, &index_add_op, WK_ADD_UP, in_place, x, &s, source);
}

wick_tensor *wick_index_add_opt(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source,
                                const wick_index_add_options *given)
{
    WK_ENTER;
    wick_index_add_options o = WK_OPTIONS(wick_index_add_options, 1, given);
    return index_add("wick_index_add", false, x, dim, index, source, o.alpha);
}

wick_tensor *wick_index_add_opt_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source,
                                 const wick_index_add_options *given)
{
    WK_ENTER;
    wick_index_add_options o = WK_OPTIONS(wick_index_add_options, 1, given);
    return index_add("wick_index_add_", true, x, dim, index, source, o.alpha);
}

static wick_tensor *index_copy(const char *function, bool in_place, wick_tensor *x, int64_t dim, wick_tensor *index,
                               wick_tensor *source)
{
    slices s;
    WICK_SCOPE;
    if (!WK_TENSOR(source, function, "source") || !slices_of(function, x, dim, index, false, &s) ||
        !wk_check_source(function, x, source))
        return NULL;
    if (source->numel == 1 && index->numel == 1 && source->ndim <= 1 && x->ndim <= 1) /* 0 and 1 dimensions may mix */
        source = wick_reshape_n(source, s.shape, s.ndim);
    if (!source || !check_shape(function, x, &s, source))
        return NULL;
    return put(function, &index_copy_op, WK_WRITE, in_place, x, &s, source);
}

wick_tensor *wick_index_copy(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source)
{
    WK_ENTER;
    return index_copy("wick_index_copy", false, x, dim, index, source);
}

wick_tensor *wick_index_copy_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source)
{
    WK_ENTER;
    return index_copy("wick_index_copy_", true, x, dim, index, source);
}

/* Leaves each place to the first index that names it, as the gradient of a value counts every place once. */
static bool once_each(const slices *s, int64_t size)
{
    const int64_t outer = s->places->shape[0], n = s->places->shape[1];
    wick_tensor *seen = wk_own(wk_new(&size, 1, WICK_BOOL));
    if (!seen)
        return false;
    wk_fill(seen, 0);
    bool *is_seen = wk_data(seen);
    int64_t *places = wk_data(s->places);
    for (int64_t k = 0; k < n && outer; k++) {
        const int64_t at = places[k];
        for (int64_t o = 0; o < outer && is_seen[at]; o++)
            places[o * n + k] = -1;
        is_seen[at] = true;
    }
    return true;
}

static wick_tensor *index_fill(const char *function, bool in_place, wick_tensor *x, int64_t dim, wick_tensor *index,
                               wick_tensor *value)
{
    slices s;
    WICK_SCOPE;
    if (!WK_TENSOR(value, function, "value") || !slices_of(function, x, dim, index, true, &s) ||
        !once_each(&s, x->ndim ? x->shape[s.dim] : 1))
        return NULL;
    if (value->ndim)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the value must be a number or a 0-dimensional tensor, and has shape %s",
                         function, WK_SHAPE(value));
    const wk_op *op = value->is_number ? &index_fill_number_op : &index_fill_op;
    if (!wk_check_number(function, wk_load_number(value, value->offset), x->dtype))
        return NULL;
    value = wick_to_dtype(value, x->dtype);
    return put(function, op, WK_WRITE, in_place, x, &s, value ? wick_expand_n(value, s.shape, s.ndim) : NULL);
}

#undef wick_index_fill
wick_tensor *wick_index_fill(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *value)
{
    WK_ENTER;
    return index_fill("wick_index_fill", false, x, dim, index, value);
}

#undef wick_index_fill_
wick_tensor *wick_index_fill_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *value)
{
    WK_ENTER;
    return index_fill("wick_index_fill_", true, x, dim, index, value);
}

/* embedding     y = the rows of weight at the indices; for those of padding_idx there is no gradient */
static const wk_op embedding_op = WK_TAKE_OP("EmbeddingBackward0");

/* by_frequency  y = x                                         dx = dy / b, b how often each row is named */
GRAD(by_frequency_dx) { return wick_div(dy, b); }
static const wk_op by_frequency_op = {"ScaleGradByFreqBackward0", {{by_frequency_dx, USES_B, NULL}}, false};

static wick_tensor *by_frequency(wick_tensor *weight, const wick_tensor *places)
{
    wick_tensor *count = wk_own(wk_new((int64_t[]){weight->shape[0], 1}, 2, weight->dtype));
    if (!count)
        return NULL;
    wk_fill(count, 0);
    const int64_t *at = wk_data(places);
    for (int64_t i = 0; i < places->numel; i++)
        wk_store(count, at[i], wk_load(count, at[i]) + 1);
    wick_tensor *y = wk_alias(weight, weight->shape, weight->strides, weight->ndim, weight->offset);
    return wk_record(&by_frequency_op, NULL, y, weight, wick_clamp(count, .min = 1), NULL);
}

/* Scales the rows at the places (1, n) whose norm is above max_norm to it, all of them or, with an error, none. */
static bool limit_norms(wick_tensor *weight, wick_tensor *places, double max_norm, double norm_type)
{
    WICK_SCOPE;
    WICK_NO_GRAD;
    wick_tensor *index = wick_view(places, -1), *rows = wick_index_select(weight, 0, index);
    wick_tensor *norm = wick_norm(rows, norm_type, 1, .keepdim = true);
    wick_tensor *above = norm ? wick_any(wick_gt(norm, max_norm)) : NULL;
    if (!above || wick_item(above) == 0)
        return above != NULL;
    wick_tensor *scale = wick_div(max_norm, wick_add(wick_to_dtype(norm, WICK_FLOAT64), 1e-7));
    scale = wick_to_dtype(wick_where(wick_gt(norm, max_norm), scale, 1.0), weight->dtype);
    return index_copy("wick_embedding", true, weight, 0, index, wick_mul(rows, scale)) != NULL;
}

wick_tensor *wick_embedding_opt(wick_tensor *indices, wick_tensor *weight, const wick_embedding_options *given)
{
    WK_ENTER;
    wick_embedding_options o = WK_OPTIONS(wick_embedding_options, WICK_EMBEDDING_DEFAULTS, given);
    const char *function = "wick_embedding";
    if (!wk_check_index(function, indices, "indices") || !WK_TENSOR(weight, function, "weight"))
        return NULL;
    if (weight->ndim != 2 || indices->ndim == WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: the weight must be (rows, features), and is %s; the indices, of shape %s, at most %d "
                         "dimensions",
                         function, WK_SHAPE(weight), WK_SHAPE(indices), WICK_MAX_DIMS - 1);
    const int64_t rows = weight->shape[0], padding = o.padding_idx < 0 ? o.padding_idx + rows : o.padding_idx;
    const bool pads = o.padding_idx != WICK_UNSET;
    if (pads && (o.padding_idx < -rows || padding >= rows))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: padding_idx %lld is not the index of one of %lld rows", function,
                         (long long)o.padding_idx, (long long)rows);
    WICK_SCOPE;
    wick_tensor *places = places_of(function, 1, rows, 0, indices, false), *saved = places;
    if (!places || (!isnan(o.max_norm) && !limit_norms(weight, places, o.max_norm, o.norm_type)) ||
        (o.scale_grad_by_freq && wk_needs_grad(weight) && !(weight = by_frequency(weight, places))))
        return NULL;
    if (pads && wk_needs_grad(weight)) {
        saved = wk_own(wk_new_like(places));
        if (!saved)
            return NULL;
        const int64_t *from = wk_data(places);
        int64_t *to = wk_data(saved);
        for (int64_t i = 0; i < places->numel; i++)
            to[i] = from[i] == padding ? -1 : from[i];
    }
    int64_t shape[WICK_MAX_DIMS];
    for (int d = 0; d < indices->ndim; d++)
        shape[d] = indices->shape[d];
    shape[indices->ndim] = weight->shape[1];
    return wick_out(wk_take_places(&embedding_op, weight, places, saved, shape, indices->ndim + 1));
}
