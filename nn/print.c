/* print.c - the text of print(model), as Module.__repr__ makes it: Name(extra), or one line for each line of extra and
 * for each child, indented by two more a level. */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define EXTRA_TEXT 4096

static bool is_blank(const char *line, size_t length) { return strspn(line, " \t\r\v\f") >= length; }

/* Writes what follows "Name(" before the children; returns whether the closing parenthesis gets a line of its own. */
static bool add_extra(wk_text *text, wick_module *m, int indent)
{
    char extra[EXTRA_TEXT] = {0};
    if (m->options.print_extra)
        m->options.print_extra(m, extra, sizeof extra);
    extra[sizeof extra - 1] = '\0';
    bool children = m->table[WK_CHILDREN].count > 0;
    if (extra[0] == '\0')
        return children;
    if (!children && !strchr(extra, '\n')) {
        wk_text_add(text, "%s", extra);
        return false;
    }
    for (const char *line = extra; line;) {
        const char *end = strchr(line, '\n');
        size_t length = end ? (size_t)(end - line) : strlen(line);
        /* PyTorch leaves blank lines of nested modules empty. */
        if (indent > 0 && is_blank(line, length))
            wk_text_add(text, "\n");
        else
            wk_text_add(text, "\n%*s%.*s", indent + 2, "", (int)length, line);
        line = end ? end + 1 : NULL;
    }
    return true;
}

const char *wick_nn_to_string(wick_module *m)
{
    if (!WK_MODULE(m, "wick_nn_to_string", "m"))
        return NULL;
    wk_walk walk = {.root = m, .visit = WK_EVERY};
    wk_text text = {0};
    bool own_line = false;
    for (wick_module *at; !text.failed && (at = wk_walk_step(&walk)) != NULL;) {
        int indent = 2 * (int)(walk.depth - 1);
        if (!walk.leaving) {
            if (walk.name)
                wk_text_add(&text, "\n%*s(%s): ", indent, "", walk.name);
            wk_text_add(&text, "%s(", at->name);
            own_line = add_extra(&text, at, indent);
        } else {
            /* A module without children is left right after it was entered, so that own_line is its own. */
            if (own_line || at->table[WK_CHILDREN].count > 0)
                wk_text_add(&text, "\n%*s", indent, "");
            wk_text_add(&text, ")");
        }
    }
    bool ok = wk_walk_end(&walk) && !text.failed;
    const char *string = ok ? wk_string(text.s, text.length) : NULL;
    wk_text_free(&text);
    return string;
}

bool wick_nn_print(wick_module *m)
{
    wick_scope scope = wick_scope_push();
    const char *text = wick_nn_to_string(m);
    bool ok = text != NULL;
    if (ok && printf("%s\n", text) < 0)
        ok = wick_fail(WICK_ERROR_FILE, "wick_nn_print: stdout could not be written") != NULL;
    wick_scope_pop(&scope);
    return ok;
}
