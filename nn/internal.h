/* internal.h - the module itself, and what the files of the nn layer share: named objects and traversal. */
#ifndef WICK_NN_INTERNAL_H
#define WICK_NN_INTERNAL_H

#include "../tensor/internal.h"
#include "../tensor/text.h"
#include "nn.h"

/* ---- Named objects: an ordered map from names to objects, which it holds (dict.c) -------------------------------- */

typedef struct wk_entry {
    char *name;
    size_t length; /* of the name, without its final 0 */
    void *object;
} wk_entry;

/* All zero is an empty map. Entries stay in order of insertion; index finds them by hash. */
typedef struct wk_names {
    wk_entry *entry;
    size_t count, capacity;
    size_t *index; /* open addressing: positions of entries plus 1; 0 is free */
    size_t index_size;
} wk_names;

void *wk_names_find(const wk_names *names, const char *name, size_t length);

/* Adds object under a copy of name, or replaces what was there. False, with nothing changed, if there is no memory. */
bool wk_names_set(wk_names *names, const char *name, size_t length, void *object);

void wk_names_clear(wk_names *names);

struct wick_dict {
    wick_object base;
    wk_names names;
};

extern const wk_class wk_dict_class;
#define WK_DICT(d, function, name) wk_check(d, &wk_dict_class, function, name)

/* An empty dict; one reference, the caller's. */
wick_dict *wk_dict_new(void);

/* Whether given has the names of own and no others, with tensors of the same shapes; an error that lists all that does not
 * fit a state_dict for what (state_dict.c). */
bool wk_state_fits(const char *function, const char *what, const wk_names *own, const wk_names *given);

/* ---- Modules (module.c) ------------------------------------------------------------------------------------------ */

typedef enum wk_table { WK_PARAMETERS, WK_BUFFERS, WK_CHILDREN, WK_TABLE_COUNT } wk_table;

struct wick_module {
    wick_object base;
    wick_module_options options;
    void *fields;
    wk_names table[WK_TABLE_COUNT];
    bool training;
    bool registered; /* in some module, once */
    size_t size;     /* of this struct and the name behind it */
    char name[];     /* of the class */
};

extern const wk_class wk_module_class;
#define WK_MODULE(m, function, name) wk_check(m, &wk_module_class, function, name)

/* A module; one reference, the caller's. wick_nn_module without the checks. */
wick_module *wk_module_new(const char *name, const wick_module_options *options);

/* Registers object in a table. False with an error, which names function, for a bad name or no memory. */
bool wk_module_register(const char *function, wick_module *m, wk_table table, const char *name, void *object);

/* ---- Traversal: depth first, without recursion (walk.c) ---------------------------------------------------------- */

/* Of a module that is registered in several places: every occurrence, the first alone, or the first in each parent. */
typedef enum wk_visit { WK_EVERY, WK_ONCE, WK_ONCE_A_PARENT } wk_visit;

typedef struct wk_set { /* of pointers; all zero is empty */
    const void **slot;
    size_t count, size;
} wk_set;

/* Adds pointer. False if it was in the set, or, with *failed set and an error, if there is no memory. */
bool wk_set_add(wk_set *set, const void *pointer, bool *failed);
void wk_set_free(wk_set *set);

typedef struct wk_frame {
    wick_module *module;
    size_t next;   /* child to visit next */
    size_t prefix; /* length of the module's prefix */
} wk_frame;

/* A module is entered before its children and left after them.
 *     wk_walk walk = {.root = m, .visit = WK_ONCE};
 *     for (wick_module *at; (at = wk_walk_enter(&walk)) != NULL;) ...
 *     bool ok = wk_walk_end(&walk); */
typedef struct wk_walk {
    wick_module *root;
    wk_visit visit;
    wk_frame *frame;
    size_t depth, capacity; /* of open frames: 1 at the root */
    wk_text prefix;         /* of the present module's entries: "", "fc." or "fc.0." */
    const char *name;       /* under which its parent has it; NULL for the root */
    wk_set seen;
    bool leaving; /* the present module is being left */
    bool failed;
} wk_walk;

wick_module *wk_walk_step(wk_walk *walk);  /* the next module entered or left; NULL at the end */
wick_module *wk_walk_enter(wk_walk *walk); /* the next one entered */
bool wk_walk_end(wk_walk *walk);           /* frees; false, with an error, if memory ran out on the way */

/* The parameters or buffers or both (bits 1 << table) under their dotted names, in PyTorch's order: of a module its
 * parameters, then its buffers, then those of its children. With once, a tensor appears under its first name only. */
bool wk_gather(wick_module *m, unsigned tables, bool once, wk_names *into);

#endif
