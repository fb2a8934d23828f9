/* test_promises.c - what the headers say is an error: it comes, names the function and the values, and gives NULL, false, NaN
 * or -1. A row for each such sentence that no other suite breaks on purpose. */
#include "check_wick.h"

/* The function and words of the message of the error that stands; all that is missing is reported at the end. */
static int broken;

static void judge(const char *call, bool failed, wick_error_code kind, const char *const *words)
{
    const char *error = wick_error();
    bool fine = failed && error && wick_error_kind() == kind;
    for (; fine && *words; words++)
        fine = strstr(error, *words) != NULL;
    if (!fine) {
        broken++;
        printf("%s: %s; %s\n", call, failed ? "fails" : "succeeds", error ? error : "no error");
    }
    wick_clear_error();
    wick_clear_warning();
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ROW(text, failed, kind, ...)                                    \
    do {                                                                \
        WICK_SCOPE;                                                     \
        const bool has_failed = failed;                                 \
        judge(text, has_failed, WICK_ERROR_##kind, WORDS(__VA_ARGS__)); \
    } while (0);
#define NONE(call, kind, ...) ROW(#call, !(call), kind, __VA_ARGS__) /* NULL, false or 0 */
#define NO_NUMBER(call, kind, ...) ROW(#call, isnan(call), kind, __VA_ARGS__)
#define MINUS_1(call, kind, ...) ROW(#call, (call) == -1, kind, __VA_ARGS__)

/* Elements of a view: as many as may be, but not their windows. */
#define LARGE (sizeof(size_t) > 4 ? INT64_C(1) << 40 : INT64_C(1) << 28)

/* clang-format off */
START_TEST(tensors)
{
    const uint64_t above = UINT64_MAX;
    wick_tensor *t = wick_ones(2, 3), *whole = wick_ones(3, .dtype = WICK_INT64), *a, *b;
    wick_tensor *bytes = wick_ones(3, .dtype = WICK_UINT8), *w = wick_from(((double[]){1, 0, 0}), 3);
    wick_list *list = wick_list_of(t, t);
    wick_series *s = wick_series_new();
    wick_series_append(s, 1, 2);

    NONE(wick_set_default_dtype(WICK_INT64), DTYPE, "wick_set_default_dtype", "int64")
    NONE(wick_zeros(2, -3), SHAPE, "wick_zeros", "-3")
    NONE(wick_zeros(INT64_C(1) << 40, INT64_C(1) << 40), MEMORY, "wick_zeros", "1099511627776")
    NONE(wick_rand(2, .dtype = WICK_INT64), DTYPE, "wick_rand", "int64")
    NONE(wick_randn(2, .dtype = WICK_BOOL), DTYPE, "wick_randn", "bool")
    NONE(wick_full(300, 2, .dtype = WICK_UINT8), ARGUMENT, "wick_full", "300", "uint8")
    NONE(wick_full(NAN, 2, .dtype = WICK_INT64), ARGUMENT, "wick_full", "nan", "int64")
    NONE(wick_full(above, 2), ARGUMENT, "wick_number: ", "18446744073709551615")
    NONE(wick_randint(5, 5, 2), ARGUMENT, "wick_randint", "5")
    NONE(wick_normal(0, -0.5, 2), ARGUMENT, "wick_normal", "-0.5")
    NONE(wick_from(((float[]){1, 2, 3}), 2), SHAPE, "wick_from", "(2,)", "3")
    NONE(wick_from(((uint64_t[]){UINT64_MAX}), 1), ARGUMENT, "wick_from", "18446744073709551615")
    NONE(wick_scalar_uint(above), ARGUMENT, "wick_scalar_uint", "18446744073709551615")
    NONE(wick_arange(5, 4.5), ARGUMENT, "wick_arange", "5", "4.5")
    NONE(wick_arange(0, 5, 0), ARGUMENT, "wick_arange", "step", "0")
    NONE(wick_arange(0, 5, -1), ARGUMENT, "wick_arange", "-1")
    NONE(wick_arange(0x1p53, 0x1p53 + 4), ARGUMENT, "wick_arange", "9007199254740992", "wick_arange_int")
    NONE(wick_arange_int(5, 2, 1), ARGUMENT, "wick_arange_int", "5", "2")
    NONE(wick_arange_int(5, 9, 0), ARGUMENT, "wick_arange_int", "step")
    NONE(wick_add(t, above), ARGUMENT, "wick_scalar_uint: ", "18446744073709551615")
    NONE(wick_linspace(0, 1, -2), ARGUMENT, "wick_linspace", "-2")
    NONE(wick_eye(-1), SHAPE, "wick_eye", "-1")
    NONE(wick_eye(2, -4), SHAPE, "wick_eye", "-4")
    NONE(wick_list_get(list, 2), INDEX, "wick_list_get", "2")
    NONE(wick_list_get(list, -3), INDEX, "wick_list_get", "-3")
    NONE(wick_list_unpack(list, &a), ARGUMENT, "wick_list_unpack", "2", "1")
    NONE(wick_list_append(list, NULL), ARGUMENT, "wick_list_append", "NULL")
    MINUS_1(wick_size(t, 2), INDEX, "wick_size", "2", "[-2, 1]")
    NO_NUMBER(wick_item(t), SHAPE, "wick_item", "(2, 3)")
    NONE(wick_item_int(t), SHAPE, "wick_item_int", "(2, 3)")
    NO_NUMBER(wick_get(t, 2, 0), INDEX, "wick_get", "2", "dimension 0")
    NO_NUMBER(wick_get(t, 0), INDEX, "wick_get", "(2, 3)")
    NONE(wick_set(t, 1, 0, 3), INDEX, "wick_set", "3", "dimension 1")
    NONE(wick_set(bytes, 256, 0), ARGUMENT, "wick_set", "256", "uint8")
    NONE(wick_data_float64(t), DTYPE, "wick_data_float64", "float32")
    NONE(wick_print(NULL), ARGUMENT, "wick_print", "NULL")
    NONE(wick_to(t, wick_cuda(0)), DEVICE, "wick_to", "cuda")
    NONE(wick_set_num_threads(0), ARGUMENT, "wick_set_num_threads", "0")
    NONE(wick_multinomial(w, 2), ARGUMENT, "wick_multinomial")
    NONE(wick_series_append(s, 1), ARGUMENT, "wick_series_append", "1", "2")
    NO_NUMBER(wick_series_get(s, 1), INDEX, "wick_series_get", "1")
    NO_NUMBER(wick_series_get_at(s, 0, 2), INDEX, "wick_series_get_at", "2")
    NONE(wick_numpy_seed(UINT64_C(1) << 32), ARGUMENT, "wick_numpy_seed", "4294967296")
    NONE(wick_numpy_normal(0, -1, 2), ARGUMENT, "wick_numpy_normal", "-1")
    NONE(wick_numpy_randint(3, 3, 2), ARGUMENT, "wick_numpy_randint", "3")
    NONE(wick_numpy_rand(2, .dtype = WICK_INT64), DTYPE, "wick_numpy_rand", "int64")
    NONE(wick_numpy_permutation(-1), SHAPE, "wick_numpy_permutation", "-1")
    NONE(wick_numpy_choice(3, 4, false), ARGUMENT, "wick_numpy_choice", "3", "4")
    NONE(wick_numpy_choice(3, 2, .p = wick_from(((double[]){0.5, 0.4, 0}), 3)), ARGUMENT, "wick_numpy_choice", "0.9")
    NONE(wick_numpy_choice(2, 2, .p = wick_ones(3)), SHAPE, "wick_numpy_choice", "(3,)", "2")
    NONE(wick_uniform_(t, 2, 1), ARGUMENT, "wick_uniform_", "2", "1")
    NONE(wick_normal_(t, .std = -1), ARGUMENT, "wick_normal_", "-1")
    NONE(wick_bernoulli_(t, 1.5), ARGUMENT, "wick_bernoulli_", "1.5")
    NONE(wick_bernoulli(wick_full(-0.25, 2)), ARGUMENT, "wick_bernoulli", "-0.25")
    NONE(wick_exponential_(t, 0), ARGUMENT, "wick_exponential_", "0")
    NONE(wick_random_(whole, .from = 3, .to = 3), ARGUMENT, "wick_random_", "3")
    NONE(wick_random_(bytes, .to = 300), ARGUMENT, "wick_random_", "300", "uint8")
    NONE(wick_uniform_(wick_ones(2, .requires_grad = true)), AUTOGRAD, "wick_uniform_")
    ASSERT_VALUES(t, 1, 1, 1, 1, 1, 1);
    b = wick_list_get(list, 0);
    ck_assert_ptr_eq(b, t);
    ck_assert_int_eq(broken, 0);
}
END_TEST

START_TEST(operations)
{
    wick_tensor *t = wick_ones(2, 3), *whole = wick_ones(3, .dtype = WICK_INT64), *none = wick_empty(0);
    wick_tensor *odd = wick_ones(3), *mask = wick_ones(2, 3, .dtype = WICK_BOOL), *leaf = wick_ones(2, 3, .requires_grad = true);
    wick_tensor *bytes = wick_ones(3, .dtype = WICK_UINT8), *label = wick_from(((int64_t[]){0, 3}), 2);
    wick_tensor *zero = wick_zeros(3, .dtype = WICK_INT64);

    NONE(wick_celu(t, 0), ARGUMENT, "wick_celu", "0")
    NONE(wick_hardtanh(t, 1, -1), ARGUMENT, "wick_hardtanh", "1", "-1")
    NONE(wick_softshrink(t, -0.5), ARGUMENT, "wick_softshrink", "-0.5")
    NONE(wick_threshold(bytes, 1, 300), ARGUMENT, "wick_threshold", "300", "uint8")
    NONE(wick_prelu(t, wick_ones(2)), SHAPE, "wick_prelu", "(2,)", "(2, 3)")
    NONE(wick_prelu(t, wick_ones(1, .dtype = WICK_FLOAT64)), DTYPE, "wick_prelu", "float64")
    NONE(wick_glu(odd), SHAPE, "wick_glu", "3")
    NONE(wick_dropout(t, -0.5, true), ARGUMENT, "wick_dropout", "-0.5")
    NONE(wick_alpha_dropout(t, 1.5, true), ARGUMENT, "wick_alpha_dropout", "1.5")
    NONE(wick_rrelu(t, 0.5, 0.25), ARGUMENT, "wick_rrelu", "0.5", "0.25")
    NONE(wick_rrelu(t, .upper = INFINITY), ARGUMENT, "wick_rrelu", "inf")
    NONE(wick_remainder(whole, zero), ARGUMENT, "wick_remainder")
    NONE(wick_fmod(whole, zero), ARGUMENT, "wick_fmod")
    NONE(wick_div(whole, zero, .rounding_mode = "floor"), ARGUMENT, "wick_div")
    NONE(wick_div(t, t, .rounding_mode = "up"), ARGUMENT, "wick_div", "up")
    NONE(wick_div(mask, mask, .rounding_mode = "trunc"), DTYPE, "wick_div", "bool")
    NONE(wick_add_(odd, t), SHAPE, "wick_add_", "(3,)", "(2, 3)")
    NONE(wick_add_(whole, odd), DTYPE, "wick_add_", "int64", "float32")
    NONE(wick_add_(leaf, t), AUTOGRAD, "wick_add_", "leaf")
    NONE(wick_exp_(whole), DTYPE, "wick_exp_", "int64")
    NONE(wick_sqrt_(bytes), DTYPE, "wick_sqrt_", "uint8")
    NONE(wick_masked_fill(bytes, wick_gt(bytes, 0), 300), ARGUMENT, "wick_masked_fill", "300", "uint8")
    NONE(wick_masked_fill(t, t, 0), DTYPE, "wick_masked_fill", "float32", "bool")
    NONE(wick_masked_fill(t, mask, odd), SHAPE, "wick_masked_fill", "(3,)")
    NONE(wick_addcmul(whole, whole, whole, 0x1p53), ARGUMENT, "wick_addcmul", "9007199254740992")
    NONE(wick_addcdiv(whole, whole, whole), DTYPE, "wick_addcdiv", "int64")
    NONE(wick_clamp(whole, .min = 0x1p53), ARGUMENT, "wick_clamp", ".min_int")
    NONE(wick_addmm(wick_ones(1, 1, .dtype = WICK_INT64), wick_ones(1, 1, .dtype = WICK_INT64),
                    wick_ones(1, 1, .dtype = WICK_INT64), .alpha = 0x1p53), ARGUMENT, "wick_addmm", "alpha")
    NONE(wick_einsum("ij,jk", t, t), ARGUMENT, "wick_einsum", "ij,jk", "position 3", "(2, 3)")
    NONE(wick_einsum("i1->i", t), ARGUMENT, "wick_einsum", "i1->i")
    NONE(wick_einsum("ij->k", t), ARGUMENT, "wick_einsum", "ij->k")
    NONE(wick_sum(t, 2), INDEX, "wick_sum", "2", "[-2, 1]")
    NONE(wick_sum(t, .dims = WICK_DIMS(0, -2)), INDEX, "wick_sum", "0")
    NONE(wick_mean(whole), DTYPE, "wick_mean", "int64")
    NONE(wick_max(none), SHAPE, "wick_max", "(0,)")
    NONE(wick_argmin(none), SHAPE, "wick_argmin", "(0,)")
    NONE(wick_amax(none), SHAPE, "wick_amax", "(0,)")
    NONE(wick_median(none, 0), SHAPE, "wick_median", "(0,)")
    NONE(wick_median(mask), DTYPE, "wick_median", "bool")
    NONE(wick_std(whole), DTYPE, "wick_std", "int64")
    NONE(wick_norm(none, INFINITY), SHAPE, "wick_norm", "inf")
    NONE(wick_norm(none, -2), SHAPE, "wick_norm", "-2")
    NONE(wick_view(wick_t(t), 6), SHAPE, "wick_view", "(3, 2)", "(6,)")
    NONE(wick_reshape(t, 4), SHAPE, "wick_reshape", "(2, 3)", "(4,)")
    NONE(wick_t(wick_ones(2, 2, 2)), SHAPE, "wick_t", "(2, 2, 2)")
    NONE(wick_unfold(wick_expand(wick_ones(1), LARGE), 0, LARGE / 2, 1), MEMORY, "wick_unfold", "can be addressed")
    NONE(wick_permute(t, 0, 0), INDEX, "wick_permute", "0")
    NONE(wick_pad(t, WICK_TUPLE(3, 0), WICK_PAD_REFLECT), SHAPE, "wick_pad", "3")
    NONE(wick_pad(t, WICK_TUPLE(4, 0), WICK_PAD_CIRCULAR), SHAPE, "wick_pad", "4")
    NONE(wick_pad(bytes, WICK_TUPLE(1, 1), .value = 256), ARGUMENT, "wick_pad", "256", "uint8")
    NONE(wick_split(t, 0), ARGUMENT, "wick_split", "0")
    NONE(wick_chunk(t, 0), ARGUMENT, "wick_chunk", "0")
    NONE(wick_meshgrid(wick_list_of(t)), SHAPE, "wick_meshgrid", "(2, 3)")
    NONE(wick_meshgrid(wick_list_of(odd, whole)), DTYPE, "wick_meshgrid", "number 1", "int64")
    NONE(wick_index(t, wick_list_of(wick_from(((int64_t[]){2}), 1))), INDEX, "wick_index", "2", "dimension 0")
    NONE(wick_index_select(t, 0, wick_from(((int64_t[]){-1}), 1)), INDEX, "wick_index_select", "-1")
    NONE(wick_gather(t, 1, wick_full(-1, 2, 1)), INDEX, "wick_gather", "-1")
    NONE(wick_gather(t, 1, wick_full(0, 3, 1)), SHAPE, "wick_gather", "(3, 1)", "(2, 3)")
    NONE(wick_embedding(label, t), INDEX, "wick_embedding", "3")
    NONE(wick_one_hot(label, 3), INDEX, "wick_one_hot", "3")
    NONE(wick_nll_loss(t, label), INDEX, "wick_nll_loss", "3")
    NONE(wick_cross_entropy(t, label), INDEX, "wick_cross_entropy", "3")
    NONE(wick_gaussian_nll_loss(t, t, wick_full(-0.5, 2, 3)), ARGUMENT, "wick_gaussian_nll_loss", "negative")
    NONE(wick_binary_cross_entropy(wick_full(1.5, 2, 3), t), ARGUMENT, "wick_binary_cross_entropy", "1.5")
    NONE(wick_batch_norm(wick_ones(1, 3), NULL, NULL, .training = true), SHAPE, "wick_batch_norm", "(1, 3)")
    NONE(wick_batch_norm(t, NULL, NULL), ARGUMENT, "wick_batch_norm", "running_mean")
    NONE(wick_group_norm(t, 2), SHAPE, "wick_group_norm", "2", "3")
    NONE(wick_layer_norm(t, WICK_DIMS(2)), SHAPE, "wick_layer_norm", "(2,)", "(2, 3)")
    ASSERT_VALUES(whole, 1, 1, 1);
    ASSERT_VALUES(wick_detach(leaf), 1, 1, 1, 1, 1, 1);
    ck_assert_int_eq(broken, 0);
}
END_TEST

static wick_tensor *row_sums(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_sum(wick_mul(in[0], in[0]), -1);
}

static wick_tensor *nothing(wick_tensor *const *in, int n, void *context)
{
    (void)in, (void)n, (void)context;
    return NULL;
}

static wick_tensor *constant(wick_tensor *const *in, int n, void *context)
{
    (void)in, (void)n, (void)context;
    return wick_ones();
}

static wick_list *pair_forward(wick_module *m, wick_tensor *const *in, int n)
{
    (void)m, (void)n;
    return wick_list_of(in[0], in[0]);
}

START_TEST(backward)
{
    wick_tensor *t = wick_ones(2, 3), *leaf = wick_ones(2, 3, .requires_grad = true), *whole = wick_ones(3, .dtype = WICK_INT64);
    wick_tensor *y = wick_mul(leaf, leaf), *sum = wick_sum(y), *once = wick_sum(wick_exp(leaf));
    wick_tensor *deep = wick_ones(1, 1, 1, 1, 1), *saved = wick_mul(leaf, 2), *used = wick_sum(wick_mul(saved, saved));

    NONE(wick_requires_grad_(whole, true), DTYPE, "wick_requires_grad_", "int64")
    NONE(wick_requires_grad_(y, false), AUTOGRAD, "wick_requires_grad_")
    NONE(wick_set_grad(leaf, wick_ones(3, 2)), SHAPE, "wick_set_grad", "(3, 2)", "(2, 3)")
    NONE(wick_set_grad(leaf, wick_ones(2, 3, .dtype = WICK_FLOAT64)), SHAPE, "wick_set_grad", "float64", "float32")
    NONE(wick_retain_grad(t), AUTOGRAD, "wick_retain_grad")
    NONE(wick_backward(t), AUTOGRAD, "wick_backward")
    NONE(wick_backward(y), AUTOGRAD, "wick_backward", "(2, 3)")
    NONE(wick_backward(y, .gradient = wick_ones(3)), SHAPE, "wick_backward", "(3,)", "(2, 3)")
    ck_assert(wick_backward(once));
    wick_set_grad(leaf, NULL);
    NONE(wick_backward(once), AUTOGRAD, "wick_backward", ".retain_graph")
    wick_add_(saved, 1);
    NONE(wick_backward(used), AUTOGRAD, "wick_backward", "in place")
    ck_assert_ptr_null(wick_grad_of(leaf));
    NONE(wick_grad(wick_list_of(sum), wick_list_of(wick_ones(2, .requires_grad = true)), .retain_graph = true), AUTOGRAD,
         "wick_grad", "input 0", ".allow_unused")
    NONE(wick_grad(wick_list_of(y), wick_list_of(leaf)), AUTOGRAD, "wick_grad", "(2, 3)")
    NONE(wick_vjp(row_sums, &t, 1, wick_ones(3)), SHAPE, "wick_vjp", "(3,)", "(2,)")
    NONE(wick_vjp(row_sums, &t, 1, NULL), SHAPE, "wick_vjp", "(2,)")
    NONE(wick_jvp(row_sums, &t, 1, wick_list_of(wick_ones(2))), SHAPE, "wick_jvp", "(2,)", "(2, 3)")
    NONE(wick_jvp(row_sums, &t, 1, wick_list_of(t, t)), SHAPE, "wick_jvp", "2", "1")
    NONE(wick_jacobian(row_sums, &deep, 1), SHAPE, "wick_jacobian", "8")
    NONE(wick_jacobian(constant, &t, 1, .strict = true), AUTOGRAD, "wick_jacobian")
    NONE(wick_jacobian(nothing, &t, 1), ARGUMENT, "wick_jacobian", "NULL")
    NONE(wick_hessian(row_sums, &t, 1), SHAPE, "wick_hessian", "(2,)")
    NONE(wick_hvp(row_sums, &t, 1, wick_list_of(t)), SHAPE, "wick_hvp", "(2,)")
    NONE(wick_register_hook(t, NULL, NULL), ARGUMENT, "wick_register_hook")
    NONE(wick_checkpoint(nothing, WICK_TENSORS(leaf)), ARGUMENT, "wick_checkpoint", "NULL")
    NONE(wick_gradcheck(row_sums, &t, 1), ARGUMENT, "wick_gradcheck", "requires grad")
    NONE(wick_gradcheck(NULL, &leaf, 1), ARGUMENT, "wick_gradcheck", "function")
    ck_assert_int_eq(broken, 0);
}
END_TEST

START_TEST(modules)
{
    wick_tensor *t = wick_ones(2, 3), *whole = wick_ones(3, .dtype = WICK_INT64), *leaf = wick_ones(2, .requires_grad = true), *few = wick_ones(3);
    wick_module *linear = wick_nn_linear(3, 2), *list = wick_nn_module_list(wick_nn_relu());
    wick_module *named = wick_nn_module_dict({"a", wick_nn_relu()}), *pair = wick_nn_module("Pair", .forward_list = pair_forward);
    wick_module *lazy = wick_nn_lazy_linear(3), *own = wick_nn_module("Own", .forward_list = pair_forward);
    wick_list *gradients = wick_list_of(leaf);
    wick_clear_warning();
    wick_set_grad(leaf, wick_full(INFINITY, 2));

    NONE(wick_nn_linear(-1, 2), SHAPE, "wick_nn_linear", "-1")
    NONE(wick_nn_linear(2, 2, .dtype = WICK_INT64), DTYPE, "wick_nn_linear", "int64")
    NONE(wick_nn_bilinear(0, 2, 3), SHAPE, "wick_nn_bilinear", "0")
    NONE(wick_nn_group_norm(2, 3), SHAPE, "wick_nn_group_norm", "2", "3")
    NONE(wick_nn_dropout(1.25), ARGUMENT, "wick_nn_dropout", "1.25")
    NONE(wick_nn_alpha_dropout(-1), ARGUMENT, "wick_nn_alpha_dropout", "-1")
    NONE(wick_nn_forward(wick_nn_embedding(3, 2), wick_full(3, 2)), INDEX, "wick_embedding", "3")
    NONE(wick_nn_embedding(3, 2, .padding_idx = 3), INDEX, "wick_nn_embedding", "3")
    NONE(wick_nn_forward(linear, t, t), ARGUMENT, "wick_nn", "2", "1")
    NONE(wick_nn_forward(wick_nn_mse_loss(), t), ARGUMENT, "wick_nn", "1", "2")
    NONE(wick_nn_forward(pair, t), ARGUMENT, "wick_nn_forward", "2")
    NONE(wick_nn_parameters(lazy), ARGUMENT, "wick_nn_parameters")
    NONE(wick_nn_state_dict(lazy), ARGUMENT, "wick_nn_state_dict")
    NONE(wick_nn_parameter_count(lazy), ARGUMENT, "wick_nn_parameter_count")
    NONE(wick_nn_register_parameter(own, "w", whole), DTYPE, "wick_nn_register_parameter", "int64")
    NONE(wick_nn_register_parameter(own, "w", wick_mul(leaf, 2)), AUTOGRAD, "wick_nn_register_parameter")
    NONE(wick_nn_register_parameter(own, "a.b", wick_ones(2)), ARGUMENT, "wick_nn_register_parameter", "a.b")
    NONE(wick_nn_register_module(own, "", linear), ARGUMENT, "wick_nn_register_module")
    NONE(wick_nn_load_state_dict(linear, wick_nn_dict_of({"weight", few}, {"more", t})), SHAPE, "wick_nn_load_state_dict", "bias", "more", "[3]", "[2, 3]")
    NONE(wick_nn_insert(list, 3, wick_nn_relu()), INDEX, "wick_nn_insert", "3")
    NONE(wick_nn_set_child(list, 1, wick_nn_relu()), INDEX, "wick_nn_set_child", "1")
    NONE(wick_nn_pop_child(list, -2), INDEX, "wick_nn_pop_child", "-2")
    NONE(wick_nn_append(linear, wick_nn_relu()), ARGUMENT, "wick_nn_append", "Linear")
    NONE(wick_nn_append(list, NULL), ARGUMENT, "wick_nn_append", "NULL")
    NONE(wick_nn_pop_module(named, "b"), INDEX, "wick_nn_pop_module", "b")
    NONE(wick_nn_set_module(named, "x.y", wick_nn_relu()), ARGUMENT, "wick_nn_set_module", "x.y")
    NONE(wick_nn_update(named, linear), ARGUMENT, "wick_nn_update", "Linear")
    NONE(wick_nn_forward(list, t), ARGUMENT, "wick_nn_forward", "ModuleList")
    NONE(wick_nn_parameter_list(whole), DTYPE, "wick_nn_parameter_list", "int64")
    NONE(wick_nn_to(linear, WICK_INT64), DTYPE, "wick_nn_to", "int64")
    NONE(wick_nn_to(linear, wick_cuda(1)), DEVICE, "wick_nn_to", "cuda")
    NONE(wick_nn_dict_set(wick_nn_dict_new(), NULL, t), ARGUMENT, "wick_nn_dict_set", "NULL")
    NONE(wick_nn_dict_set(wick_nn_dict_new(), "x", NULL), ARGUMENT, "wick_nn_dict_set", "NULL")
    NONE(wick_nn_get_total_norm(wick_list_of(whole)), DTYPE, "wick_nn_get_total_norm", "int64")
    NONE(wick_nn_get_total_norm(wick_list_of(wick_empty(0)), INFINITY), SHAPE, "wick_nn_get_total_norm", "(0,)")
    NONE(wick_nn_clip_grad_norm_(gradients, 1, .error_if_nonfinite = true), ARGUMENT, "wick_nn_clip_grad_norm_", "inf")
    ASSERT_VALUES(wick_grad_of(leaf), INFINITY, INFINITY);
    NONE(wick_nn_clip_grads_with_norm_(gradients, 1, wick_ones(2)), SHAPE, "wick_nn_clip_grads_with_norm_", "(2,)")
    NONE(wick_nn_vector_to_parameters(wick_ones(1), gradients), SHAPE, "wick_nn_vector_to_parameters", "1", "2")
    NO_NUMBER(wick_init_calculate_gain("softsign", 0), ARGUMENT, "wick_init_calculate_gain", "softsign")
    NONE(wick_init_kaiming_uniform_(wick_ones(2)), SHAPE, "wick_init_kaiming_uniform_", "(2,)")
    NONE(wick_init_xavier_normal_(wick_ones(2)), SHAPE, "wick_init_xavier_normal_", "(2,)")
    NONE(wick_init_orthogonal_(wick_ones(2)), SHAPE, "wick_init_orthogonal_", "(2,)")
    NONE(wick_init_eye_(wick_ones(2)), SHAPE, "wick_init_eye_", "(2,)")
    NONE(wick_init_sparse_(wick_ones(2, 2), 1.5), ARGUMENT, "wick_init_sparse_", "1.5")
    NONE(wick_init_trunc_normal_(wick_ones(2), .a = 3), ARGUMENT, "wick_init_trunc_normal_", "3", "2")
    ck_assert_int_eq(wick_nn_child_count(list), 1);
    ck_assert_int_eq(wick_nn_child_count(named), 1);
    ck_assert_int_eq(broken, 0);
}
END_TEST

START_TEST(optimizers)
{
    wick_tensor *leaf = wick_ones(2, .requires_grad = true), *whole = wick_ones(2, .dtype = WICK_INT64);
    wick_list *params = wick_list_of(leaf);
    wick_optim *sgd = wick_optim_sgd(params), *lbfgs = wick_optim_lbfgs(params);
    wick_scheduler *plateau = wick_lr_reduce_on_plateau(sgd), *steps = wick_lr_step_lr(sgd, 2);
    wick_scheduler *chain = wick_lr_chained_scheduler(WICK_SCHEDULERS(wick_lr_step_lr(sgd, 3)));
    wick_averaged_model *averages = wick_optim_averaged_model(wick_nn_linear(2, 1));

    NONE(wick_optim_sgd(params, -1), ARGUMENT, "wick_optim_sgd", "-1")
    NONE(wick_optim_sgd(wick_list_n(NULL, 0)), ARGUMENT, "wick_optim_sgd", "empty")
    NONE(wick_optim_sgd(wick_list_of(leaf, leaf)), ARGUMENT, "wick_optim_sgd", "parameter 1")
    NONE(wick_optim_sgd(wick_list_of(wick_mul(leaf, 2))), AUTOGRAD, "wick_optim_sgd", "parameter 0")
    NONE(wick_optim_sgd(wick_list_of(whole)), DTYPE, "wick_optim_sgd", "int64")
    NONE(wick_optim_sgd(params, .nesterov = true), ARGUMENT, "wick_optim_sgd", "momentum")
    NONE(wick_optim_sgd(params, .nesterov = true, .momentum = 0.9, .dampening = 0.5), ARGUMENT, "wick_optim_sgd", "dampening")
    NONE(wick_optim_adam(params, .beta1 = 0.9, .beta2 = 1), ARGUMENT, "wick_optim_adam", "1")
    NONE(wick_optim_adamw(params, .eps = -1), ARGUMENT, "wick_optim_adamw", "-1")
    NONE(wick_optim_rprop(params, .etaminus = 2, .etaplus = 3), ARGUMENT, "wick_optim_rprop", "2")
    NONE(wick_optim_muon(params), SHAPE, "wick_optim_muon", "(2,)")
    NONE(wick_optim_lbfgs(params, .history_size = 0), ARGUMENT, "wick_optim_lbfgs", "0")
    NONE(wick_optim_step(lbfgs), ARGUMENT, "wick_optim_step", "wick_optim_step_closure")
    NONE(wick_optim_step_closure(sgd, NULL, NULL), ARGUMENT, "wick_optim_step_closure", "NULL")
    MINUS_1(wick_optim_add_param_group(sgd, params), ARGUMENT, "wick_optim_add_param_group", "parameter 0")
    MINUS_1(wick_optim_add_param_group(lbfgs, wick_list_of(wick_ones(1, .requires_grad = true))), ARGUMENT,
            "wick_optim_add_param_group", "LBFGS")
    NO_NUMBER(wick_optim_get(sgd, 0, "speed"), ARGUMENT, "wick_optim_get", "speed")
    NO_NUMBER(wick_optim_get(sgd, 1, "lr"), INDEX, "wick_optim_get", "1")
    NONE(wick_optim_set(sgd, 0, "speed", 1), ARGUMENT, "wick_optim_set", "speed")
    NONE(wick_optim_set(sgd, 0, "momentum", -1), ARGUMENT, "wick_optim_set", "-1")
    NONE(wick_optim_load_state_dict(sgd, wick_optim_state_dict(lbfgs)), SHAPE, "wick_optim_load_state_dict", "momentum", "max_iter")

    NONE(wick_lr_step(plateau), ARGUMENT, "wick_lr_step", "ReduceLROnPlateau", "wick_lr_step_metric")
    NONE(wick_lr_step_metric(steps, 1), ARGUMENT, "wick_lr_step_metric", "StepLR")
    NONE(wick_lr_step_epoch(chain, 1), ARGUMENT, "wick_lr_step_epoch", "ChainedScheduler")
    NONE(wick_lr_step_epoch(steps, 1.5), ARGUMENT, "wick_lr_step_epoch", "1.5")
    NONE(wick_lr_step_epoch(steps, -1), ARGUMENT, "wick_lr_step_epoch", "-1")
    NO_NUMBER(wick_lr_get_last_lr(steps, 1), INDEX, "wick_lr_get_last_lr", "1")
    MINUS_1(wick_lr_last_epoch(NULL), ARGUMENT, "wick_lr_last_epoch", "NULL")
    NONE(wick_lr_step_lr(sgd, 0), ARGUMENT, "wick_lr_step_lr", "0")
    NONE(wick_lr_cosine_annealing_lr(sgd, 0), ARGUMENT, "wick_lr_cosine_annealing_lr", "0")
    NONE(wick_lr_reduce_on_plateau(sgd, .factor = 1), ARGUMENT, "wick_lr_reduce_on_plateau", "1")
    NONE(wick_lr_reduce_on_plateau(sgd, "best"), ARGUMENT, "wick_lr_reduce_on_plateau", "best")
    NONE(wick_lr_one_cycle_lr(wick_optim_rprop(params), 0.1, 10), ARGUMENT, "wick_lr_one_cycle_lr", ".cycle_momentum")
    NONE(wick_lr_exponential_lr(wick_optim_sgd(params), 0.9, .last_epoch = 3), ARGUMENT, "wick_lr_exponential_lr", "initial_lr")
    NONE(wick_lr_load_state_dict(steps, wick_lr_state_dict(plateau)), SHAPE, "wick_lr_load_state_dict", "step_size", "patience")
    NONE(wick_optim_update_parameters(averages, wick_nn_linear(3, 1)), SHAPE, "wick_optim_update_parameters", "(1, 3)", "(1, 2)")
    MINUS_1(wick_optim_n_averaged(NULL), ARGUMENT, "wick_optim_n_averaged", "NULL")
    NONE(wick_optim_load_averaged_state_dict(averages, wick_nn_state_dict(wick_nn_linear(2, 1))), SHAPE,
         "wick_optim_load_averaged_state_dict", "n_averaged")
    ck_assert_int_eq(wick_optim_group_count(sgd), 1);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "lr"), 1e-3);
    ck_assert_int_eq(broken, 0);
}
END_TEST

START_TEST(data_and_pictures)
{
    wick_tensor *t = wick_ones(4, 2), *few = wick_ones(3), *whole = wick_ones(2, .dtype = WICK_INT64);
    wick_dataset *d = wick_data_tensor_dataset(t), *none = wick_data_tensor_dataset(wick_empty(0, 2));
    wick_dataset *three = wick_data_tensor_dataset(few), *a = d, *b = d;
    wick_tensor *at = wick_from(((int64_t[]){0, 4}), 2), *X = wick_ones(3, 3);
    wick_progress *bar = wick_progress_bar(3, .file = NULL);
    wick_figure *figure = wick_plot_subplots(1, 1);

    MINUS_1(wick_data_count(NULL), ARGUMENT, "wick_data_count", "NULL")
    NONE(wick_data_item(d, 4), INDEX, "wick_data_item", "4")
    NONE(wick_data_tensor_dataset(t, few), SHAPE, "wick_data_tensor_dataset", "4", "3")
    NONE(wick_data_item(wick_data_subset(d, at), 1), INDEX, "wick_data_subset", "4 samples")
    NONE(wick_data_subset(d, t), DTYPE, "wick_data_subset", "float32")
    NONE(wick_data_stack_dataset(d, three), ARGUMENT, "wick_data_stack_dataset", "4", "3")
    NONE(wick_data_random_split(d, WICK_SPLITS({3, &a}, {2, &b})), ARGUMENT, "wick_data_random_split", "5", "4")
    ck_assert(!a && !b);
    NONE(wick_data_mnist("/nowhere", true), FILE, "wick_data_mnist", "/nowhere")
    NONE(wick_data_write_idx("/tmp/never", t), DTYPE, "wick_data_write_idx", "float32")
    NONE(wick_data_write_idx("/tmp/never", wick_empty(0, .dtype = WICK_UINT8)), SHAPE, "wick_data_write_idx", "(0,)")
    NONE(wick_data_random_sampler(none), ARGUMENT, "wick_data_random_sampler", "empty")
    NONE(wick_data_random_sampler(d, .num_samples = -3), ARGUMENT, "wick_data_random_sampler", "-3")
    NONE(wick_data_sampler_indices(wick_data_weighted_random_sampler(wick_full(-1, 3), 2)), ARGUMENT, "-1")
    NONE(wick_data_batch_sampler(wick_data_sequential_sampler(d), 0, false), ARGUMENT, "wick_data_batch_sampler", "0")
    MINUS_1(wick_data_sampler_count(NULL), ARGUMENT, "wick_data_sampler_count", "NULL")
    NONE(wick_data_loader(d, 0), ARGUMENT, "wick_data_loader", "0")
    NONE(wick_data_loader(d, .num_workers = -1), ARGUMENT, "wick_data_loader", "-1")
    NONE(wick_data_loader(d, .prefetch_factor = 2), ARGUMENT, "wick_data_loader", ".prefetch_factor")
    NONE(wick_data_loader(d, .persistent_workers = true), ARGUMENT, "wick_data_loader", ".num_workers")
    MINUS_1(wick_data_batches(NULL), ARGUMENT, "wick_data_batches", "NULL")
    NONE(wick_data_loadtxt("/nowhere/at/all.csv"), FILE, "wick_data_loadtxt", "/nowhere/at/all.csv")
    NONE(wick_data_savetxt("/tmp/never", wick_ones(2, 2, 2)), SHAPE, "wick_data_savetxt", "(2, 2, 2)")
    NONE(wick_data_savetxt("/tmp/never", t, .fmt = "%s"), ARGUMENT, "wick_data_savetxt", "%s")
#ifdef WICK_HAVE_LIBZIP
    NONE(wick_save(wick_nn_dict_of({"\xff", t}), "/tmp/never"), ARGUMENT, "wick_save", "UTF-8")
    NONE(wick_load("/nowhere/at/all.pth"), FILE, "wick_load", "/nowhere/at/all.pth")
#endif

    NONE(wick_progress_bar(-1), ARGUMENT, "wick_progress_bar", "-1")
    NONE(wick_progress_set_postfix(bar, NULL, 1), ARGUMENT, "wick_progress_set_postfix", "not 0")
    NONE(wick_plot_scatter(X, t, "/tmp/never.png"), SHAPE, "wick_plot_scatter", "(3, 3)")
    NONE(wick_plot_scatter(t, few, "/tmp/never.png"), SHAPE, "wick_plot_scatter", "(3,)", "4")
    NONE(wick_plot_histogram(wick_full(NAN, 3), "/tmp/never.png"), ARGUMENT, "wick_plot_histogram", "finite")
    NONE(wick_plot_histogram(t, NULL), ARGUMENT, "wick_plot_histogram", "NULL")
    NONE(wick_plot_images(t, NULL, "/tmp/never.png"), SHAPE, "wick_plot_images", "(4, 2)")
    NONE(wick_plot_confusion_matrix(whole, few, "/tmp/never.png"), SHAPE, "wick_plot_confusion_matrix", "(3,)", "2")
    NONE(wick_plot_histogram(t, "/tmp/never.png", .figure = figure), ARGUMENT, "wick_plot_histogram", ".figure")
    NONE(wick_plot_subplots(0, 1), ARGUMENT, "wick_plot_subplots", "0")
    ck_assert_int_eq(broken, 0);
}
END_TEST
/* clang-format on */

Suite *promises_suite(void)
{
    const TTest *const tests[] = {tensors, operations, backward, modules, optimizers, data_and_pictures};
    return MAKE_SUITE("promises", tests);
}
