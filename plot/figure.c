/* figure.c - several pictures in one: plt.subplots. Each is drawn as it would be alone, from its own data, between resets. */
#include <string.h>

#include "picture.h"

typedef struct panel {
    wk_text data, script;
} panel;

struct wick_figure {
    wick_object base;
    wick_plot_options options;
    char *title; /* a copy, or NULL */
    int rows, columns, count;
    panel *panels; /* rows * columns of them, the first count are drawn */
};

enum { MOST_PANELS = 100 };

static size_t panel_bytes(const wick_figure *figure)
{
    return (size_t)(figure->rows * figure->columns) * sizeof *figure->panels;
}

static void figure_destroy(wick_object *object)
{
    wick_figure *figure = (wick_figure *)object;
    for (int i = 0; i < figure->count; i++) {
        wk_text_free(&figure->panels[i].data);
        wk_text_free(&figure->panels[i].script);
    }
    wk_free(figure->panels, panel_bytes(figure));
    if (figure->title)
        wk_free(figure->title, strlen(figure->title) + 1);
    wk_free(figure, sizeof *figure);
}

static const wk_class figure_class = {"figure", figure_destroy};

wick_figure *wick_plot_subplots_opt(int rows, int columns, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_subplots";
    if (rows < 1 || columns < 1 || rows > MOST_PANELS / columns)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d rows and %d columns; give 1 to %d panels", function, rows,
                         columns, MOST_PANELS);
    if (!wk_check_plot_options(function, &options, WK_TAKES_NONE))
        return NULL;
    wick_figure *figure = wk_alloc_zero(sizeof *figure);
    if (!figure)
        return NULL;
    wk_object_init(&figure->base, &figure_class);
    figure->rows = rows;
    figure->columns = columns;
    figure->options = options;
    figure->panels = wk_alloc_zero(panel_bytes(figure));
    size_t bytes = options.title ? strlen(options.title) + 1 : 0;
    if (options.title && (figure->title = wk_alloc(bytes)) != NULL)
        memcpy(figure->title, options.title, bytes);
    figure->options.title = figure->title;
    if (!figure->panels || (options.title && !figure->title)) {
        wk_unref(figure);
        return NULL;
    }
    return wk_own(figure);
}

bool wk_figure_has_room(const wick_figure *figure, const char *function)
{
    if (!wk_check(figure, &figure_class, function, ".figure"))
        return false;
    if (figure->count == figure->rows * figure->columns)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: all %d panels of .figure are drawn; make it with more", function,
                         figure->count);
    return true;
}

bool wk_figure_take(wick_figure *figure, wk_picture *p)
{
    if (p->data.failed || p->script.failed)
        return false;
    figure->panels[figure->count++] = (panel){p->data, p->script};
    p->data = p->script = (wk_text){0};
    return true;
}

bool wick_plot_savefig(wick_figure *figure, const char *path)
{
    WK_ENTER;
    static const char function[] = "wick_plot_savefig";
    WICK_SCOPE;
    wk_picture p;
    if (!wk_check(figure, &figure_class, function, "figure") ||
        !wk_picture_begin(&p, function, path, &figure->options, WK_TAKES_NONE))
        return false;
    if (figure->count == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: nothing is drawn in figure; give it to pictures as .figure",
                         function);
    bool saved = true;
    wk_picture_head(&p, figure->columns * 360, figure->rows * 300, NULL, NULL);
    wk_picture_panels(&p, figure->rows, figure->columns);
    for (int i = 0; i < figure->count && saved; i++) {
        const panel *one = &figure->panels[i];
        wk_text_put(&p.script, "\nreset\n");
        if (one->data.s) {
            char ending[32];
            snprintf(ending, sizeof ending, ".%d.dat", i + 1);
            saved = wk_picture_data(&p, ending, &one->data);
        }
        wk_text_put(&p.script, one->script.s ? one->script.s : "");
    }
    wk_text_put(&p.script, "unset multiplot\n");
    saved = saved && wk_picture_draw(&p);
    wk_picture_free(&p);
    return saved;
}
