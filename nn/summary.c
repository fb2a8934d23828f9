/* summary.c - a table of a model's layers, found by running the model once with a hook on each module. */
#include "summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../tensor/random.h"
#include "module.h"

/* ---- What the pass shows ------------------------------------------------------------------------------------------- */

typedef struct row {
    wick_module *module;
    const char *name; /* dotted; "" for the model itself */
    bool training;    /* as it was */
    char shape[WK_SHAPE_TEXT];
    int64_t calls, bytes, parameters, trainable, parameter_bytes;
} row;

typedef struct look {
    row *rows;
    size_t count;
    wk_set seen;        /* storages of inputs and results, and parameters that have been counted */
    wick_tensor **held; /* the results: as long as they live, no other has the address of their storage */
    size_t held_count, held_capacity;
    bool failed;
} look;

typedef struct watcher {
    look *look;
    row *row;
} watcher;

static int64_t bytes_of(const wick_tensor *t) { return t->numel * (int64_t)wick_dtype_size(t->dtype); }

/* The forward hook of a module. */
static wick_list *watch(wick_module *m, wick_list *inputs, wick_list *results, void *context)
{
    (void)m, (void)inputs;
    look *l = ((watcher *)context)->look;
    row *r = ((watcher *)context)->row;
    r->shape[0] = '\0';
    r->calls++;
    WICK_FOR_EACH (result, results) {
        wk_extra(r->shape, sizeof r->shape, "%s", WK_SHAPE(result)); /* separated by commas */
        if (wk_set_add(&l->seen, result->storage, &l->failed) && WK_GROW(l->held, l->held_count, l->held_capacity)) {
            l->held[l->held_count++] = wk_ref(result);
            r->bytes += bytes_of(result);
        }
    }
    return NULL;
}

static void count_parameters(look *l, row *r)
{
    const wk_names *own = &r->module->table[WK_PARAMETERS];
    for (size_t i = 0; i < own->count; i++) {
        const wick_tensor *t = own->entry[i].object;
        if (!wk_set_add(&l->seen, t, &l->failed))
            continue;
        r->parameters += t->numel;
        r->trainable += t->requires_grad ? t->numel : 0;
        r->parameter_bytes += bytes_of(t);
    }
}

/* ---- The pass, which leaves the model as it was -------------------------------------------------------------------- */

/* Copies of the buffers; NULL with an error. */
static wick_list *copies_of(wick_list *buffers)
{
    wick_list *copies = wick_list_n(buffers->items, buffers->count);
    for (int64_t i = 0; copies && i < copies->count; i++) {
        wick_tensor *t = buffers->items[i], *copy = wk_new_like(t);
        if (!copy || !wk_copy(copy, t)) {
            wk_unref(copy);
            return NULL;
        }
        wk_unref(copies->items[i]);
        copies->items[i] = copy;
    }
    return copies;
}

static bool run(look *l, wick_tensor *const *inputs, int count)
{
    WICK_SCOPE;
    wick_module *m = l->rows[0].module;
    wick_list *buffers = wick_nn_buffers(m), *copies = buffers ? copies_of(buffers) : NULL;
    wick_tensor *state = copies ? wick_generator_get_state(wick_default_generator()) : NULL;
    size_t bytes = l->count * sizeof(watcher), watched = 0, hook_bytes = l->count * sizeof(wick_hook *);
    watcher *watchers = wk_alloc(bytes);
    wick_hook **hooks = wk_alloc(hook_bytes);
    bool ok = state && watchers && hooks;
    for (; ok && watched < l->count; watched++) {
        watchers[watched] = (watcher){l, &l->rows[watched]};
        hooks[watched] =
            wick_nn_register_forward_list_hook(l->rows[watched].module, watch, .context = &watchers[watched]);
        if (!(ok = hooks[watched] != NULL))
            break;
    }
    if (ok) {
        bool before = wick_set_grad_enabled(false);
        for (size_t i = 0; i < l->count; i++)
            l->rows[i].module->training = false;
        ok = wick_nn_forward_list_n(m, inputs, count) != NULL;
        for (size_t i = 0; i < l->count; i++)
            l->rows[i].module->training = l->rows[i].training;
        for (int64_t i = 0; i < buffers->count; i++)
            wk_copy(buffers->items[i], copies->items[i]);
        wick_generator_set_state(wick_default_generator(), state);
        wick_set_grad_enabled(before);
    }
    while (watched-- > 0)
        wick_hook_remove(hooks[watched]);
    wk_free(watchers, bytes);
    wk_free(hooks, hook_bytes);
    return ok && !l->failed;
}

/* ---- The table ----------------------------------------------------------------------------------------------------- */

/* 1234567 as "1,234,567", into a buffer of NUMBER_TEXT bytes, which is returned. */
enum { NUMBER_TEXT = 32 };
static const char *number(int64_t n, char *text)
{
    char digits[NUMBER_TEXT];
    int length = snprintf(digits, sizeof digits, "%" PRId64, n), at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}
#define NUMBER(n) number(n, (char[NUMBER_TEXT]){0})
#define NUMBER_OR_DASH(n) ((n) ? NUMBER(n) : "-")

/* "    0: Linear", a level by two columns. */
static void add_layer(wk_text *text, const row *r)
{
    const char *last = r->name;
    for (const char *dot = r->name; *r->name && dot; dot = strchr(last, '.')) {
        last = *dot == '.' ? dot + 1 : dot;
        wk_text_put(text, "  ");
    }
    wk_text_add(text, "%s%s%s", last, *last ? ": " : "", r->module->name);
}

static void add_shape(wk_text *text, const row *r)
{
    wk_text_put(text, r->calls ? r->shape : "-");
    if (r->calls > 1)
        wk_text_add(text, " x%" PRId64, r->calls);
}

static void add_line(wk_text *text, const size_t *width, const char *layer, const char *shape, const char *bytes,
                     const char *parameters, const char *parameter_bytes)
{
    wk_text_add(text, "%-*s  %-*s  %14s  %12s  %15s\n", (int)width[0], layer, (int)width[1], shape, bytes, parameters,
                parameter_bytes);
}

static void add_sums(wk_text *text, const look *l, const wick_list *buffers)
{
    int64_t parameters = 0, trainable = 0, parameter_bytes = 0, activations = 0, buffer_bytes = 0, numel = 0;
    for (size_t i = 0; i < l->count; i++) {
        parameters += l->rows[i].parameters;
        trainable += l->rows[i].trainable;
        parameter_bytes += l->rows[i].parameter_bytes;
        activations += l->rows[i].bytes;
    }
    for (int64_t i = 0; i < buffers->count; i++) {
        numel += buffers->items[i]->numel;
        buffer_bytes += bytes_of(buffers->items[i]);
    }
    wk_text_add(text, "Parameters:  %s, of them trainable: %s, %s bytes\n", NUMBER(parameters), NUMBER(trainable),
                NUMBER(parameter_bytes));
    wk_text_add(text, "Buffers:     %s, %s bytes\n", NUMBER(numel), NUMBER(buffer_bytes));
    wk_text_add(text, "Activations: %s bytes in one forward pass", NUMBER(activations));
}

static void write_summary(wk_text *text, const look *l)
{
    size_t width[2] = {strlen("Layer"), strlen("Output shape")}, line = 0;
    wk_text cell[2] = {{0}, {0}};
    for (int pass = 0; pass < 2; pass++) { /* the widths, and then the rows */
        for (size_t i = 0; i < l->count; i++) {
            const row *r = &l->rows[i];
            wk_text_cut(&cell[0], 0);
            wk_text_cut(&cell[1], 0);
            add_layer(&cell[0], r);
            add_shape(&cell[1], r);
            if (cell[0].failed || cell[1].failed) {
                text->failed = true;
                break;
            }
            if (pass == 1)
                add_line(text, width, cell[0].s, cell[1].s, NUMBER_OR_DASH(r->bytes), NUMBER_OR_DASH(r->parameters),
                         NUMBER_OR_DASH(r->parameter_bytes));
            for (int k = 0; k < 2 && pass == 0; k++)
                width[k] = cell[k].length > width[k] ? cell[k].length : width[k];
        }
        if (pass == 0) {
            add_line(text, width, "Layer", "Output shape", "Output bytes", "Parameters", "Parameter bytes");
            line = text->length ? text->length - 1 : 0;
        }
        for (size_t i = 0; i < line; i++)
            wk_text_put(text, "-");
        wk_text_put(text, "\n");
    }
    wk_text_free(&cell[0]);
    wk_text_free(&cell[1]);
}

const char *wick_nn_summary_n(wick_module *m, wick_tensor *const *inputs, int count)
{
    WK_ENTER;
    const char *function = "wick_nn_summary";
    if (!WK_MODULE(m, function, "m"))
        return NULL;
    if (count < 0 || (count && !inputs))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d inputs", function, count);
    for (int i = 0; i < count; i++)
        if (!WK_TENSOR(inputs[i], function, "input"))
            return NULL;
    wick_scope scope = wick_scope_push();
    wick_modules *modules = wick_nn_modules(m);
    wick_list *parameters = modules ? wick_nn_parameters(m) : NULL, *buffers = parameters ? wick_nn_buffers(m) : NULL;
    look l = {.count = (size_t)wick_nn_modules_count(modules)};
    l.rows = buffers ? wk_alloc_zero(l.count * sizeof *l.rows) : NULL;
    wk_text text = {0};
    bool ok = false;
    if (l.rows) {
        for (int i = 0; i < count; i++)
            wk_set_add(&l.seen, inputs[i]->storage, &l.failed);
        for (size_t i = 0; i < l.count; i++) {
            row *r = &l.rows[i];
            r->module = wick_nn_modules_get(modules, (int64_t)i);
            r->name = wick_nn_modules_name(modules, (int64_t)i);
            r->training = r->module->training;
            count_parameters(&l, r);
        }
        if (!l.failed && run(&l, inputs, count)) {
            write_summary(&text, &l);
            add_sums(&text, &l, buffers);
            ok = !text.failed;
        }
        for (size_t i = 0; i < l.held_count; i++)
            wk_unref(l.held[i]);
        wk_free(l.held, l.held_capacity * sizeof *l.held);
        wk_free(l.rows, l.count * sizeof *l.rows);
    }
    wk_set_free(&l.seen);
    wick_scope_pop(&scope);
    const char *string = ok ? wk_string(text.s, text.length) : NULL;
    wk_text_free(&text);
    return string;
}

bool wick_nn_print_summary_n(wick_module *m, wick_tensor *const *inputs, int count)
{
    WK_ENTER;
    WICK_SCOPE;
    return wk_print_text("wick_nn_print_summary", wick_nn_summary_n(m, inputs, count));
}
