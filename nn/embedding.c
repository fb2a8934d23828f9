/* embedding.c - Embedding, whose weight is drawn or given. */
#include <math.h>
#include <stdio.h>

#include "init.h"
#include "module.h"

typedef struct embedding {
    wick_tensor *weight;      /* (num_embeddings, embedding_dim) */
    wick_embedding_options o; /* padding_idx from 0 on, or WICK_UNSET */
} embedding;

static wick_tensor *embedding_forward(wick_module *m, wick_tensor *indices)
{
    const embedding *self = m->fields;
    return wick_embedding_opt(indices, self->weight, &self->o);
}

static void embedding_extra(wick_module *m, char *text, size_t length)
{
    const embedding *self = m->fields;
    wk_extra(text, length, "%lld, %lld", (long long)self->weight->shape[0], (long long)self->weight->shape[1]);
    if (self->o.padding_idx != WICK_UNSET)
        wk_extra(text, length, "padding_idx=%lld", (long long)self->o.padding_idx);
    if (!isnan(self->o.max_norm))
        wk_extra_float(text, length, "max_norm=", self->o.max_norm);
    if (self->o.norm_type != 2)
        wk_extra_float(text, length, "norm_type=", self->o.norm_type);
    if (self->o.scale_grad_by_freq)
        wk_extra(text, length, "scale_grad_by_freq=True");
}

/* An Embedding without its weight, which will have n rows; in the innermost scope. */
static wick_module *without_weight(const char *function, int64_t n, wick_embedding_options o)
{
    if (o.padding_idx != WICK_UNSET && (o.padding_idx < -n || o.padding_idx >= n))
        return wick_fail(WICK_ERROR_INDEX, "%s: padding_idx=%lld must be within num_embeddings=%lld", function,
                         (long long)o.padding_idx, (long long)n);
    embedding fields = {NULL, o};
    if (o.padding_idx != WICK_UNSET && o.padding_idx < 0)
        fields.o.padding_idx += n;
    wick_module_options options = {.forward = embedding_forward, .size = sizeof fields, .print_extra = embedding_extra};
    return wk_layer("Embedding", options, &fields);
}

wick_module *wick_nn_embedding_opt(int64_t n, int64_t width, const wick_nn_embedding_options *given)
{
    WK_ENTER;
    wick_nn_embedding_options o = WK_OPTIONS(wick_nn_embedding_options, WICK_NN_EMBEDDING_DEFAULTS, given);
    const char *function = "wick_nn_embedding";
    if (n < 0 || width < 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: num_embeddings=%lld and embedding_dim=%lld must not be negative",
                         function, (long long)n, (long long)width);
    wick_dtype dtype = wk_layer_dtype(function, o.dtype);
    if (dtype == WICK_DTYPE_AUTO)
        return NULL;
    WICK_SCOPE;
    WICK_NO_GRAD;
    wick_module *m = without_weight(function, n,
                                    (wick_embedding_options){sizeof(wick_embedding_options), 0, o.padding_idx,
                                                             o.max_norm, o.norm_type, o.scale_grad_by_freq});
    embedding *self = m ? m->fields : NULL;
    if (!self || !(self->weight = wk_layer_parameter(m, "weight", (const int64_t[]){n, width}, 2, dtype)) ||
        !wick_init_normal_(self->weight) ||
        (self->o.padding_idx != WICK_UNSET && !wick_zero_(wick_select(self->weight, 0, self->o.padding_idx))))
        return NULL;
    return wick_out(m);
}

wick_module *wick_nn_embedding_from_pretrained_opt(wick_tensor *embeddings,
                                                   const wick_nn_embedding_from_pretrained_options *given)
{
    WK_ENTER;
    wick_nn_embedding_from_pretrained_options o =
        WK_OPTIONS(wick_nn_embedding_from_pretrained_options, WICK_NN_EMBEDDING_FROM_PRETRAINED_DEFAULTS, given);
    const char *function = "wick_nn_embedding_from_pretrained";
    if (!WK_TENSOR(embeddings, function, "embeddings"))
        return NULL;
    if (embeddings->ndim != 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: Embeddings parameter is expected to be 2-dimensional, and is %s",
                         function, WK_SHAPE(embeddings));
    WICK_SCOPE;
    wick_module *m = without_weight(function, embeddings->shape[0],
                                    (wick_embedding_options){sizeof(wick_embedding_options), 0, o.padding_idx,
                                                             o.max_norm, o.norm_type, o.scale_grad_by_freq});
    embedding *self = m ? m->fields : NULL;
    if (!self || !(self->weight = wick_nn_register_parameter(m, "weight", wick_detach(embeddings))))
        return NULL;
    self->weight->requires_grad = !o.freeze;
    return wick_out(m);
}
