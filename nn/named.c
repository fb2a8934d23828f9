/* named.c - layers, losses and initialisations as functions without options, which have an address. In the bodies the names are
 * macros. */
#include "init.h"
#include "nn.h"

#define DEFINE(name) \
    wick_module *(name)(void) { return name(); }
WICK_NN_NAMED_LAYERS(DEFINE)
WICK_NN_NAMED_LOSSES(DEFINE)
#undef DEFINE

#define DEFINE(name) \
    wick_tensor *(name)(wick_tensor * t) { return name(t); }
WICK_NAMED_INITS(DEFINE)

wick_module *(wick_nn_linear)(int64_t in, int64_t out) { return wick_nn_linear(in, out); }
wick_module *(wick_nn_bilinear)(int64_t in1, int64_t in2, int64_t out) { return wick_nn_bilinear(in1, in2, out); }
wick_module *(wick_nn_lazy_linear)(int64_t out) { return wick_nn_lazy_linear(out); }
wick_module *(wick_nn_embedding)(int64_t num_embeddings, int64_t embedding_dim)
{
    return wick_nn_embedding(num_embeddings, embedding_dim);
}
wick_module *(wick_nn_batch_norm1d)(int64_t num_features) { return wick_nn_batch_norm1d(num_features); }
wick_module *(wick_nn_layer_norm)(wick_dims normalized_shape) { return wick_nn_layer_norm(normalized_shape); }
wick_module *(wick_nn_rms_norm)(wick_dims normalized_shape) { return wick_nn_rms_norm(normalized_shape); }
wick_module *(wick_nn_group_norm)(int64_t num_groups, int64_t num_channels)
{
    return wick_nn_group_norm(num_groups, num_channels);
}
