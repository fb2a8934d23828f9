/* loadtxt.c - numbers in text files: numpy.loadtxt. */
#include <math.h>
#include <string.h>

#include "../nn/module.h"
#include "../tensor/thread.h"
#include "parse_number.h"
#include "table.h"
#include "text_rows.h"

static const char function[] = "wick_data_loadtxt";

/* What a column of the result is made of. */
typedef struct {
    size_t field;                    /* of a row */
    const wick_converter *converter; /* NULL: none */
} column;

typedef struct {
    const wick_loadtxt_options *o;
    wk_rows rows;
    column *columns; /* with .usecols those of the result, else those that have converters, from left to right */
    size_t count, columns_capacity;
    size_t width;          /* of the result */
    size_t fields;         /* of the rows that columns were made for; 0 before the first */
    int64_t first_line;    /* the first row's */
    wick_tensor *values;   /* (capacity) */
    size_t size, capacity; /* in elements */
    int64_t row_count;
} reader;

/* ---- Fields ------------------------------------------------------------------------------------------------------ */

static bool not_converted(const reader *r, size_t field, const char *text, size_t length)
{
    static const char *const kinds[WK_DTYPE_COUNT] = {[WK_DTYPE_INDEX(WICK_FLOAT32)] = "a number",
                                                      [WK_DTYPE_INDEX(WICK_FLOAT64)] = "a number",
                                                      [WK_DTYPE_INDEX(WICK_INT64)] = "a whole number that int64 holds",
                                                      [WK_DTYPE_INDEX(WICK_UINT8)] = "a whole number from 0 to 255",
                                                      [WK_DTYPE_INDEX(WICK_BOOL)] =
                                                          "a whole number, which bools are read from"};
    const wk_rows *rows = &r->rows;
    if (length == 0)
        wick_fail(WICK_ERROR_FILE,
                  "%s: '%s', line %lld, column %zu: the field is empty; .converters can give it a value", function,
                  rows->source.path, (long long)rows->row_line, field + 1);
    else
        wick_fail(WICK_ERROR_FILE,
                  "%s: '%s', line %lld, column %zu: could not convert '%s' to %s; .converters can turn text into "
                  "numbers: WICK_CLASSES numbers names, and WICK_CONVERTER calls a function",
                  function, rows->source.path, (long long)rows->row_line, field + 1, WK_SHOWN(text, length),
                  kinds[WK_DTYPE_INDEX(r->o->dtype)]);
    return false;
}

static void unknown_class(const reader *r, const column *c, const char *text, size_t length)
{
    enum { LISTED = 10 };
    const wk_names *known = &c->converter->classes->names;
    wk_text names = {0};
    for (size_t i = 0; i < known->count && i < LISTED; i++) {
        wk_text_put(&names, i ? ", '" : ": '");
        wk_text_put(&names, WK_SHOWN(known->entry[i].name, known->entry[i].length));
        wk_text_put(&names, "'");
    }
    if (known->count > LISTED)
        wk_text_put(&names, ", ...");
    wick_fail(WICK_ERROR_FILE, "%s: '%s', line %lld, column %zu: '%s' is not one of the %zu known classes%s", function,
              r->rows.source.path, (long long)r->rows.row_line, c->field + 1, WK_SHOWN(text, length), known->count,
              names.s ? names.s : "");
    wk_text_free(&names);
}

/* The number of a class: the one that the dict has for its name, or else how many there are. */
static bool class_number(const reader *r, const column *c, const char *text, size_t length, wick_number *value)
{
    WICK_SCOPE;
    wick_dict *classes = c->converter->classes;
    text = wk_strip(text, &length);
    wick_tensor *number = wk_names_find(&classes->names, text, length);
    if (number) {
        *value = number->numel == 1 ? wk_load_number(number, number->offset) : wick_number_float(wick_item(number));
        return value->kind != WICK_NUMBER_FLOAT || !isnan(value->real);
    }
    if (c->converter->known_only) {
        unknown_class(r, c, text, length);
        return false;
    }
    *value = wick_number_int((int64_t)classes->names.count);
    number = wick_scalar_int(value->integer);
    return number && wk_names_set(&classes->names, text, length, number);
}

/* Stores a converter's number as the element; false with an error. */
static bool put(reader *r, wick_number value)
{
    if (!wk_check_number(function, value, r->o->dtype) ||
        (value.kind == WICK_NUMBER_FLOAT && !wk_check_exact(function, "a converter's number", value.real, r->o->dtype,
                                                            "read the column without one, or as a floating dtype")))
        return false;
    wk_write_number((char *)wk_data(r->values) + r->size * wick_dtype_size(r->o->dtype), r->o->dtype, value);
    return true;
}

/* Stores the field as the next element, for which there is room; false with an error. */
static bool put_field(reader *r, const column *c)
{
    size_t length, field = c->field;
    const char *text = wk_rows_field(&r->rows, field, &length);
    void *values = wk_data(r->values);
    double real;
    int64_t whole;
    if (c->converter) {
        unsigned failures = wk_this_thread.failures;
        wick_number number;
        if (c->converter->classes) {
            if (!class_number(r, c, text, length, &number))
                return false;
        } else {
            WK_USERS_CODE;
            number = wick_number_float(c->converter->function(text, c->converter->context));
        }
        return wk_this_thread.failures == failures && put(r, number) && ++r->size;
    }
    switch (r->o->dtype) {
    case WICK_FLOAT32:
        if (!wk_parse_real(text, length, &real))
            return not_converted(r, field, text, length);
        ((float *)values)[r->size++] = (float)real;
        return true;
    case WICK_FLOAT64:
        if (!wk_parse_real(text, length, (double *)values + r->size))
            return not_converted(r, field, text, length);
        r->size++;
        return true;
    default:
        if (!wk_parse_whole(text, length, &whole) ||
            (r->o->dtype == WICK_UINT8 && (memchr(text, '-', length) || whole > UINT8_MAX)))
            return not_converted(r, field, text, length);
        if (r->o->dtype == WICK_INT64)
            ((int64_t *)values)[r->size++] = whole;
        else if (r->o->dtype == WICK_UINT8)
            ((uint8_t *)values)[r->size++] = (uint8_t)whole;
        else
            ((bool *)values)[r->size++] = whole != 0;
        return true;
    }
}

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

/* Gives the column a converter, a later one instead of an earlier one. */
static bool convert_column(reader *r, size_t field, const wick_converter *converter)
{
    size_t at = 0;
    if (r->o->usecols.count) {
        for (; at < r->count; at++)
            if (r->columns[at].field == field)
                r->columns[at].converter = converter;
        return true;
    }
    while (at < r->count && r->columns[at].field < field)
        at++;
    if (at == r->count || r->columns[at].field != field) {
        if (!WK_GROW(r->columns, r->count, r->columns_capacity))
            return false;
        memmove(&r->columns[at + 1], &r->columns[at], (r->count++ - at) * sizeof *r->columns);
    }
    r->columns[at] = (column){field, converter};
    return true;
}

/* Finds the columns in rows of as many fields as the present one; false with an error. */
static bool find_columns(reader *r)
{
    const wk_rows *rows = &r->rows;
    int64_t fields = (int64_t)rows->count;
    r->count = 0;
    for (int64_t i = 0; i < r->o->usecols.count; i++) {
        int64_t field = r->o->usecols.items[i];
        if (field < -fields || field >= fields) {
            wick_fail(WICK_ERROR_FILE,
                      "%s: '%s', line %lld: the row has %lld columns, and .usecols asks for column %lld", function,
                      rows->source.path, (long long)rows->row_line, (long long)fields, (long long)field);
            return false;
        }
        if (!WK_GROW(r->columns, r->count, r->columns_capacity))
            return false;
        r->columns[r->count++] = (column){(size_t)(field < 0 ? field + fields : field), NULL};
    }
    for (int64_t k = 0; k < r->o->converters.count; k++) {
        const wick_converter *converter = &r->o->converters.items[k];
        int64_t field = converter->column;
        if (field < -fields || field >= fields) {
            wick_fail(WICK_ERROR_FILE,
                      "%s: '%s', line %lld: the row has %lld columns, and a converter is for column %lld", function,
                      rows->source.path, (long long)rows->row_line, (long long)fields, (long long)field);
            return false;
        }
        if (!convert_column(r, (size_t)(field < 0 ? field + fields : field), converter))
            return false;
    }
    r->fields = rows->count;
    r->width = r->o->usecols.count ? r->count : r->fields;
    return true;
}

/* Room for a row more: for the first one just that, since it may be the whole file, and later for twice as much as there is. */
static bool reserve(reader *r)
{
    int64_t room = (int64_t)(r->size + (r->width > r->size ? r->width : r->size));
    if (r->width <= r->capacity - r->size)
        return true;
    wick_tensor *larger = wk_new(&room, 1, r->o->dtype);
    if (!larger)
        return false;
    if (r->size)
        memcpy(wk_data(larger), wk_data(r->values), r->size * wick_dtype_size(r->o->dtype));
    wk_unref(r->values);
    r->values = larger;
    r->capacity = (size_t)room;
    return true;
}

/* Stores the present row; false with an error. */
static bool put_row(reader *r)
{
    if (!reserve(r))
        return false;
    if (r->o->usecols.count) {
        for (size_t i = 0; i < r->count; i++)
            if (!put_field(r, &r->columns[i]))
                return false;
        return true;
    }
    for (size_t i = 0, next = 0; i < r->fields; i++) {
        bool converted = next < r->count && r->columns[next].field == i;
        if (!put_field(r, converted ? &r->columns[next++] : &(column){i, NULL}))
            return false;
    }
    return true;
}

static bool read_rows(reader *r)
{
    wk_rows *rows = &r->rows;
    unsigned failures = wk_this_thread.failures;
    for (int64_t i = 0; i < r->o->skiprows; i++)
        if (!wk_rows_skip(rows))
            break;
    while (wk_this_thread.failures == failures && r->row_count < r->o->max_rows && wk_rows_next(rows)) {
        if (r->row_count == 0)
            r->first_line = rows->row_line;
        if (r->row_count > 0 && rows->count != r->fields && r->o->usecols.count == 0) {
            wick_fail(WICK_ERROR_FILE,
                      "%s: '%s', line %lld has %zu columns, and line %lld has %zu; .usecols reads some of them",
                      function, rows->source.path, (long long)rows->row_line, rows->count, (long long)r->first_line,
                      r->fields);
            return false;
        }
        if (rows->count != r->fields && !find_columns(r))
            return false;
        if (!put_row(r))
            return false;
        r->row_count++;
    }
    return wk_this_thread.failures == failures;
}

/* The values as a tensor of NumPy's shape. */
static wick_tensor *make_tensor(reader *r)
{
    int64_t width = r->row_count ? (int64_t)r->width : r->o->usecols.count ? r->o->usecols.count : 1;
    int64_t shape[] = {r->row_count, width};
    int ndim = 2, kept = 0;
    if (r->o->ndmin < 2) { /* sizes of 1 go, until ndmin dimensions are left */
        for (int d = 0; d < 2; d++)
            if (shape[d] != 1)
                shape[kept++] = shape[d];
        if (kept < r->o->ndmin)
            shape[kept++] = 1;
        ndim = kept;
    }
    if (r->size && r->size == r->capacity)
        return wick_reshape_n(r->values, shape, ndim);
    wick_tensor *t = wk_own(wk_new(shape, ndim, r->o->dtype));
    if (t && r->size)
        memcpy(wk_data(t), wk_data(r->values), r->size * wick_dtype_size(r->o->dtype));
    return t;
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

/* The only character of an option, -1 for NULL; -2 with an error. */
static int one_character(const char *text, const char *name)
{
    if (!text)
        return -1;
    if (text[0] && !text[1] && text[0] != '\n' && text[0] != '\r')
        return (unsigned char)text[0];
    wick_fail(WICK_ERROR_ARGUMENT, "%s: .%s is '%s'; it must be one character other than a line end", function, name,
              text);
    return -2;
}

static bool check_options(const wick_loadtxt_options *o, wk_rows *rows)
{
    rows->comments = o->comments;
    rows->delimiter = one_character(o->delimiter, "delimiter");
    rows->quote = rows->delimiter == -2 ? -2 : one_character(o->quotechar, "quotechar");
    if (rows->quote == -2)
        return false;
    size_t length = o->comments ? strlen(o->comments) : 1;
    if (!wk_is_dtype(o->dtype))
        wick_fail(WICK_ERROR_DTYPE, "%s: .dtype is %d, which is not a dtype", function, (int)o->dtype);
    else if (length == 0 || length > WK_LOOKAHEAD || (o->comments && strpbrk(o->comments, "\n\r")))
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .comments is '%s'; it must be 1 to %d characters, and no line end, or NULL",
                  function, o->comments, WK_LOOKAHEAD);
    else if ((o->comments && (*o->comments == rows->delimiter || *o->comments == rows->quote)) ||
             (rows->quote >= 0 && rows->quote == rows->delimiter))
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .comments, .delimiter and .quotechar must begin with different characters",
                  function);
    else if (o->skiprows < 0)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .skiprows is %lld; it must be 0 or more", function, (long long)o->skiprows);
    else if (o->max_rows < 0)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .max_rows is %lld; it must be 0 or more", function, (long long)o->max_rows);
    else if (o->ndmin < 0 || o->ndmin > 2)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .ndmin is %d; it must be 0, 1 or 2", function, o->ndmin);
    else if (o->usecols.count < 0 || (o->usecols.count && !o->usecols.items) || o->converters.count < 0 ||
             (o->converters.count && !o->converters.items))
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .usecols or .converters has a count without items", function);
    else
        return true;
    return false;
}

static bool check_converters(const wick_loadtxt_options *o)
{
    for (int64_t k = 0; k < o->converters.count; k++) {
        const wick_converter *c = &o->converters.items[k];
        if (!c->classes == !c->function) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: the converter of column %lld needs either classes or a function",
                      function, (long long)c->column);
            return false;
        }
        if (c->classes && !WK_DICT(c->classes, function, "classes"))
            return false;
    }
    return true;
}

/* Names that were added since a dict had so many are taken out again: a call that fails changes no dict. */
static void forget_classes(const wick_loadtxt_options *o, const size_t *before)
{
    for (int64_t k = o->converters.count; k-- > 0;) /* the first one saw a dict of several columns first */
        if (o->converters.items[k].classes)
            wk_names_cut(&o->converters.items[k].classes->names, before[k]);
}

wick_tensor *wick_data_loadtxt_opt(const char *path, const wick_loadtxt_options *given)
{
    WK_ENTER;
    wick_loadtxt_options options = WK_OPTIONS(wick_loadtxt_options, WICK_LOADTXT_DEFAULTS, given);
    reader r = {.o = &options};
    wick_tensor *t = NULL;
    size_t bytes;
    if (!check_options(&options, &r.rows) || !check_converters(&options))
        return NULL;
    if (!wk_mul_size((size_t)options.converters.count, sizeof(size_t), &bytes))
        bytes = SIZE_MAX;
    size_t *before = wk_alloc(bytes);
    for (int64_t k = 0; before && k < options.converters.count;
         k++) { /* a converter's function may drop another's dict */
        wick_dict *classes = wk_ref(options.converters.items[k].classes);
        before[k] = classes ? classes->names.count : 0;
    }
    if (!before)
        return NULL;
    const bool whole = wk_rows_open(&r.rows, function, path) && read_rows(&r);
    wk_rows_close(&r.rows);
    if (whole)
        t = make_tensor(&r);
    if (!t)
        forget_classes(&options, before);
    for (int64_t k = 0; k < options.converters.count; k++)
        wk_unref(options.converters.items[k].classes);
    wk_free(before, bytes);
    wk_free(r.columns, r.columns_capacity * sizeof *r.columns);
    wk_unref(r.values);
    return t;
}
