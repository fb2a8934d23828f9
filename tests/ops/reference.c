/* reference.c - the reader of reference.h: one pass over the file's lines; the text stays in memory for the names. */
#include "reference.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* Cuts the next word off *rest; NULL at the line's end. */
static char *word(char **rest)
{
    char *start = *rest + strspn(*rest, " ");
    if (!*start)
        return NULL;
    char *end = start + strcspn(start, " ");
    *rest = *end ? end + 1 : end;
    *end = '\0';
    return start;
}

static bool parse_real(const char *text, double *value)
{
    char *end = NULL;
    *value = text ? strtod(text, &end) : 0;
    return text && end != text && !*end;
}

static bool parse_whole(const char *text, int64_t *value)
{
    char *end = NULL;
    errno = 0;
    *value = text ? (int64_t)strtoll(text, &end, 10) : 0;
    return text && end != text && !*end && !errno;
}

static bool parse_dtype(const char *text, wick_dtype *dtype)
{
    for (*dtype = WICK_FLOAT32; text && *dtype <= WICK_BOOL; ++*dtype)
        if (strcmp(text, wick_dtype_name(*dtype)) == 0)
            return true;
    return false;
}

/* "2x3", or "-" for no dimensions. */
static bool parse_shape(const char *text, ref_tensor *t)
{
    t->ndim = 0;
    t->numel = 1;
    if (!text)
        return false;
    if (strcmp(text, "-") == 0)
        return true;
    for (char *end = NULL; t->ndim < WICK_MAX_DIMS; text = end + 1) {
        t->shape[t->ndim] = (int64_t)strtoll(text, &end, 10);
        if (end == text || t->shape[t->ndim] < 0)
            return false;
        t->numel *= t->shape[t->ndim++];
        if (*end != 'x')
            return !*end;
    }
    return false;
}

/* numel values to the end of the line. */
static bool parse_values(char **rest, ref_tensor *t)
{
    t->data = calloc((size_t)t->numel + 1, wick_dtype_size(t->dtype));
    if (!t->data)
        return false;
    for (int64_t i = 0; i < t->numel; i++) {
        const char *text = word(rest);
        double real = 0;
        int64_t whole = 0;
        if (!(wick_dtype_is_floating(t->dtype) ? parse_real(text, &real) : parse_whole(text, &whole)))
            return false;
        switch (t->dtype) {
        case WICK_FLOAT32: ((float *)t->data)[i] = strtof(text, NULL); break;
        case WICK_FLOAT64: ((double *)t->data)[i] = real; break;
        case WICK_INT64: ((int64_t *)t->data)[i] = whole; break;
        case WICK_UINT8: ((uint8_t *)t->data)[i] = (uint8_t)whole; break;
        case WICK_BOOL: ((bool *)t->data)[i] = whole != 0; break;
        case WICK_DTYPE_AUTO: return false;
        }
    }
    return !word(rest);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

static bool parse_args(char **rest, ref_case *c)
{
    for (const char *text; (text = word(rest));) {
        if (c->args == REF_MAX_ARGS)
            return false;
        double *real = &c->real[c->args];
        int64_t *whole = &c->whole[c->args++];
        if (strcmp(text, "unset") == 0)
            *whole = WICK_UNSET;
        else if (!parse_real(text, real))
            return false;
        else if (*real > -9e18 && *real < 9e18)
            *whole = (int64_t)*real;
    }
    return true;
}

static bool parse_input(char **rest, ref_case *c)
{
    if (c->inputs == REF_MAX_INPUTS)
        return false;
    ref_input *in = &c->in[c->inputs++];
    if (!parse_dtype(word(rest), &in->value.dtype) || !parse_shape(word(rest), &in->value))
        return false;
    const char *layout = word(rest), *grad = word(rest);
    if (!layout || !grad)
        return false;
    in->layout = *layout;
    in->can_grad = *grad == 'g';
    return parse_values(rest, &in->value);
}

static bool parse_number(char **rest, ref_case *c)
{
    static const char *const names[] = {[REF_INT] = "int", [REF_FLOAT] = "float", [REF_BOOL] = "bool"};
    static const wick_dtype dtypes[] = {[REF_INT] = WICK_INT64, [REF_FLOAT] = WICK_FLOAT64, [REF_BOOL] = WICK_BOOL};
    if (c->inputs == REF_MAX_INPUTS)
        return false;
    ref_input *in = &c->in[c->inputs++];
    const char *kind = word(rest);
    for (int i = REF_INT; kind && i <= REF_BOOL; i++) {
        if (strcmp(kind, names[i]) == 0)
            in->number = (ref_number)i;
    }
    in->layout = 'c';
    in->value.dtype = dtypes[in->number ? in->number : REF_INT];
    in->value.numel = 1;
    return in->number && parse_values(rest, &in->value);
}

static bool parse_strides(char **rest, ref_case *c)
{
    c->has_strides = true;
    const char *text = word(rest);
    c->copied = text && strcmp(text, "copy") == 0;
    if (c->copied)
        return true;
    for (int i = 0; i < c->out.ndim; i++, text = word(rest)) {
        if (!parse_whole(text, &c->strides[i]))
            return false;
    }
    return !text;
}

static bool parse_gradient(char **rest, ref_case *c)
{
    int64_t i = 0;
    if (!parse_whole(word(rest), &i) || i < 0 || i >= c->inputs)
        return false;
    c->grad[i] = c->in[i].value;
    c->grad[i].data = NULL;
    return strcmp(*rest, "none") == 0 || parse_values(rest, &c->grad[i]);
}

static bool parse_line(const char *key, char **rest, ref_case *c)
{
    if (strcmp(key, "arg") == 0)
        return parse_args(rest, c);
    if (strcmp(key, "in") == 0)
        return parse_input(rest, c);
    if (strcmp(key, "num") == 0)
        return parse_number(rest, c);
    if (strcmp(key, "out") == 0) {
        return parse_dtype(word(rest), &c->out.dtype) && parse_shape(word(rest), &c->out) &&
               parse_values(rest, &c->out);
    }
    if (strcmp(key, "strides") == 0)
        return parse_strides(rest, c);
    if (strcmp(key, "fn") == 0)
        return (c->fn = word(rest)) != NULL;
    if (strcmp(key, "dy") == 0) {
        c->has_gradients = true;
        c->dy = c->out;
        c->dy.data = NULL;
        return c->out.data && parse_values(rest, &c->dy);
    }
    if (strcmp(key, "grad") == 0)
        return parse_gradient(rest, c);
    if (strcmp(key, "check") == 0)
        return c->check = true;
    return false;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
        text = calloc((size_t)size + 1, 1);
    if (text && fread(text, 1, (size_t)size, file) != (size_t)size) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

static bool refuse(ref_file *file, char *message, size_t size, const char *path, int line, const char *why)
{
    snprintf(message, size, "%s, line %d: %s; make it again with tests/ops/ops.py", path, line, why);
    ref_free(file);
    return false;
}

bool ref_read(const char *path, ref_file *file, char *message, size_t size)
{
    *file = (ref_file){0};
    const char *slash = strrchr(path, '/');
    snprintf(file->name, sizeof file->name, "%s", slash ? slash + 1 : path);
    file->text = read_text(path);
    if (!file->text)
        return refuse(file, message, size, path, 0, "cannot be read");
    int capacity = 0, line = 0, errors = 0;
    for (char *next = file->text; *next;) {
        char *rest = next, *end = next + strcspn(next, "\n");
        next = *end ? end + 1 : end;
        *end = '\0';
        line++;
        const char *key = word(&rest);
        if (!key)
            return refuse(file, message, size, path, line, "is empty");
        if (*key == '#')
            continue;
        if (strcmp(key, "end") == 0) {
            int64_t cases = 0, refused = 0;
            if (!parse_whole(word(&rest), &cases) || !parse_whole(word(&rest), &refused) || *next ||
                cases != file->count - errors || refused != errors || cases < 1) {
                return refuse(file, message, size, path, line, "does not count the cases that are there");
            }
            return true;
        }
        if (strcmp(key, "case") == 0 || strcmp(key, "error") == 0) {
            if (file->count == capacity) {
                capacity = capacity ? 2 * capacity : 1024;
                ref_case *cases = realloc(file->cases, (size_t)capacity * sizeof *cases);
                if (!cases)
                    return refuse(file, message, size, path, line, "out of memory");
                file->cases = cases;
            }
            ref_case *c = &file->cases[file->count++];
            *c = (ref_case){.file = file->name, .line = line, .op = word(&rest), .error = *key == 'e'};
            errors += c->error;
            if (!c->op)
                return refuse(file, message, size, path, line, "names no operation");
        } else if (file->count == 0 || !parse_line(key, &rest, &file->cases[file->count - 1])) {
            return refuse(file, message, size, path, line, "is malformed");
        }
    }
    return refuse(file, message, size, path, line, "ends without an end line");
}

void ref_free(ref_file *file)
{
    for (int i = 0; i < file->count; i++) {
        ref_case *c = &file->cases[i];
        for (int j = 0; j < REF_MAX_INPUTS; j++) {
            free(c->in[j].value.data);
            free(c->grad[j].data);
        }
        free(c->out.data);
        free(c->dy.data);
    }
    free(file->cases);
    free(file->text);
    *file = (ref_file){0};
}

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

wick_tensor *ref_tensor_of(const ref_tensor *t) { return wick_from_n(t->data, t->dtype, t->shape, t->ndim); }

/* A tensor of the input's values whose memory is arranged as layout says: the elements are put in place by hand, and
 * the view that undoes the arrangement is the library's. */
static wick_tensor *arrange(const ref_input *input)
{
    const ref_tensor *v = &input->value;
    ref_tensor base = *v;
    int64_t last = v->ndim > 0 ? v->shape[v->ndim - 1] : 1, rows = v->ndim > 1 ? v->shape[v->ndim - 2] : 1;
    size_t size = wick_dtype_size(v->dtype);
    base.data = calloc(2 * (size_t)v->numel + 1, size);
    if (!base.data)
        return NULL;
    for (int64_t i = 0; i < v->numel; i++) {
        int64_t at = i;
        if (input->layout == 't')
            at = i / (rows * last) * (rows * last) + i % last * rows + i / last % rows;
        if (input->layout == 's')
            at = 2 * i + 1;
        memcpy((char *)base.data + (size_t)at * size, (const char *)v->data + (size_t)i * size, size);
    }
    wick_tensor *x = NULL;
    if (input->layout == 't') {
        base.shape[v->ndim - 2] = last;
        base.shape[v->ndim - 1] = rows;
        x = wick_transpose(ref_tensor_of(&base), -2, -1);
    } else if (input->layout == 's') {
        base.shape[v->ndim - 1] = 2 * last;
        x = wick_slice(ref_tensor_of(&base), -1, 1, WICK_UNSET, 2);
    } else if (input->layout == 'e') {
        base.shape[0] = 1;
        x = wick_expand_n(ref_tensor_of(&base), v->shape, v->ndim);
    }
    free(base.data);
    return x;
}

wick_tensor *ref_make(const ref_input *input, bool requires_grad)
{
    switch (input->number) {
    case REF_INT: return wick_scalar_int(ref_whole(&input->value, 0));
    case REF_FLOAT: return wick_scalar_float(ref_real(&input->value, 0));
    case REF_BOOL: return wick_scalar_bool(ref_whole(&input->value, 0) != 0);
    case REF_TENSOR: break;
    }
    wick_tensor *x = input->layout == 'c' ? ref_tensor_of(&input->value) : wick_detach(arrange(input));
    return requires_grad && input->can_grad ? wick_requires_grad_(x, true) : x;
}

static double real_at(wick_dtype dtype, const void *data, int64_t i)
{
    if (dtype == WICK_FLOAT32)
        return (double)((const float *)data)[i];
    return ((const double *)data)[i];
}

static int64_t whole_at(wick_dtype dtype, const void *data, int64_t i)
{
    if (dtype == WICK_INT64)
        return ((const int64_t *)data)[i];
    return dtype == WICK_UINT8 ? ((const uint8_t *)data)[i] : ((const bool *)data)[i];
}

double ref_real(const ref_tensor *t, int64_t i) { return real_at(t->dtype, t->data, i); }

int64_t ref_whole(const ref_tensor *t, int64_t i) { return whole_at(t->dtype, t->data, i); }

/* Where row-major element i lies, in elements from the first. */
static int64_t place(const wick_tensor *t, int64_t i)
{
    int64_t at = 0;
    for (int d = wick_ndim(t) - 1; d >= 0; d--) {
        at += i % wick_shape(t)[d] * wick_strides(t)[d];
        i /= wick_shape(t)[d];
    }
    return at;
}

double tensor_real(wick_tensor *t, int64_t i) { return real_at(wick_dtype_of(t), wick_data_ptr(t), place(t, i)); }

int64_t tensor_whole(wick_tensor *t, int64_t i) { return whole_at(wick_dtype_of(t), wick_data_ptr(t), place(t, i)); }
