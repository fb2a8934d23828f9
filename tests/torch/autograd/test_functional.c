/* test_functional.c - wick_vjp, wick_jvp, wick_jacobian, wick_hessian and wick_hvp against torch.autograd.functional.
 * functional.py tells what its numbers are. */
#include "check_wick.h"

static wick_tensor *numbers_n(int k, const int64_t *shape, int ndim)
{
    wick_tensor *t = wick_zeros_n(shape, ndim, WICK_FLOAT64);
    for (int64_t i = 0; i < wick_numel(t); i++)
        wick_data_float64(t)[i] = (uint32_t)(i * 2654435761 + (k + 1) * 1013904223LL) / 4294967296.0 - 0.5;
    return t;
}
#define NUMBERS(k, ...) numbers_n(k, WICK_INTS(__VA_ARGS__))

/* ---- The reference ----------------------------------------------------------------------------------------------- */

typedef struct line {
    char name[16], what[16];
    int i, ndim;
    int64_t shape[WICK_MAX_DIMS];
    int64_t numel;
    double *elements;
} line;

static FILE *open_reference(void)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/autograd/functional.txt", "r");
    ck_assert_ptr_nonnull(file);
    return file;
}

/* The next line of the case, or of any; its elements live until the next call, which frees them. */
static bool next_line(FILE *file, const char *name, line *l)
{
    free(l->elements);
    l->elements = NULL;
    while (fscanf(file, "%15s %15s %d %d", l->name, l->what, &l->i, &l->ndim) == 4) {
        l->numel = 1;
        for (int d = 0; d < l->ndim; d++) {
            long long size = 0;
            ck_assert_int_eq(fscanf(file, "%lld", &size), 1);
            l->numel *= l->shape[d] = size;
        }
        l->elements = malloc(((size_t)l->numel + 1) * sizeof *l->elements);
        ck_assert_ptr_nonnull(l->elements);
        for (int64_t i = 0; i < l->numel; i++)
            ck_assert_int_eq(fscanf(file, "%lf", &l->elements[i]), 1);
        if (!name || strcmp(name, l->name) == 0)
            return true;
        free(l->elements);
        l->elements = NULL;
    }
    return false;
}

static void check_line(const line *l, wick_tensor *t)
{
    ck_assert_msg(t != NULL, "%s %s: %s", l->name, l->what, wick_error());
    ck_assert_msg(wick_ndim(t) == l->ndim, "%s %s %d: %d dimensions", l->name, l->what, l->i, wick_ndim(t));
    for (int d = 0; d < l->ndim; d++)
        ck_assert_msg(wick_size(t, d) == l->shape[d], "%s %s %d: %s", l->name, l->what, l->i, wick_shape_string(t));
    for (int64_t i = 0; i < l->numel; i++)
        ck_assert_msg(fabs(tensor_real(t, i) - l->elements[i]) <= 1e-10, "%s %s %d: element %lld is %.17g, not %.17g",
                      l->name, l->what, l->i, (long long)i, tensor_real(t, i), l->elements[i]);
}

/* ---- Small functions --------------------------------------------------------------------------------------------- */

#define FUNCTION(name, value)                                              \
    static wick_tensor *name(wick_tensor *const *in, int n, void *context) \
    {                                                                      \
        (void)context;                                                     \
        WICK_UNUSED wick_tensor *a = in[0], *b = n > 1 ? in[1] : NULL;     \
        return value;                                                      \
    }
FUNCTION(exp_rows, wick_sum(wick_exp(a), 1))
FUNCTION(product, wick_mul(wick_tanh(a), wick_exp(b)))
FUNCTION(matmul, wick_matmul(a, b))
FUNCTION(log_softmax, wick_log_softmax(a, 0))
FUNCTION(square, wick_mul(a, a))
FUNCTION(constant, wick_ones(2, .dtype = WICK_FLOAT64))
FUNCTION(itself, a)
FUNCTION(number, wick_exp(wick_mul(a, a)))
FUNCTION(cubic, wick_add(wick_mul(wick_sum(wick_pow(a, 3)), wick_sum(wick_mul(b, b))), wick_sum(wick_mul(a, b))))
FUNCTION(mixed, wick_mean(wick_mul(wick_sigmoid(wick_mul(a, b)), a)))
FUNCTION(linear, wick_add(wick_sum(wick_mul(3, a)), wick_sum(b)))
FUNCTION(transposed, wick_mean(wick_exp(wick_matmul(wick_t(a), a))))
FUNCTION(first_only, wick_sum(wick_tanh(a)))
FUNCTION(cubes, wick_pow(a, 3))

typedef struct small {
    const char *name;
    wick_function f;
    int n;
    struct {
        int ndim;
        int64_t shape[2];
    } in[2];
} small;

static const small cases[] = {
    {"exp_rows", exp_rows, 1, {{2, {2, 3}}}},
    {"product", product, 2, {{1, {3}}, {2, {2, 3}}}},
    {"matmul", matmul, 2, {{2, {2, 3}}, {2, {3, 2}}}},
    {"log_softmax", log_softmax, 1, {{1, {4}}}},
    {"one_of_two", square, 2, {{2, {2, 2}}, {1, {3}}}},
    {"constant", constant, 1, {{1, {3}}}},
    {"itself", itself, 1, {{1, {2}}}},
    {"number", number, 1, {{0, {0}}}},
    {"cubic", cubic, 2, {{1, {3}}, {1, {3}}}},
    {"mixed", mixed, 2, {{2, {2, 2}}, {0, {0}}}},
    {"linear", linear, 2, {{1, {3}}, {1, {2}}}},
    {"transposed", transposed, 1, {{2, {2, 3}}}},
    {"first_only", first_only, 2, {{1, {3}}, {1, {2}}}},
};
enum { CASES = sizeof cases / sizeof *cases };

/* Tensor i of what the line is about. */
static wick_tensor *compute(const small *s, const line *l, bool create_graph)
{
    wick_tensor *in[2], *v[2], *value;
    for (int k = 0; k < s->n; k++) {
        in[k] = numbers_n(k, s->in[k].shape, s->in[k].ndim);
        v[k] = numbers_n(9 + k, s->in[k].shape, s->in[k].ndim);
        if (create_graph)
            ck_assert_ptr_nonnull(wick_requires_grad_(in[k], true));
    }
    wick_list *result = NULL;
    if (strcmp(l->what, "value") == 0) {
        ck_assert_msg(wick_jvp(s->f, in, s->n, wick_list_n(v, s->n), create_graph, .value = &value) != NULL, "%s",
                      wick_error());
        return value;
    }
    if (strcmp(l->what, "jvp") == 0)
        return wick_jvp(s->f, in, s->n, wick_list_n(v, s->n), create_graph);
    if (strcmp(l->what, "vjp") == 0) {
        value = s->f(in, s->n, NULL);
        result = wick_vjp(s->f, in, s->n, numbers_n(8, wick_shape(value), wick_ndim(value)), create_graph);
    } else if (strcmp(l->what, "jacobian") == 0)
        result = wick_jacobian(s->f, in, s->n, create_graph);
    else if (strcmp(l->what, "hessian") == 0)
        result = wick_hessian(s->f, in, s->n, create_graph);
    else if (strcmp(l->what, "hvp") == 0)
        result = wick_hvp(s->f, in, s->n, wick_list_n(v, s->n), create_graph);
    ck_assert_msg(result != NULL, "%s %s: %s", l->name, l->what, wick_error());
    int64_t count = strcmp(l->what, "hessian") == 0 ? (int64_t)s->n * s->n : s->n;
    ck_assert_int_eq(wick_list_count(result), count);
    for (int k = 0; k < s->n; k++)
        ck_assert_ptr_null(wick_grad_of(in[k]));
    return wick_list_get(result, l->i);
}

START_TEST(small_functions_as_in_pytorch)
{
    int lines = 0;
    FILE *file = open_reference();
    for (line l = {.elements = NULL}; next_line(file, NULL, &l);)
        for (int c = 0; c < CASES; c++)
            if (strcmp(cases[c].name, l.name) == 0) {
                WICK_SCOPE;
                wick_tensor *t = compute(&cases[c], &l, false);
                check_line(&l, t);
                ck_assert(!wick_requires_grad(t));
                check_line(&l, compute(&cases[c], &l, true));
                WICK_NO_GRAD;
                check_line(&l, compute(&cases[c], &l, false));
                check_line(&l, compute(&cases[c], &l, true));
                ck_assert(!wick_is_grad_enabled());
                lines++;
            }
    fclose(file);
    ck_assert_int_eq(lines, 94);
}
END_TEST

/* ---- Networks ---------------------------------------------------------------------------------------------------- */

typedef struct samples {
    wick_tensor *X, *y; /* (N, in), (N, 1) */
} samples;

/* The loss of linear layers with tanh between them; in: weight and bias of each. */
static wick_tensor *network(wick_tensor *const *in, int n, void *context)
{
    const samples *s = context;
    wick_tensor *h = s->X;
    for (int i = 0; i < n; i += 2) {
        h = wick_linear(h, in[i], in[i + 1]);
        h = i + 2 < n ? wick_tanh(h) : h;
    }
    return wick_mse_loss(h, s->y);
}

static void make_parameters(const int64_t *sizes, int layers, wick_dtype dtype, int k, wick_tensor **p)
{
    for (int i = 0; i < layers; i++) {
        wick_tensor *w = wick_mul(2, NUMBERS(k + 2 * i, sizes[i + 1], sizes[i]));
        p[2 * i] = wick_to(wick_div(w, sqrt((double)sizes[i])), dtype);
        p[2 * i + 1] = wick_to(NUMBERS(k + 2 * i + 1, sizes[i + 1]), dtype);
    }
}

START_TEST(hessian_of_a_network)
{
    enum { N = 16 * 20 + 16 + 16 + 1 };
    wick_tensor *p[4];
    samples s = {NUMBERS(30, 10, 20), NUMBERS(31, 10, 1)};
    make_parameters((const int64_t[]){20, 16, 1}, 2, WICK_FLOAT64, 0, p);
    wick_list *blocks = wick_hessian(network, p, 4, .context = &s);
    ck_assert_msg(wick_list_count(blocks) == 16, "%s", wick_error());
    ASSERT_SHAPE(wick_list_get(blocks, 0), 16, 20, 16, 20);
    ASSERT_SHAPE(wick_list_get(blocks, 6), 16, 1, 16);

    wick_tensor *rows[4], *v[4];
    for (int i = 0; i < 4; i++) {
        wick_tensor *row[4];
        for (int k = 0; k < 4; k++)
            row[k] = wick_reshape(wick_list_get(blocks, 4 * i + k), wick_numel(p[i]), -1);
        rows[i] = wick_cat(wick_list_n(row, 4), 1);
    }
    wick_tensor *H = wick_cat(wick_list_n(rows, 4), 0);
    ASSERT_SHAPE(H, N, N);
    ck_assert(wick_item(wick_max(wick_abs(wick_sub(H, wick_t(H))))) < 1e-14);

    FILE *file = open_reference();
    int lines = 0;
    for (line l = {.elements = NULL}; next_line(file, "tanh", &l); lines++) {
        wick_tensor *range = wick_arange(N), *r = NUMBERS(20 + l.i, N);
        if (strcmp(l.what, "diagonal") == 0)
            check_line(&l, wick_index(H, wick_list_of(range, range)));
        else if (strcmp(l.what, "elements") == 0)
            check_line(&l, wick_slice(wick_flatten(H, 0, -1), 0, .step = 211));
        else { /* and the same without H */
            check_line(&l, wick_matmul(H, r));
            int64_t at = 0;
            for (int k = 0; k < 4; at += wick_numel(p[k++]))
                v[k] = wick_reshape_n(wick_narrow(r, 0, at, wick_numel(p[k])), wick_shape(p[k]), wick_ndim(p[k]));
            wick_list *hv = wick_hvp(network, p, 4, wick_list_n(v, 4), .context = &s);
            for (int k = 0; k < 4; k++)
                v[k] = wick_flatten(wick_list_get(hv, k), 0, -1);
            check_line(&l, wick_cat(wick_list_n(v, 4), 0));
        }
    }
    fclose(file);
    ck_assert_int_eq(lines, 5);
}
END_TEST

static void check_close(const line *l, int64_t i, double x, double size)
{
    ck_assert_msg(fabs(x - l->elements[i]) <= 1e-5 * fmax(fabs(l->elements[i]), size), "%s %s %d, %lld: %.9g, not %.9g",
                  l->name, l->what, l->i, (long long)i, x, l->elements[i]);
}

/* A million parameters, whose Hessian would be 4 terabytes. */
START_TEST(hessian_vector_product_of_a_large_network)
{
    const int64_t *sizes = is_slow() ? (const int64_t[]){50, 40, 30, 1} : (const int64_t[]){500, 1000, 500, 1};
    wick_tensor *p[6], *v[6], *loss;
    samples s = {wick_to(NUMBERS(30, 8, sizes[0]), WICK_FLOAT32), wick_to(NUMBERS(31, 8, 1), WICK_FLOAT32)};
    make_parameters(sizes, 3, WICK_FLOAT32, 0, p);
    make_parameters(sizes, 3, WICK_FLOAT32, 9, v);
    size_t before = memory_in_use();
    wick_list *hv = wick_hvp(network, p, 6, wick_list_n(v, 6), .context = &s, .value = &loss);
    ck_assert_msg(hv != NULL, "%s", wick_error());
    size_t parameters = 0;
    for (int k = 0; k < 6; k++)
        parameters += (size_t)wick_numel(p[k]) * sizeof(float);
    ck_assert_uint_lt(memory_in_use() - before, parameters + 20000); /* the result, and the list v */

    FILE *file = open_reference();
    int lines = 0;
    for (line l = {.elements = NULL}; next_line(file, is_slow() ? "small" : "mlp", &l); lines++) {
        if (strcmp(l.what, "value") == 0) {
            check_close(&l, 0, wick_item(loss), 0);
            continue;
        }
        wick_tensor *t = wick_to(wick_list_get(hv, l.i), WICK_FLOAT64);
        int64_t n = wick_numel(t), at[] = {0, n / 3, n / 2, n - 1};
        double norm = sqrt(wick_item(wick_sum(wick_mul(t, t))));
        check_close(&l, 0, norm, 0);
        check_close(&l, 1, wick_item(wick_sum(t)), norm);
        for (int i = 0; i < 4; i++)
            check_close(&l, i + 2, tensor_real(t, at[i]), norm / sqrt((double)n));
    }
    fclose(file);
    ck_assert_int_eq(lines, 7);
}
END_TEST

/* ---- Graphs ------------------------------------------------------------------------------------------------------ */

START_TEST(the_callers_tensors_are_left_alone)
{
    wick_tensor *x = wick_from(((double[]){1, 2}), 2, .requires_grad = true);
    wick_tensor *both[] = {wick_mul(x, 1), x};
    size_t bytes = memory_in_use();
    long long objects = wick_scope_count();
    {
        WICK_SCOPE;
        wick_list *g = wick_vjp(cubic, both, 2, NULL);
        ASSERT_VALUES(wick_list_get(g, 0), 3 * 5 + 1, 12 * 5 + 2);
        ck_assert(wick_is_leaf(wick_list_get(g, 0)));
        ck_assert_int_eq(wick_list_count(wick_hessian(cubic, both, 2)), 4);
        /* One tensor twice is two inputs. */
        wick_tensor *twice[] = {x, x};
        for (int create_graph = 0; create_graph < 2; create_graph++) {
            g = wick_vjp(product, twice, 2, wick_ones(2), create_graph);
            double t = tanh(1), e = exp(1);
            ck_assert(fabs(wick_get(wick_list_get(g, 0), 0) - (1 - t * t) * e) < 1e-12);
            ck_assert(fabs(wick_get(wick_list_get(g, 1), 0) - t * e) < 1e-12);
        }
    }
    ck_assert_ptr_null(wick_grad_of(x));
    ck_assert_str_eq(wick_node_name(wick_grad_fn(both[0])), "MulBackward0");
    ck_assert_int_eq(wick_scope_count(), objects);
    ck_assert_uint_le(memory_in_use(), bytes + 512); /* x has its node now */
}
END_TEST

START_TEST(results_can_be_differentiated)
{
    wick_tensor *x = wick_from(((double[]){1, 2, -3}), 3, .requires_grad = true), *value;
    wick_list *J = wick_jacobian(cubes, &x, 1, .create_graph = true, .value = &value);
    ASSERT_VALUES(wick_list_get(J, 0), 3, 0, 0, 0, 12, 0, 0, 0, 27);
    ck_assert(wick_backward(wick_sum(wick_list_get(J, 0)), .retain_graph = true)); /* 6 x */
    ASSERT_VALUES(wick_grad_of(x), 6, 12, -18);
    ck_assert(wick_set_grad(x, NULL) && wick_backward(wick_sum(value)));
    ASSERT_VALUES(wick_grad_of(x), 3, 12, 27);

    wick_list *v = wick_list_of(wick_ones(3));
    ck_assert(wick_set_grad(x, NULL) && wick_backward(wick_sum(wick_jvp(cubes, &x, 1, v, true))));
    ASSERT_VALUES(wick_grad_of(x), 6, 12, -18);
    wick_tensor *in[] = {x, wick_ones(3, .dtype = WICK_FLOAT64)};
    v = wick_list_of(wick_ones(3), wick_zeros(3));
    wick_tensor *hv = wick_list_get(wick_hvp(cubic, in, 2, v, true), 0); /* 6 x sum(b^2) = 18 x */
    ASSERT_VALUES(hv, 18, 36, -54);
    ck_assert(wick_set_grad(x, NULL) && wick_backward(wick_sum(hv)));
    ASSERT_VALUES(wick_grad_of(x), 18, 18, 18);
    wick_tensor *H = wick_list_get(wick_hessian(cubic, in, 2, true), 0);
    ck_assert(wick_set_grad(x, NULL) && wick_backward(wick_sum(H)));
    ASSERT_VALUES(wick_grad_of(x), 18, 18, 18);

    /* Inputs that do not require grad: the result's graph ends at aliases of them. */
    wick_tensor *y = wick_detach(x);
    wick_tensor *g = wick_list_get(wick_vjp(cubes, &y, 1, wick_ones(3), true), 0);
    ck_assert(wick_requires_grad(g) && wick_backward(wick_sum(g)));
    ck_assert_ptr_null(wick_grad_of(y));
    ck_assert(wick_set_grad(x, NULL));
}
END_TEST

START_TEST(inputs_of_any_layout_size_and_dtype)
{
    wick_tensor *x = wick_t(NUMBERS(0, 3, 2)), *copy = wick_contiguous(x);
    ck_assert(wick_equal(wick_list_get(wick_hessian(transposed, &x, 1), 0),
                         wick_list_get(wick_hessian(transposed, &copy, 1), 0)));
    wick_tensor *empty = wick_zeros(0, .dtype = WICK_FLOAT64);
    ASSERT_SHAPE(wick_list_get(wick_jacobian(cubes, &empty, 1), 0), 0, 0);
    ASSERT_SHAPE(wick_jvp(cubes, &empty, 1, wick_list_of(empty)), 0);
    wick_tensor *none[] = {empty, NUMBERS(1, 2)};
    wick_list *H = wick_hessian(first_only, none, 2);
    ASSERT_SHAPE(wick_list_get(H, 1), 0, 2);
    ASSERT_VALUES(wick_list_get(H, 3), 0, 0, 0, 0);
    wick_tensor *two[] = {wick_ones(2), wick_ones(2, .dtype = WICK_FLOAT64)};
    wick_list *J = wick_jacobian(product, two, 2);
    ck_assert_int_eq(wick_dtype_of(wick_list_get(J, 0)), WICK_FLOAT32);
    ck_assert_int_eq(wick_dtype_of(wick_list_get(J, 1)), WICK_FLOAT64);
    wick_tensor *deep = wick_reshape(NUMBERS(0, 4), 1, 1, 2, 1, 1, 2, 1, 1);
    ASSERT_SHAPE(wick_list_get(wick_jacobian(first_only, &deep, 1), 0), 1, 1, 2, 1, 1, 2, 1, 1);
}
END_TEST

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

FUNCTION(half_linear, wick_add(wick_sum(wick_tanh(a)), wick_sum(b)))
FUNCTION(nothing, (a = NULL))
FUNCTION(compares, wick_gt(a, 0))
FUNCTION(fails, wick_matmul(a, wick_ones(7, 7, .dtype = WICK_FLOAT64)))

START_TEST(errors)
{
    wick_tensor *x = NUMBERS(0, 2, 3), *i = wick_arange(3), *in[] = {x, NUMBERS(1, 2, 3)};
    wick_tensor *deep = wick_zeros(1, 1, 1, 1, 1), *value = x;
    wick_list *v = wick_list_of(x);
    ASSERT_FAILS(wick_vjp(exp_rows, &x, 1, NULL, .value = &value), WICK_ERROR_SHAPE, "wick_vjp", "without v", "(2,)");
    ck_assert_ptr_null(value);
    ASSERT_FAILS(wick_vjp(exp_rows, &x, 1, wick_ones(3)), WICK_ERROR_SHAPE, "wick_vjp", "(3,)", "(2,)");
    ASSERT_FAILS(wick_jvp(exp_rows, &x, 1, NULL), WICK_ERROR_SHAPE, "wick_jvp", "without v", "(2, 3)");
    ASSERT_FAILS(wick_jvp(product, in, 2, v), WICK_ERROR_SHAPE, "wick_jvp", "1 tensors for 2 inputs");
    ASSERT_FAILS(wick_jvp(exp_rows, &x, 1, wick_list_of(wick_ones(3))), WICK_ERROR_SHAPE, "wick_jvp", "(3,)", "input 0",
                 "(2, 3)");
    ASSERT_FAILS(wick_hvp(first_only, in, 2, wick_list_of(x, wick_ones(2))), WICK_ERROR_SHAPE, "wick_hvp", "(2,)",
                 "input 1", "(2, 3)");
    ASSERT_FAILS(wick_hvp(exp_rows, &x, 1, v), WICK_ERROR_SHAPE, "wick_hvp", "one element", "(2,)");
    ASSERT_FAILS(wick_hessian(exp_rows, &x, 1), WICK_ERROR_SHAPE, "wick_hessian", "one element", "(2,)");
    ASSERT_FAILS(wick_jacobian(square, &deep, 1), WICK_ERROR_SHAPE, "wick_jacobian", "(1, 1, 1, 1, 1)", "10 dimensions",
                 "at most 8");
    ASSERT_FAILS(wick_hessian(first_only, &deep, 1), WICK_ERROR_SHAPE, "wick_hessian", "(1, 1, 1, 1, 1)",
                 "10 dimensions");
    ASSERT_FAILS(wick_jacobian(square, &i, 1), WICK_ERROR_DTYPE, "wick_jacobian", "input 0", "(3,)", "int64");
    ASSERT_FAILS(wick_jacobian(compares, &x, 1), WICK_ERROR_DTYPE, "wick_jacobian", "(2, 3)", "bool");
    ASSERT_FAILS(wick_vjp(nothing, &x, 1, NULL), WICK_ERROR_ARGUMENT, "wick_vjp", "returned NULL", "(2, 3)");
    ASSERT_FAILS(wick_hessian(fails, &x, 1), WICK_ERROR_SHAPE, "wick_matmul");
    ASSERT_FAILS(wick_hessian(first_only, &x, 0), WICK_ERROR_ARGUMENT, "wick_hessian", "at least one input");
    wick_tensor *ab[] = {wick_ones(3), wick_ones(2)};
    ASSERT_FAILS(wick_vjp(first_only, ab, 2, NULL, .strict = true), WICK_ERROR_AUTOGRAD, "wick_vjp", "value", "input 1",
                 "(2,)", "strict");
    ASSERT_FAILS(wick_jvp(first_only, ab, 2, wick_list_n(ab, 2), .strict = true), WICK_ERROR_AUTOGRAD, "wick_jvp",
                 "input 1");
    ASSERT_FAILS(wick_jacobian(constant, ab, 1, .strict = true), WICK_ERROR_AUTOGRAD, "wick_jacobian", "input 0");
    ASSERT_FAILS(wick_hessian(linear, ab, 2, .strict = true), WICK_ERROR_AUTOGRAD, "wick_hessian", "gradient",
                 "input 0", "(3,)");
    ASSERT_FAILS(wick_hvp(linear, ab, 2, wick_list_n(ab, 2), .strict = true), WICK_ERROR_AUTOGRAD, "wick_hvp",
                 "gradient");
    ck_assert(wick_vjp(linear, ab, 2, NULL, .strict = true) &&
              wick_jvp(product, in, 2, wick_list_n(in, 2), .strict = true));
    ck_assert(wick_jacobian(product, in, 2, .strict = true) != NULL);
    ASSERT_FAILS(wick_hvp(half_linear, ab, 2, wick_list_n(ab, 2), .strict = true), WICK_ERROR_AUTOGRAD, "wick_hvp",
                 "gradient", "input 1");
    void *list = v;
    ASSERT_FAILS(wick_vjp(exp_rows, &x, 1, list), WICK_ERROR_ARGUMENT, "wick_vjp", "v is not a tensor");
    void *tensor = x;
    ASSERT_FAILS(wick_jvp(exp_rows, &x, 1, tensor), WICK_ERROR_ARGUMENT, "wick_jvp", "v is not a list");
}
END_TEST

Suite *functional_suite(void);
Suite *functional_suite(void)
{
    const TTest *const tests[] = {
        small_functions_as_in_pytorch,
        hessian_of_a_network,
        hessian_vector_product_of_a_large_network,
        the_callers_tensors_are_left_alone,
        results_can_be_differentiated,
        inputs_of_any_layout_size_and_dtype,
        errors,
    };
    return MAKE_SUITE("functional", tests);
}
