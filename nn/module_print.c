/* module_print.c - the text of print(model), as Module.__repr__ makes it: Name(extra), or one line for each line of extra and
 * for each child, indented by two more a level; and children of a ModuleList that follow each other with the same text as
 * one, "(0-2): 3 x Linear(...)", as ModuleList.__repr__ does. */
#include <stdio.h>
#include <string.h>

#include "module.h"

enum { EXTRA_TEXT = 4096, MOST_EXTRA_TEXT = 1 << 26 };

static bool is_blank(const char *line, size_t length) { return strspn(line, " \t\r\v\f") >= length; }

/* What m's print_extra writes, into a block of *size bytes; NULL, with the text failed, on no memory. */
static char *extra_of(wk_text *text, wick_module *m, size_t *size)
{
    for (*size = EXTRA_TEXT;; *size *= 8) {
        char *extra = wk_alloc_zero(*size);
        if (!extra) {
            text->failed = true;
            return NULL;
        }
        if (m->options.print_extra) {
            WK_CODE_OF(m->users);
            m->options.print_extra(m, extra, *size);
        }
        extra[*size - 1] = '\0';
        if (strlen(extra) < *size - 1 || *size >= MOST_EXTRA_TEXT)
            return extra;
        wk_free(extra, *size); /* it was cut, and gets more room */
    }
}

/* Writes what follows "Name(" before the children; returns whether the closing parenthesis gets a line of its own. */
static bool add_extra(wk_text *text, wick_module *m, int indent)
{
    bool children = m->table[WK_CHILDREN].count > 0, own_line = true;
    if (!m->options.print_extra)
        return children;
    size_t size;
    char *extra = extra_of(text, m, &size);
    if (!extra)
        return false;
    if (extra[0] == '\0') {
        own_line = children;
    } else if (!children && !strchr(extra, '\n')) {
        wk_text_put(text, extra);
        own_line = false;
    } else {
        for (const char *line = extra; line;) {
            const char *end = strchr(line, '\n');
            size_t length = end ? (size_t)(end - line) : strlen(line);
            /* PyTorch leaves blank lines of nested modules empty. */
            if (indent > 0 && is_blank(line, length))
                wk_text_put(text, "\n");
            else
                wk_text_add(text, "\n%*s%.*s", indent + 2, "", (int)length, line);
            line = end ? end + 1 : NULL;
        }
    }
    wk_free(extra, size);
    return own_line;
}

/* Of an open module: where in the text its present child stands, and the child, or several with the same text, before it. */
typedef struct level {
    size_t line, body;             /* the line of the present child, and what follows its "(name): " */
    size_t first_line, first_body; /* of those before it */
    size_t first, count;           /* the number of the first of them, and how many there are; 0: none */
} level;

/* The present child, number i of a ModuleList, has been written: if its text is that of those before it, they become one. */
static bool collapse(wk_text *text, level *at, size_t i, int indent)
{
    size_t length = text->length - at->body;
    /* The body before this one ends where this line begins. */
    if (at->count && at->line - at->first_body == length &&
        memcmp(text->s + at->first_body, text->s + at->body, length) == 0) {
        wk_text body = {0};
        wk_text_put(&body, text->s + at->body);
        wk_text_cut(text, at->first_line);
        at->count++;
        wk_text_add(text, "\n%*s(%zu-%zu): %zu x ", indent, "", at->first, at->first + at->count - 1, at->count);
        at->first_body = text->length;
        if (!body.failed)
            wk_text_put(text, body.s);
        bool ok = !body.failed;
        wk_text_free(&body);
        return ok;
    }
    at->first_line = at->line;
    at->first_body = at->body;
    at->first = i;
    at->count = 1;
    return true;
}

const char *wick_nn_to_string(wick_module *m)
{
    WK_ENTER;
    if (!WK_MODULE(m, "wick_nn_to_string", "m"))
        return NULL;
    wk_walk walk = {.root = m, .visit = WK_EVERY};
    wk_text text = {0};
    level *levels = NULL; /* one an open module */
    size_t capacity = 0;
    bool ok = true, own_line = false;
    for (wick_module *at; ok && !text.failed && (at = wk_walk_step(&walk)) != NULL;) {
        size_t depth = walk.depth - 1;
        int indent = 2 * (int)depth;
        if (!walk.leaving) {
            if (!(ok = wk_walk_is_shallow(&walk, "wick_nn_to_string") && WK_GROW(levels, depth, capacity)))
                break;
            levels[depth] = (level){0};
            if (walk.name) {
                level *above = &levels[depth - 1];
                above->line = text.length;
                wk_text_add(&text, "\n%*s(%s): ", indent, "", walk.name);
                above->body = text.length;
            }
            wk_text_add(&text, "%s(", at->name);
            own_line = add_extra(&text, at, indent);
            continue;
        }
        /* A module without children is left right after it was entered, so that own_line is its own. */
        if (own_line || at->table[WK_CHILDREN].count > 0)
            wk_text_add(&text, "\n%*s", indent, "");
        wk_text_put(&text, ")");
        own_line = true;
        if (depth > 0 && walk.frame[depth - 1].module->container == WK_MODULE_LIST && !text.failed)
            ok = collapse(&text, &levels[depth - 1], walk.frame[depth - 1].next - 1, indent);
    }
    wk_free(levels, capacity * sizeof *levels);
    ok = wk_walk_end(&walk) && ok && !text.failed;
    const char *string = ok ? wk_string(text.s, text.length) : NULL;
    wk_text_free(&text);
    return string;
}

bool wick_nn_print(wick_module *m)
{
    WK_ENTER;
    WICK_SCOPE;
    return wk_print_text("wick_nn_print", wick_nn_to_string(m));
}
