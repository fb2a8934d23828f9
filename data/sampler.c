/* sampler.c - samplers, and a pass over one.
 *
 * A sampler makes its order in parts, a part when the first of its indices is asked for, so that the numbers of a shared
 * generator are drawn in the order in which PyTorch's samplers draw them: a permutation at a time, or 32 indices with
 * replacement. The order of a pass without an end to it would need no memory but its part's. */
#include <string.h>

#include "../tensor/generator.h"
#include "../tensor/thread.h"
#include "fetch.h"

/* A part is an int64 tensor (n), owned by the innermost scope. */
typedef struct {
    int64_t (*length)(wick_sampler *s);
    bool (*part)(wick_sampler *s, wk_pass *pass, wick_tensor **part); /* NULL at the end; false with an error */
} kind;

struct wick_sampler {
    wick_object base;
    const kind *kind;
    wick_dataset *dataset;     /* whose samples are counted */
    wick_tensor *tensor;       /* the indices, or the weights */
    wick_sampler *inner;       /* whose indices a batch sampler takes */
    wick_generator *generator; /* may be NULL */
    bool replacement, drop_last;
    int64_t count; /* num_samples, or batch_size */
    wick_sampler_options own;
    void *fields; /* behind this struct, aligned to 64 */
};

enum { FIELDS_AT = (sizeof(wick_sampler) + 63) / 64 * 64 };

static void sampler_destroy(wick_object *object)
{
    wick_sampler *s = (wick_sampler *)object;
    void (*destroy)(wick_sampler *) = s->own.destroy;
    if (destroy) {
        s->own.destroy = NULL; /* it is called once */
        wk_revive(object, &wk_sampler_class);
        {
            WK_USERS_CODE;
            destroy(s);
        }
        if (wk_lives_on(object))
            return;
    }
    wk_unref(s->dataset);
    wk_unref(s->tensor);
    wk_unref(s->inner);
    wk_unref(s->generator);
    wk_free(s, FIELDS_AT + s->own.size);
}

const wk_class wk_sampler_class = {"sampler", sampler_destroy};

/* A sampler as init says, with a reference more of what it holds. */
static wick_sampler *make(wick_sampler init)
{
    wick_sampler *s = wk_alloc_zero(FIELDS_AT + init.own.size);
    if (!s)
        return NULL;
    *s = init;
    wk_object_init(&s->base, &wk_sampler_class);
    wk_ref(s->dataset);
    wk_ref(s->tensor);
    wk_ref(s->inner);
    wk_ref(s->generator);
    s->fields = init.own.size ? (char *)s + FIELDS_AT : NULL;
    return wk_own(s);
}

static int64_t length_of_dataset(wick_sampler *s) { return wick_data_count(s->dataset); }
static int64_t length_of_tensor(wick_sampler *s) { return s->tensor->shape[0]; }
static int64_t length_given(wick_sampler *s) { return s->count; }

/* ---- Sequential, and given indices ------------------------------------------------------------------------------- */

static bool sequential_part(wick_sampler *s, wk_pass *pass, wick_tensor **part)
{
    int64_t n = pass->parts ? 0 : wick_data_count(s->dataset);
    *part = n > 0 ? wk_own(wk_new(&n, 1, WICK_INT64)) : NULL;
    for (int64_t i = 0; *part && i < n; i++)
        ((int64_t *)wk_data(*part))[i] = i;
    return n == 0 || *part;
}

static const kind sequential = {length_of_dataset, sequential_part};

wick_sampler *wick_data_sequential_sampler(wick_dataset *d)
{
    WK_ENTER;
    if (!wk_check_dataset(d, "wick_data_sequential_sampler", "d"))
        return NULL;
    return make((wick_sampler){.kind = &sequential, .dataset = d});
}

static bool index_part(wick_sampler *s, wk_pass *pass, wick_tensor **part)
{
    *part = pass->parts ? NULL : s->tensor;
    return true;
}

static const kind by_index = {length_of_tensor, index_part};

wick_sampler *wick_data_index_sampler(wick_tensor *indices)
{
    WK_ENTER;
    if (!wk_check_indices("wick_data_index_sampler", indices))
        return NULL;
    return make((wick_sampler){.kind = &by_index, .tensor = indices});
}

/* ---- Random ------------------------------------------------------------------------------------------------------ */

static int64_t random_length(wick_sampler *s) { return s->count >= 0 ? s->count : wick_data_count(s->dataset); }

static bool random_part(wick_sampler *s, wk_pass *pass, wick_tensor **part)
{
    *part = NULL;
    int64_t n = wick_data_count(s->dataset), count = random_length(s);
    if (n < 0 || count < 0)
        return false;
    if (n == 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_data_random_sampler: the dataset has become empty");
        return false;
    }
    /* A 63-bit number of the default generator seeds the generator of a pass. */
    if (!s->generator && !pass->generator) {
        uint64_t seed = wk_random64(NULL) & INT64_MAX;
        pass->generator = wk_ref(wick_generator_manual_seed(wick_generator_new(), seed));
        if (!pass->generator)
            return false;
    }
    wick_generator *g = s->generator ? s->generator : pass->generator;
    int64_t size = s->replacement ? 32 : n, whole = count / size, rest = count % size;
    if (pass->parts > whole)
        return true;
    if (s->replacement) {
        int64_t shape[] = {pass->parts < whole ? size : rest};
        if (shape[0] > 0 && (*part = wk_own(wk_new(shape, 1, WICK_INT64))))
            wk_randint_fill(*part, 0, n, g);
        return shape[0] == 0 || *part;
    }
    /* The last permutation is drawn even if none of its indices is left to take. */
    wick_tensor *order = wick_randperm(n, .generator = g);
    if (order && (pass->parts < whole || rest > 0))
        *part = pass->parts < whole ? order : wick_narrow(order, 0, 0, rest);
    return *part || (order && rest == 0);
}

static const kind at_random = {random_length, random_part};

wick_sampler *wick_data_random_sampler_opt(wick_dataset *d, const wick_random_sampler_options *given)
{
    WK_ENTER;
    wick_random_sampler_options o = WK_OPTIONS(wick_random_sampler_options, WICK_RANDOM_SAMPLER_DEFAULTS, given);
    const char *function = "wick_data_random_sampler";
    if (!wk_check_dataset(d, function, "d") || !wk_check_generator(function, o.generator))
        return NULL;
    int64_t n = wick_data_count(d);
    if (n < 0)
        return NULL;
    if (n == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the dataset is empty; a random order needs at least one sample",
                         function);
    if (o.num_samples <= 0 && o.num_samples != INT64_MIN)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .num_samples is %lld; it must be positive", function,
                         (long long)o.num_samples);
    return make((wick_sampler){.kind = &at_random,
                               .dataset = d,
                               .generator = o.generator,
                               .replacement = o.replacement,
                               .count = o.num_samples == INT64_MIN ? -1 : o.num_samples});
}

static bool subset_part(wick_sampler *s, wk_pass *pass, wick_tensor **part)
{
    *part = NULL;
    if (pass->parts)
        return true;
    wick_tensor *order = wick_randperm(s->tensor->shape[0], .generator = s->generator);
    *part = order ? wick_index(s->tensor, wick_list_of(order)) : NULL;
    return *part;
}

static const kind subset_at_random = {length_of_tensor, subset_part};

wick_sampler *wick_data_subset_random_sampler_opt(wick_tensor *indices, const wick_random_options *given)
{
    WK_ENTER;
    wick_random_options o = WK_OPTIONS(wick_random_options, 0, given);
    const char *function = "wick_data_subset_random_sampler";
    if (!wk_check_indices(function, indices) || !wk_check_generator(function, o.generator))
        return NULL;
    return make((wick_sampler){.kind = &subset_at_random, .tensor = indices, .generator = o.generator});
}

static bool weighted_part(wick_sampler *s, wk_pass *pass, wick_tensor **part)
{
    WK_OWN_CODE;
    WK_ENTER_AS("wick_data_weighted_random_sampler");
    *part = pass->parts
                ? NULL
                : wick_multinomial(s->tensor, s->count, .replacement = s->replacement, .generator = s->generator);
    return pass->parts || *part;
}

static const kind weighted = {length_given, weighted_part};

wick_sampler *wick_data_weighted_random_sampler_opt(wick_tensor *weights, int64_t num_samples,
                                                    const wick_weighted_sampler_options *given)
{
    WK_ENTER;
    wick_weighted_sampler_options o = WK_OPTIONS(wick_weighted_sampler_options, true, given);
    const char *function = "wick_data_weighted_random_sampler";
    if (!WK_TENSOR(weights, function, "weights") || !wk_check_generator(function, o.generator))
        return NULL;
    if (weights->ndim != 1)
        return wick_fail(WICK_ERROR_SHAPE, "%s: weights have shape %s; they must have one dimension", function,
                         WK_SHAPE(weights));
    if (num_samples <= 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: num_samples is %lld; it must be positive", function,
                         (long long)num_samples);
    WICK_SCOPE;
    wick_tensor *doubles = wk_own(wk_cast(weights, WICK_FLOAT64));
    if (!doubles)
        return NULL;
    return wick_out(make((wick_sampler){.kind = &weighted,
                                        .tensor = doubles,
                                        .generator = o.generator,
                                        .replacement = o.replacement,
                                        .count = num_samples}));
}

/* ---- One's own --------------------------------------------------------------------------------------------------- */

static int64_t users_length(wick_sampler *s)
{
    WK_USERS_CODE;
    return s->own.length(s);
}

static wick_tensor *users_indices(wick_sampler *s)
{
    WK_USERS_CODE;
    return s->own.indices(s);
}

static wick_list *users_batches(wick_sampler *s)
{
    WK_USERS_CODE;
    return s->own.batches(s);
}

static int64_t own_length(wick_sampler *s)
{
    if (s->own.length) {
        int64_t length = users_length(s);
        if (length < 0 && wick_error_kind() == WICK_OK)
            wick_fail(WICK_ERROR_ARGUMENT, "wick_data_sampler: the sampler's length function returned %lld",
                      (long long)length);
        return length < 0 ? -1 : length;
    }
    WICK_SCOPE;
    if (s->own.batches) {
        wick_list *batches = wick_data_sampler_batches(s);
        return batches ? batches->count : -1;
    }
    wick_tensor *indices = wick_data_sampler_indices(s);
    return indices ? indices->shape[0] : -1;
}

static bool own_part(wick_sampler *s, wk_pass *pass, wick_tensor **part)
{
    *part = pass->parts ? NULL : users_indices(s);
    if (pass->parts || (*part && wk_check_indices("wick_data_sampler", *part)))
        return true;
    if (!*part && wick_error_kind() == WICK_OK)
        wick_fail(WICK_ERROR_ARGUMENT, "wick_data_sampler: the sampler's indices function returned NULL");
    return false;
}

static const kind own_kind = {own_length, own_part};

wick_sampler *wick_data_sampler_opt(const wick_sampler_options *given)
{
    WK_ENTER;
    wick_sampler_options options = WK_OPTIONS(wick_sampler_options, 0, given);
    if (!options.indices == !options.batches)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_data_sampler: one of .indices and .batches must be given: what makes the order");
    if (options.size > SIZE_MAX / 2)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_data_sampler: .size is %zu bytes, more than can be addressed",
                         options.size);
    return make((wick_sampler){.kind = &own_kind, .own = options});
}

void *wick_data_sampler_fields(const wick_sampler *s)
{
    WK_ENTER;
    return wk_check(s, &wk_sampler_class, "wick_data_sampler_fields", "s") ? s->fields : NULL;
}

/* ---- Batches ----------------------------------------------------------------------------------------------------- */

static int64_t batch_length(wick_sampler *s)
{
    int64_t n = wick_data_sampler_count(s->inner);
    return n < 0 ? -1 : n / s->count + (!s->drop_last && n % s->count != 0);
}

static const kind in_batches = {batch_length, NULL};

static bool gives_batches(const wick_sampler *s) { return s->inner || s->own.batches; }

bool wk_check_sampler(const char *function, wick_sampler *s, const char *name, bool batches)
{
    if (!wk_check(s, &wk_sampler_class, function, name))
        return false;
    if (gives_batches(s) == batches)
        return true;
    wick_fail(WICK_ERROR_ARGUMENT,
              batches ? "%s: %s gives indices one by one; wick_data_batch_sampler makes batches of them"
                      : "%s: %s gives batches, and single indices are needed here; a loader takes it as .batch_sampler",
              function, name);
    return false;
}

wick_sampler *wick_data_batch_sampler(wick_sampler *sampler, int64_t batch_size, bool drop_last)
{
    WK_ENTER;
    const char *function = "wick_data_batch_sampler";
    if (!wk_check_sampler(function, sampler, "sampler", false))
        return NULL;
    if (batch_size <= 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: batch_size is %lld; it must be positive", function,
                         (long long)batch_size);
    return make((wick_sampler){.kind = &in_batches, .inner = sampler, .count = batch_size, .drop_last = drop_last});
}

long long wick_data_sampler_count(wick_sampler *s)
{
    WK_ENTER;
    const char *function = "wick_data_sampler_count";
    if (!wk_check(s, &wk_sampler_class, function, "s") || !wk_stack_left(function))
        return -1;
    WK_HOLD(s);
    return s->kind->length(s);
}

/* ---- Passes ------------------------------------------------------------------------------------------------------ */

void wk_pass_end(wk_pass *pass)
{
    wk_unref(pass->part);
    wk_unref(pass->generator);
    wk_unref(pass->batches);
    *pass = (wk_pass){.sampler = pass->sampler, .over = true};
}

/* The next part takes the place of the one that is used up; false at the end, and with an error. */
static bool next_part(wick_sampler *s, wk_pass *pass)
{
    WICK_SCOPE;
    wick_tensor *part;
    do { /* a sampler of one's own may give none */
        if (!s->kind->part(s, pass, &part) || !part)
            return false;
        pass->parts++;
    } while (part->shape[0] == 0);
    wk_unref(pass->part);
    pass->part = wk_ref(part);
    pass->taken = 0;
    return true;
}

/* Up to count indices of the sampler, which gives single ones; one reference. NULL at the end, and with an error. */
static wick_tensor *take(wick_sampler *s, wk_pass *pass, int64_t count)
{
    int64_t *indices = NULL, size = 0;
    size_t room = 0;
    wick_tensor *got = NULL;
    unsigned failures = wk_this_thread.failures;
    while (size < count && !pass->over) {
        if ((!pass->part || pass->taken == pass->part->shape[0]) && !next_part(s, pass))
            pass->over = true;
        else if (!WK_GROW(indices, (size_t)size, room))
            break;
        else
            indices[size++] = ((const int64_t *)wk_data(pass->part))[pass->taken++ * pass->part->strides[0]];
    }
    if (wk_this_thread.failures == failures && size > 0 && (got = wk_new(&size, 1, WICK_INT64)))
        memcpy(wk_data(got), indices, (size_t)size * sizeof *indices);
    wk_free(indices, room * sizeof *indices);
    return got;
}

static wick_tensor *own_batch(wick_sampler *s, wk_pass *pass, const char *function)
{
    if (!pass->batches) {
        WICK_SCOPE;
        pass->batches = wk_ref(users_batches(s));
        if (!pass->batches && wick_error_kind() == WICK_OK)
            wick_fail(WICK_ERROR_ARGUMENT, "%s: the sampler's batches function returned NULL", function);
    }
    if (!pass->batches || pass->taken == pass->batches->count) {
        pass->over = true;
        return NULL;
    }
    wick_tensor *batch = pass->batches->items[pass->taken++];
    if (!wk_check_indices(function, batch))
        return NULL;
    if (batch->shape[0] == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the sampler's batch %lld is empty", function,
                         (long long)(pass->taken - 1));
    WICK_SCOPE;
    return wk_ref(wick_clone(batch));
}

wick_tensor *wk_pass_batch(wk_pass *pass, const char *function)
{
    wick_sampler *s = pass->sampler;
    if (pass->over)
        return NULL;
    if (s->own.batches)
        return own_batch(s, pass, function);
    wick_tensor *batch = take(s->inner, pass, s->count);
    if (batch && s->drop_last && batch->shape[0] < s->count) {
        wk_unref(batch);
        return NULL;
    }
    return batch;
}

wick_tensor *wick_data_sampler_indices(wick_sampler *s)
{
    WK_ENTER;
    const char *function = "wick_data_sampler_indices";
    if (!wk_check_sampler(function, s, "s", false) || !wk_stack_left(function))
        return NULL;
    WK_HOLD(s);
    wk_pass pass = {.sampler = s};
    unsigned failures = wk_this_thread.failures;
    wick_tensor *all = take(s, &pass, INT64_MAX);
    wk_pass_end(&pass);
    if (!all && wk_this_thread.failures == failures)
        all = wk_new((int64_t[]){0}, 1, WICK_INT64);
    return wk_own(all);
}

wick_list *wick_data_sampler_batches(wick_sampler *s)
{
    WK_ENTER;
    const char *function = "wick_data_sampler_batches";
    if (!wk_check_sampler(function, s, "s", true) || !wk_stack_left(function))
        return NULL;
    WK_HOLD(s);
    WICK_SCOPE;
    wk_pass pass = {.sampler = s};
    wick_tensor **batches = NULL;
    size_t count = 0, room = 0;
    unsigned failures = wk_this_thread.failures;
    for (wick_tensor *batch; (batch = wk_own(wk_pass_batch(&pass, function))) != NULL;) {
        if (!WK_GROW(batches, count, room))
            break;
        batches[count++] = batch;
    }
    wk_pass_end(&pass);
    wick_list *all = wk_this_thread.failures == failures ? wick_list_n(batches, (int64_t)count) : NULL;
    wk_free(batches, room * sizeof *batches);
    return wick_out(all);
}
