/* print.c - the text of a tensor, to the letter as PyTorch's print(t).
 *
 * The elements that are shown are gone through first to find their common format (whole numbers, fixed point or
 * scientific, and the width of a column), then to write them. Shown are all, or, of a tensor of more elements than the
 * threshold, the first and last edgeitems along each dimension. Line breaks and the suffixes (dtype, size, grad_fn,
 * requires_grad) follow torch/_tensor_str.py step by step, oddities included, because users compare the two outputs. */
#include <math.h>
#include <string.h>

#include "tensor_struct.h"
#include "text.h"
#include "thread.h"

void wick_set_printoptions_opt(const wick_print_options *given)
{
    WK_ENTER;
    wick_print_options o = WK_OPTIONS(wick_print_options, WICK_PRINT_DEFAULTS, given);
    wick_print_options *print = &wk_this_thread.print;
    const struct {
        const char *name;
        int given, last;
        int *option;
    } members[] = {
        {"precision", o.precision, INT16_MAX, &print->precision},
        {"threshold", o.threshold, INT32_MAX, &print->threshold},
        {"edgeitems", o.edgeitems, INT32_MAX, &print->edgeitems},
        {"linewidth", o.linewidth, INT32_MAX, &print->linewidth},
        {"sci_mode", o.sci_mode, 2, &print->sci_mode},
    };
    const size_t count = sizeof members / sizeof *members;
    for (size_t i = 0; i < count; i++) {
        if (members[i].given < -1 || members[i].given > members[i].last) {
            wick_fail(WICK_ERROR_ARGUMENT, "wick_set_printoptions: %s is %d; it must be from 0 to %d", members[i].name,
                      members[i].given, members[i].last);
            return;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (members[i].given != -1)
            *members[i].option = members[i].given;
}

/* ---- Pieces of text ---------------------------------------------------------------------------------------------- */

static void put_repeated(wk_text *out, char c, int64_t count)
{
    const char one[] = {c, '\0'};
    while (count-- > 0)
        wk_text_put(out, one);
}

/* ---- The format that all elements share -------------------------------------------------------------------------- */

typedef struct formatter {
    bool floating;
    bool whole; /* every finite element is a whole number: printed as "3." */
    bool scientific;
    int width;                /* of a column */
    double smallest, largest; /* absolute value of finite elements other than 0; largest is 0 if there are none */
} formatter;

/* A tensor on its way to text. */
typedef struct printer {
    const wick_tensor *t;
    bool summarize;
    formatter format;
    wk_text out;
} printer;

/* Whether the middle of a dimension of this size is left out. */
static bool leaves_out(const printer *p, int64_t size)
{
    return p->summarize && size > 2 * (int64_t)wk_this_thread.print.edgeitems;
}

/* Calls visit for the shown elements from dimension dim on; at is the element offset in the storage. */
static void visit_shown(printer *p, int dim, int64_t at, void (*visit)(printer *p, int64_t at))
{
    if (dim == p->t->ndim) {
        visit(p, at);
        return;
    }
    int64_t size = p->t->shape[dim];
    for (int64_t i = 0; i < size; i++) {
        if (i == wk_this_thread.print.edgeitems && leaves_out(p, size))
            i = size - wk_this_thread.print.edgeitems;
        visit_shown(p, dim + 1, at + i * p->t->strides[dim], visit);
    }
}

static void see_magnitude(printer *p, int64_t at)
{
    formatter *f = &p->format;
    double value = wk_load(p->t, at), magnitude = fabs(value);
    if (!isfinite(value) || value == 0)
        return;
    f->smallest = f->largest == 0 ? magnitude : fmin(f->smallest, magnitude);
    f->largest = fmax(f->largest, magnitude);
    f->whole = f->whole && value == ceil(value);
}

/* One element, not padded. */
static void put_element(printer *p, int64_t at)
{
    const formatter *f = &p->format;
    wk_text *out = &p->out;
    if (p->t->dtype == WICK_BOOL) {
        wk_text_put(out, wk_load_int(p->t, at) ? "True" : "False");
    } else if (!f->floating) {
        wk_text_add(out, "%lld", (long long)wk_load_int(p->t, at));
    } else {
        double value = wk_load(p->t, at);
        if (isnan(value)) { /* printf may say "-nan" */
            wk_text_put(out, "nan");
            return;
        }
        if (isinf(value)) {
            wk_text_put(out, value < 0 ? "-inf" : "inf");
            return;
        }
        if (f->scientific)
            wk_text_add(out, "%.*e", wk_this_thread.print.precision, value);
        else if (f->whole)
            wk_text_add(out, "%.0f.", value);
        else
            wk_text_add(out, "%.*f", wk_this_thread.print.precision, value);
    }
}

/* Widens the column to the element. Zeros, inf and nan have no say in it, and may stick out. */
static void see_width(printer *p, int64_t at)
{
    formatter *f = &p->format;
    if (f->floating) {
        double value = wk_load(p->t, at);
        if (!isfinite(value) || value == 0)
            return;
    }
    size_t before = p->out.length;
    put_element(p, at);
    int width = (int)(p->out.length - before);
    p->out.length = before;
    f->width = width > f->width ? width : f->width;
}

static void choose_format(printer *p)
{
    formatter *f = &p->format;
    *f = (formatter){.floating = wick_dtype_is_floating(p->t->dtype), .whole = true, .width = 1};
    if (f->floating) {
        visit_shown(p, 0, p->t->offset, see_magnitude);
        if (f->largest == 0)
            return;
        f->scientific = wk_this_thread.print.sci_mode != 2
                            ? wk_this_thread.print.sci_mode == 1
                            : f->largest / f->smallest > 1000 || f->largest > 1e8 || f->smallest < 1e-4;
    }
    visit_shown(p, 0, p->t->offset, see_width);
}

/* ---- Brackets and lines ------------------------------------------------------------------------------------------ */

/* The last dimension: as many elements a line as fit. */
static void put_vector(printer *p, int64_t at, int indent)
{
    int64_t size = p->t->shape[p->t->ndim - 1], stride = p->t->strides[p->t->ndim - 1];
    int64_t per_line = ((int64_t)wk_this_thread.print.linewidth - indent) / (p->format.width + 2);
    per_line = per_line < 1 ? 1 : per_line;
    bool short_form = leaves_out(p, size);
    int64_t items = 0; /* "..." is one too */
    wk_text_put(&p->out, "[");
    for (int64_t i = 0; i < size && !p->out.failed; i++, items++) {
        if (items)
            wk_text_put(&p->out, items % per_line ? ", " : ",\n");
        if (items && items % per_line == 0)
            put_repeated(&p->out, ' ', indent + 1);
        if (short_form && i == wk_this_thread.print.edgeitems) {
            wk_text_put(&p->out, " ...");
            i = size - wk_this_thread.print.edgeitems - 1;
            continue;
        }
        size_t before = p->out.length;
        put_element(p, at + i * stride);
        size_t length = p->out.length - before;
        int64_t pad = p->format.width - (int64_t)length;
        put_repeated(&p->out, ' ', pad);
        if (pad > 0 && !p->out.failed) { /* to the element's other side */
            char *element = p->out.s + before;
            memmove(element + pad, element, length);
            memset(element, ' ', (size_t)pad);
        }
    }
    wk_text_put(&p->out, "]");
}

/* The dimensions from dim on, in brackets; indent is the column of the opening one. */
static void put_dims(printer *p, int dim, int64_t at, int indent)
{
    int left = p->t->ndim - dim;
    if (left == 0) {
        put_element(p, at);
        return;
    }
    if (left == 1) {
        put_vector(p, at, indent);
        return;
    }
    int64_t size = p->t->shape[dim];
    bool short_form = leaves_out(p, size);
    wk_text_put(&p->out, "[");
    for (int64_t i = 0; i < size && !p->out.failed; i++) {
        if (i) {
            wk_text_put(&p->out, ",");
            put_repeated(&p->out, '\n', left - 1);
            put_repeated(&p->out, ' ', indent + 1);
        }
        if (short_form && i == wk_this_thread.print.edgeitems) {
            wk_text_put(&p->out, "...");
            i = size - wk_this_thread.print.edgeitems - 1;
            continue;
        }
        put_dims(p, dim + 1, at + i * p->t->strides[dim], indent + 1);
    }
    wk_text_put(&p->out, "]");
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static const char prefix[] = "tensor(";
#define INDENT ((int)sizeof prefix - 1)

/* A comma, name, value and end, on a new line if this one would grow too long. line_length is what PyTorch counts. */
static void put_suffix(wk_text *out, int64_t *line_length, const char *name, const char *value, const char *end)
{
    int64_t length = (int64_t)(strlen(name) + strlen(value) + strlen(end));
    if (*line_length + length + 2 > wk_this_thread.print.linewidth) {
        wk_text_put(out, ",\n");
        put_repeated(out, ' ', INDENT);
        *line_length = INDENT + length;
    } else {
        wk_text_put(out, ", ");
        *line_length += length + 2;
    }
    wk_text_put(out, name);
    wk_text_put(out, value);
    wk_text_put(out, end);
}

static void put_suffixes(printer *p)
{
    const wick_tensor *t = p->t;
    wk_text *out = &p->out;
    if (out->failed)
        return;
    size_t line = out->length; /* where the last line begins */
    while (line > 0 && out->s[line - 1] != '\n')
        line--;
    int64_t line_length = (int64_t)(out->length - line) + 2;

    wick_dtype dtype = t->dtype;
    bool is_default = dtype == wick_default_dtype();
    bool show_size, show_dtype;
    if (t->numel == 0) { /* no element shows the kind of number */
        show_size = t->ndim != 1;
        show_dtype = !is_default;
    } else {
        show_size = wk_this_thread.print.edgeitems == 0;
        show_dtype = !is_default && dtype != WICK_INT64 && dtype != WICK_BOOL;
    }
    if (show_size)
        put_suffix(out, &line_length, "size=", WK_SHAPE(t), "");
    if (show_dtype)
        put_suffix(out, &line_length, "dtype=torch.", wick_dtype_name(dtype), "");
    const char *grad_fn = wk_grad_fn_name(t);
    if (grad_fn)
        put_suffix(out, &line_length, "grad_fn=<", grad_fn, ">");
    else if (t->requires_grad)
        put_suffix(out, &line_length, "requires_grad=", "True", "");
}

/* The text with its final 0; false, with an error, if there is no memory. The caller frees it either way. */
static bool tensor_text(const wick_tensor *t, wk_text *out)
{
    printer p = {.t = t, .summarize = t->numel > wk_this_thread.print.threshold};
    if (t->is_parameter)
        wk_text_put(&p.out, "Parameter containing:\n");
    wk_text_put(&p.out, prefix);
    if (t->numel == 0) {
        wk_text_put(&p.out, "[]");
    } else if (p.summarize && wk_this_thread.print.edgeitems == 0 && t->ndim > 0) {
        wk_text_put(&p.out, "[...]");
    } else {
        choose_format(&p);
        put_dims(&p, 0, t->offset, INDENT);
    }
    put_suffixes(&p);
    wk_text_put(&p.out, ")");
    *out = p.out;
    return !out->failed;
}

const char *wick_to_string(const wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_to_string", "t"))
        return NULL;
    wk_text out;
    const char *string = tensor_text(t, &out) ? wk_string(out.s, out.length) : NULL;
    wk_text_free(&out);
    return string;
}

/* Adds text to out with its lines after the first indented by one. */
static void put_indented(wk_text *out, const char *text)
{
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
        wk_text_add(out, "%.*s\n ", (int)(end - text), text);
    wk_text_put(out, text);
}

/* The members with a separator between them. IPython's printer breaks a group of members at every separator if any of its
 * lines is too long, or if there is a newline in it. */
static bool list_text(const wick_list *list, const char *separator, wk_text *out)
{
    wk_text_put(out, "[");
    for (int64_t i = 0; i < list->count; i++) {
        wk_text item = {0};
        bool good = list->items[i] ? tensor_text(list->items[i], &item) : true;
        wk_text_put(out, i ? separator : "");
        if (!list->items[i])
            wk_text_put(out, "None");
        else if (good && separator[1] == '\n')
            put_indented(out, item.s);
        else if (good)
            wk_text_put(out, item.s);
        wk_text_free(&item);
        if (!good)
            return false;
    }
    wk_text_put(out, "]");
    return !out->failed;
}

const char *wick_list_to_string_opt(const wick_list *list, const wick_list_print_options *given)
{
    WK_ENTER;
    wick_list_print_options o = WK_OPTIONS(wick_list_print_options, 0, given);
    if (!WK_LIST_OR_HOLES(list, "wick_list_to_string", "list"))
        return NULL;
    wk_text out = {0};
    bool good = list_text(list, ", ", &out);
    if (good && o.notebook && (out.length > 79 || strchr(out.s, '\n'))) {
        wk_text_cut(&out, 0);
        good = list_text(list, ",\n ", &out);
    }
    const char *string = good ? wk_string(out.s, out.length) : NULL;
    wk_text_free(&out);
    return string;
}

bool wick_list_print_opt(const wick_list *list, const wick_list_print_options *given)
{
    WK_ENTER;
    wick_list_print_options o = WK_OPTIONS(wick_list_print_options, 0, given);
    WICK_SCOPE;
    return WK_LIST_OR_HOLES(list, "wick_list_print", "list") &&
           wk_print_text("wick_list_print", wick_list_to_string_opt(list, &o));
}

const char *wick_shape_string(const wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_shape_string", "t"))
        return NULL;
    wk_text out = {0};
    wk_text_put(&out, "torch.Size([");
    for (int d = 0; d < t->ndim; d++)
        wk_text_add(&out, d ? ", %lld" : "%lld", (long long)t->shape[d]);
    wk_text_put(&out, "])");
    const char *string = out.failed ? NULL : wk_string(out.s, out.length);
    wk_text_free(&out);
    return string;
}

static bool print_to(FILE *file, const wick_tensor *t, const char *function)
{
    wk_text out;
    bool done = tensor_text(t, &out);
    if (done && (fputs(out.s, file) == EOF || fputc('\n', file) == EOF)) {
        wick_fail(WICK_ERROR_FILE, "%s: the file could not be written", function);
        done = false;
    }
    wk_text_free(&out);
    return done;
}

bool wick_print(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_print", "t") && print_to(stdout, t, "wick_print");
}

bool wick_fprint(FILE *file, const wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_fprint", "t"))
        return false;
    if (!file) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_fprint: file is NULL");
        return false;
    }
    return print_to(file, t, "wick_fprint");
}

bool wk_print_text(const char *function, const char *text)
{
    if (!text)
        return false;
    if (printf("%s\n", text) < 0)
        return wick_fail(WICK_ERROR_FILE, "%s: stdout could not be written", function) != NULL;
    return true;
}

/* ---- Other texts ------------------------------------------------------------------------------------------------- */

const char *wick_repr(double x)
{
    WK_ENTER;
    char number[WK_FLOAT_TEXT];
    wk_float_text(x, number);
    return wk_string(number, strlen(number));
}

const char *wick_format(const char *format, ...)
{
    WK_ENTER;
    if (!format)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_format: format is NULL");
    wk_text out = {0};
    va_list values;
    va_start(values, format);
    wk_text_vadd(&out, format, values);
    va_end(values);
    const char *string = NULL;
    if (out.s)
        string = wk_string(out.s, out.length);
    else if (!out.failed)
        wick_fail(WICK_ERROR_ARGUMENT, "wick_format: the C library cannot write this");
    wk_text_free(&out);
    return string;
}
