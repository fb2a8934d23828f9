/* picture.c - what every picture is made of: a data file and a script beside it, and the program that draws it from them. */
#include <string.h>

#include "../tensor/file.h"
#include "picture.h"

/* ---- Text ------------------------------------------------------------------------------------------------------------ */

void wk_put_number(wk_text *out, double x)
{
    if (isfinite(x))
        wk_text_add(out, "%.9g", x);
    else
        wk_text_put(out, "NaN");
}

/* How many bytes the character at s has; 0 for one that is not to be shown: a control character, a surrogate, or no UTF-8. */
static size_t character(const char *s)
{
    const unsigned char *c = (const unsigned char *)s;
    bool hidden = c[0] < 0x20 || c[0] == 0x7F || (c[0] == 0xC2 && c[1] < 0xA0) || (c[0] == 0xED && c[1] > 0x9F);
    return hidden ? 0 : wk_utf8_character(s, 4); /* which stops at the final 0 */
}

/* Puts text with the characters that mean something to the reader replaced; shown: and those that cannot be shown. */
static void put_escaped(wk_text *out, const char *text, bool shown, const char *const (*escapes)[2])
{
    while (*text) {
        const char *replacement = NULL;
        size_t length = shown ? character(text) : 1;
        for (int i = 0; escapes[i][0] && !replacement; i++)
            if (*text == *escapes[i][0])
                replacement = escapes[i][1];
        if (replacement)
            length = 1;
        else if (length == 0)
            replacement = *text == '\t' ? " " : "?";
        if (replacement)
            wk_text_put(out, replacement);
        else
            wk_text_add(out, "%.*s", (int)length, text);
        text += length ? length : 1;
    }
}

/* Between single quotes gnuplot takes everything as it is, but for a quote, which is doubled, and a newline, which only a
 * string in double quotes can have. */
static const char *const of_gnuplot[][2] = {{"'", "''"}, {"\n", "'.\"\\n\".'"}, {"\r", "'.\"\\r\".'"}, {NULL, NULL}};

/* A backslash would begin an escape, and an ampersand the name of a character, as in HTML. */
static const char *const of_dot[][2] = {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}, {"&", "&amp;"},
                                        {"<", "&lt;"},  {">", "&gt;"},  {NULL, NULL}};

static void put_path(wk_text *out, const char *path)
{
    wk_text_put(out, "'");
    put_escaped(out, path, false, of_gnuplot);
    wk_text_put(out, "'");
}

void wk_put_quoted(wk_text *out, const char *text)
{
    wk_text_put(out, "'");
    put_escaped(out, text, true, of_gnuplot);
    wk_text_put(out, "'");
}

void wk_put_dot(wk_text *out, const char *text) { put_escaped(out, text, true, of_dot); }

/* ---- Colours --------------------------------------------------------------------------------------------------------- */

uint32_t wk_color(int64_t i)
{
    static const uint32_t colors[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00,
                                      0x56B4E9, 0x7F3C8D, 0x8C564B, 0x5F6368, 0xB8A800};
    return colors[i % (int64_t)(sizeof colors / sizeof *colors)];
}

uint32_t wk_shade(uint32_t color, double strength)
{
    uint32_t shade = 0;
    for (int shift = 0; shift < 24; shift += 8)
        shade |= (uint32_t)(255 - strength * (255 - (double)(color >> shift & 255)) + 0.5) << shift;
    return shade;
}

/* ---- A picture in the making --------------------------------------------------------------------------------------------- */

bool wk_check_plot_options(const char *function, const wick_plot_options *o, unsigned takes)
{
#define TOLD(option)                                    \
    if (o->option != 0 && !(takes & WK_TAKES_##option)) \
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: this picture has no ." #option "; leave it out", function);
    WK_PLOT_OPTIONS(TOLD)
#undef TOLD
    const int sizes[] = {o->width, o->height};
    for (int i = 0; i < 2; i++)
        if (sizes[i] != 0 && (sizes[i] < 64 || sizes[i] > 16384))
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: .%s = %d; a picture has 64 to 16384 pixels", function,
                             i ? "height" : "width", sizes[i]);
    const double *inches = o->figsize;
    if (inches[0] == 0 && inches[1] == 0)
        return true;
    if (!(inches[0] >= 0.64 && inches[0] <= 80 && inches[1] >= 0.64 && inches[1] <= 80))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .figsize = {%g, %g}; give 0.64 to 80 inches each way", function,
                         inches[0], inches[1]);
    if (sizes[0] != 0 || sizes[1] != 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .figsize and .%s are both given; a picture has one size", function,
                         sizes[0] != 0 ? "width" : "height");
    return true;
}

bool wk_picture_begin(wk_picture *p, const char *function, const char *path, const wick_plot_options *options,
                      unsigned takes)
{
    *p = (wk_picture){.function = function, .path = path, .options = options};
    size_t length = path ? strlen(path) : 0;
    if (!wk_check_plot_options(function, options, takes))
        return false;
    if (options->figure) {
        if (path)
            return wick_fail(WICK_ERROR_ARGUMENT,
                             "%s: path '%s' is given with .figure; give NULL, since wick_plot_savefig takes the path",
                             function, path);
        if (options->figsize[0] != 0 || options->width != 0 || options->height != 0)
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: a size is given with .figure; give it to wick_plot_subplots",
                             function);
        return wk_figure_has_room(options->figure, function);
    }
    if (!path)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: path is NULL; give the picture's file", function);
    p->svg = length >= 4 && strcmp(path + length - 4, ".svg") == 0;
    if (length < 5 || path[length - 5] == '/' || (!p->svg && strcmp(path + length - 4, ".png") != 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: '%s': a picture's file must have a name that ends in .png or .svg",
                         function, path);
    return true;
}

void wk_picture_free(wk_picture *p)
{
    wk_text_free(&p->data);
    wk_text_free(&p->script);
}

/* A path that no program takes for an option, a pipe or a home directory; with another ending, if there is one. In the
 * innermost scope. NULL with an error. */
static const char *safe_path(const wk_picture *p, const char *ending)
{
    wk_text path = {0};
    if (p->path[0] != '/' && strncmp(p->path, "./", 2) != 0 && strncmp(p->path, "../", 3) != 0)
        wk_text_put(&path, "./");
    wk_text_put(&path, p->path);
    if (ending) {
        wk_text_cut(&path, path.length - 4);
        wk_text_put(&path, ending);
    }
    const char *result = path.failed ? NULL : wk_string(path.s, path.length);
    wk_text_free(&path);
    return result;
}

static void put_data(wk_text *out, const char *path)
{
    if (!path)
        return;
    wk_text_put(out, "data = ");
    put_path(out, path);
    wk_text_put(out, "\n");
}

static void put_line(wk_text *out, const char *what, const char *text, const char *fallback)
{
    if (!text)
        text = fallback;
    if (!text)
        return;
    wk_text_add(out, "set %s ", what);
    wk_put_quoted(out, text);
    wk_text_put(out, " noenhanced\n");
}

void wk_picture_head(wk_picture *p, int width, int height, const char *xlabel, const char *ylabel)
{
    const wick_plot_options *o = p->options;
    wk_text *out = &p->script;
    int scale = p->svg ? 1 : 2; /* pixels are small today */
    p->width = o->width ? o->width : width * scale;
    p->height = o->height ? o->height : height * scale;
    p->unit = fmin((double)p->width / width, (double)p->height / height);
    if (o->figsize[0] != 0) {
        p->width = (int)(o->figsize[0] * 100 + 0.5) * scale;
        p->height = (int)(o->figsize[1] * 100 + 0.5) * scale;
        p->unit = scale;
    }
    wk_text_put(out, "set border 3 lc rgb '#444444'\nset tics nomirror textcolor rgb '#222222'\nset format '%g'\n"
                     "set grid lc rgb '#dddddd' lt 1\nset key noenhanced spacing 1.3 samplen 2\n");
    put_line(out, "title", o->title, NULL);
    put_line(out, "xlabel", o->xlabel, xlabel);
    put_line(out, "ylabel", o->ylabel, ylabel);
    if (o->logx)
        wk_text_put(out, "set logscale x\nset format x '10^{%T}'\n");
    if (o->logy)
        wk_text_put(out, "set logscale y\nset format y '10^{%T}'\n");
}

/* What a script begins with: the terminal, the picture's file, and the variables data and point, the size of a point. */
static void put_terminal(const wk_picture *p, wk_text *out, const char *path, const char *data)
{
    wk_text unit = {0};
    wk_put_number(&unit, p->unit);
    out->failed |= unit.failed;
    const char *scale = unit.s ? unit.s : "";
    wk_text_add(out, "# %s; drawn by gnuplot\nreset session\nset encoding utf8\n", p->function);
    if (p->svg)
        wk_text_add(out,
                    "set terminal svg size %d,%d font 'Helvetica,12' fontscale %s linewidth %s background 'white'\n",
                    p->width, p->height, scale, scale);
    else
        wk_text_add(out,
                    "if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n"
                    "    set terminal pngcairo size %d,%d font 'Sans,10' fontscale %s linewidth %s pointscale %s\n"
                    "} else {\n    set terminal png size %d,%d\n}\n",
                    p->width, p->height, scale, scale, scale, p->width, p->height);
    wk_text_add(out, "point = %s\nset output ", p->svg ? scale : "1");
    put_path(out, path);
    wk_text_put(out, "\n");
    put_data(out, data);
    wk_text_free(&unit);
}

void wk_picture_panels(wk_picture *p, int64_t rows, int64_t columns)
{
    wk_text_add(&p->script, "unset title\nset multiplot layout %lld, %lld", (long long)rows, (long long)columns);
    if (p->options->title) {
        wk_text_put(&p->script, " title ");
        wk_put_quoted(&p->script, p->options->title);
        wk_text_put(&p->script, " noenhanced");
    }
}

static bool write_file(const wk_picture *p, const char *path, const wk_text *text)
{
    return wk_write_file(p->function, path, NULL, 0, text->s, text->length);
}

/* Runs the program, whose Debian package has the given name, and says what came of it. */
static bool run(const wk_picture *p, const char *const *argv, const char *package, const char *data, const char *script)
{
    char said[512];
    bool exists = false;
    wk_outcome outcome = wk_run_program(argv, said, sizeof said);
    if (outcome == WK_RAN) {
        FILE *picture = fopen(p->path, "rb");
        exists = picture && fgetc(picture) != EOF;
        if (picture)
            fclose(picture);
        if (exists)
            return true;
    }
    const char *and = data ? " and " : "", *are = data ? "are" : "is";
    data = data ? data : "";
    if (outcome == WK_NOT_INSTALLED)
        return wick_fail(
            WICK_ERROR_PROGRAM,
            "%s: %s is not installed, so there is no picture; %s%s%s %s written. Install it (Debian: apt-get "
            "install %s), and draw again",
            p->function, argv[0], data, and, script, are, package);
    if (outcome == WK_NO_PROCESSES)
        return wick_fail(WICK_ERROR_PROGRAM,
                         "%s: on this system %s is not run from here; %s%s%s %s written: run it on the latter",
                         p->function, argv[0], data, and, script, are);
    return wick_fail(WICK_ERROR_FILE, "%s: %s could not draw %s: %s; %s%s%s %s written", p->function, argv[0], p->path,
                     said[0] ? said : "it left no picture", data, and, script, are);
}

bool wk_picture_data(wk_picture *p, const char *ending, const wk_text *data)
{
    WICK_SCOPE;
    const char *path = safe_path(p, ending);
    if (!path || !write_file(p, path, data))
        return false;
    put_data(&p->script, path);
    return true;
}

bool wk_picture_draw(wk_picture *p)
{
    WICK_SCOPE;
    if (p->options->figure)
        return wk_figure_take(p->options->figure, p);
    const char *path = safe_path(p, NULL), *script = safe_path(p, ".gp");
    const char *data = p->data.s ? safe_path(p, ".dat") : NULL;
    if (p->data.failed || p->script.failed || !path || !script || (p->data.s && !data))
        return false;
    wk_text whole = {0};
    put_terminal(p, &whole, path, data);
    wk_text_put(&whole, p->script.s ? p->script.s : "");
    bool written = !whole.failed && (!data || write_file(p, data, &p->data)) && write_file(p, script, &whole);
    wk_text_free(&whole);
    const char *const argv[] = {"gnuplot", "-d", script, NULL}; /* -d: not what the user's own settings say */
    return written && run(p, argv, "gnuplot-nox", data, script);
}

bool wk_picture_draw_graph(wk_picture *p)
{
    WICK_SCOPE;
    const char *script = safe_path(p, ".dot"), *path = safe_path(p, NULL);
    if (p->script.failed || !path || !script || !write_file(p, script, &p->script))
        return false;
    const char *const argv[] = {"dot", p->svg ? "-Tsvg" : "-Tpng", "-o", path, script, NULL};
    return run(p, argv, "graphviz", NULL, script);
}

/* ---- Any other picture --------------------------------------------------------------------------------------------------- */

bool wick_plot_gnuplot_opt(wick_tensor *table, const char *commands, const char *path, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_gnuplot";
    WICK_SCOPE;
    wk_picture p;
    if (!WK_TENSOR(table, function, "table"))
        return false;
    if (!commands)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: commands is NULL; give lines of gnuplot's language", function);
    if (table->ndim != 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: table has shape %s; give one of (rows, columns)", function,
                         WK_SHAPE(table));
    const double *values = wk_plot_values(table);
    if (!values || !wk_picture_begin(&p, function, path, &options, WK_TAKES_logx | WK_TAKES_logy | WK_TAKES_figure))
        return false;
    wk_text_put(&p.data, "");
    for (int64_t i = 0; i < table->numel; i++) {
        wk_put_number(&p.data, values[i]);
        wk_text_put(&p.data, (i + 1) % table->shape[1] ? " " : "\n");
    }
    wk_picture_head(&p, 640, 448, NULL, NULL);
    wk_text_add(&p.script, "%s\n", commands);
    bool drawn = wk_picture_draw(&p);
    wk_picture_free(&p);
    return drawn;
}
