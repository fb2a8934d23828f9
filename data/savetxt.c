/* savetxt.c - a tensor as a text file: numpy.savetxt. */
#include <math.h>
#include <string.h>

#include "../tensor/file.h"
#include "../tensor/tensor_struct.h"
#include "../tensor/text.h"
#include "table.h"

static const char function[] = "wick_data_savetxt";

enum { FORMAT = 32 };

/* How elements are written: the format of a number, which is a double, or a long long if it is whole. */
typedef struct {
    char text[FORMAT + 4];
    bool whole, cut; /* cut: a double without its fraction */
} format;

/* Takes a format of one conversion apart: %, flags, width, precision, and one of e, f, g, d. */
static bool read_format(const char *fmt, bool integers, format *out)
{
    size_t flags = fmt && *fmt == '%' ? 1 + strspn(fmt + 1, "-+ #0") : 0, width = 0, precision = 0;
    if (flags) {
        width = strspn(fmt + flags, "0123456789");
        if (fmt[flags + width] == '.')
            precision = 1 + strspn(fmt + flags + width + 1, "0123456789");
    }
    size_t length = flags + width + precision;
    char kind = flags ? fmt[length] : '\0';
    bool decimal = kind == 'd' || kind == 'i';
    if (!kind || !strchr("eEfFgGdi", kind) || fmt[length + 1] || length > FORMAT - 4 || width > 4 || precision > 4 ||
        (decimal && precision)) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: .fmt is '%s'; it must be one conversion of printf's, such as %%.18e, %%.4f, %%g or %%d",
                  function, fmt ? fmt : "NULL");
        return false;
    }
    out->whole = decimal && integers;
    out->cut = decimal && !integers;
    memcpy(out->text, fmt, length);
    strcpy(out->text + length, out->whole ? "lld" : out->cut ? ".0f" : fmt + length);
    return true;
}

static bool put_number(wk_text *text, const format *f, const wick_tensor *t, int64_t at)
{
    if (f->whole) {
        wk_text_add(text, f->text, (long long)wk_load_int(t, at));
        return true;
    }
    double x = wk_load(t, at);
    if (f->cut && !isfinite(x)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: an element is %s, which .fmt = \"%%d\" cannot write", function, WK_REAL(x));
        return false;
    }
    wk_text_add(text, f->text, isnan(x) ? fabs(x) : f->cut ? trunc(x) + 0.0 : x);
    return true;
}

/* Every line of a header or footer with what begins comments before it. */
static void put_comment(wk_text *text, const char *lines, const char *comments, const char *newline)
{
    wk_text_put(text, comments);
    for (; *lines; lines++) {
        wk_text_put(text, (char[]){*lines, '\0'});
        if (*lines == '\n')
            wk_text_put(text, comments);
    }
    wk_text_put(text, newline);
}

bool wick_data_savetxt_opt(const char *path, wick_tensor *t, const wick_savetxt_options *given)
{
    WK_ENTER;
    wick_savetxt_options o = WK_OPTIONS(wick_savetxt_options, WICK_SAVETXT_DEFAULTS, given);
    format f;
    if (!WK_TENSOR(t, function, "t"))
        return false;
    if (!path || !o.delimiter || !o.newline || !o.comments)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the path, .delimiter, .newline or .comments is NULL", function);
    else if (t->ndim < 1 || t->ndim > 2)
        wick_fail(WICK_ERROR_SHAPE, "%s: a tensor of shape %s; one or two dimensions make rows and columns", function,
                  WK_SHAPE(t));
    else if (read_format(o.fmt, !wick_dtype_is_floating(t->dtype), &f)) {
        wk_text text = {0};
        bool good = true;
        if (o.header)
            put_comment(&text, o.header, o.comments, o.newline);
        for (int64_t i = 0; good && i < t->shape[0]; i++) {
            int64_t width = t->ndim == 2 ? t->shape[1] : 1;
            for (int64_t j = 0; good && j < width; j++) {
                if (j > 0)
                    wk_text_put(&text, o.delimiter);
                good = put_number(&text, &f, t, t->offset + i * t->strides[0] + (t->ndim == 2 ? j * t->strides[1] : 0));
            }
            wk_text_put(&text, o.newline);
        }
        if (o.footer)
            put_comment(&text, o.footer, o.comments, o.newline);
        good = good && !text.failed && wk_write_file(function, path, NULL, 0, text.s, text.length);
        wk_text_free(&text);
        return good;
    }
    return false;
}
