/* module.h - the module itself, and what the files of the nn layer share: named objects and traversal. */
#pragma once

#include "../tensor/tensor_struct.h"
#include "../tensor/text.h"
#include "nn.h"

/* ---- Named objects: an ordered map from names to objects, which it holds (dict.c) -------------------------------- */

typedef struct wk_entry {
    char *name;
    size_t length; /* of the name, without its final 0 */
    void *object;
    bool transient; /* a buffer that is not in the state dict */
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

/* Takes the entry out, and drops its object. Nothing to do if there is none of that name. */
void wk_names_remove(wk_names *names, const char *name, size_t length);

/* Takes out all entries behind the first count ones. */
void wk_names_cut(wk_names *names, size_t count);

void wk_names_clear(wk_names *names);

struct wick_dict {
    wick_object base;
    wk_names names;
    wk_names
        versions; /* of a model's: PyTorch's _metadata, the versions of its modules by name, as int64 tensors; or none */
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

/* What a module is to the functions of containers.h. */
typedef enum wk_container { WK_NO_CONTAINER, WK_SEQUENTIAL, WK_MODULE_LIST, WK_MODULE_DICT } wk_container;

struct wick_module {
    wick_object base;
    wick_module_options options;
    void *fields;
    wk_names table[WK_TABLE_COUNT];
    wick_hook *hooks;
    wk_container container;
    bool training;
    bool registered; /* in some module, once */
    int version;     /* of what it has in state dicts: PyTorch's _version */
    bool users;      /* its functions are a user's */
    size_t size;     /* of this struct and the name behind it */
    char name[];     /* of the class */
};

extern const wk_class wk_module_class;
#define WK_MODULE(m, function, name) wk_check(m, &wk_module_class, function, name)

/* A module; one reference, the caller's. wick_nn_module without the checks. */
wick_module *wk_module_new(const char *name, const wick_module_options *options);

/* Runs m's forward, without hooks, after a check of the number of inputs, and gives its results: one, unless it has a
 * forward_list or is a Sequential (container.c). And the same with hooks (module_hooks.c). */
wick_list *wk_module_results(wick_module *m, wick_tensor *const *inputs, int count);
wick_list *wk_sequential_results(wick_module *m, wick_tensor *x);
bool wk_module_has_hooks(const wick_module *m);
wick_list *wk_module_run_with_hooks(wick_module *m, wick_tensor *const *inputs, int count);

/* Registers object in a table. False with an error, which names function, for a bad name or no memory. */
bool wk_module_register(const char *function, wick_module *m, wk_table table, const char *name, void *object);

/* Whether t may become m's parameter of that name; an error if not. And makes it one. */
bool wk_check_parameter(const char *function, const wick_module *m, const char *name, const wick_tensor *t);
void wk_make_parameter(wick_tensor *t);

/* Puts child in the place of m's child of that name. False with an error. */
bool wk_module_replace(const char *function, wick_module *m, const char *name, wick_module *child);

/* ---- Parameters whose shape is not known yet (lazy.c) ------------------------------------------------------------- */

/* Such a parameter is a tensor object that no function takes for a tensor, until it gets its shape. */
bool wk_is_uninitialized(const wick_tensor *t);
void wk_make_uninitialized(wick_tensor *const *t, int count);
bool wk_warn_of_laziness(void); /* false with an error where warnings are errors */

/* Gives it its shape, with elements that are not set. False, with nothing changed, on no memory. */
bool wk_materialize(wick_tensor *t, const int64_t *shape, int ndim);

/* False, with an error that names the first one, if there are such among these. */
bool wk_check_initialized(const char *function, const wk_names *names);

/* ---- What layers are made of (activations.c, extra.c, linear.c) --------------------------------------------------- */

/* A layer whose fields are a copy of what fields points to, owned by the innermost scope. */
wick_module *wk_layer(const char *name, wick_module_options options, const void *fields);

/* Adds an entry to what print shows, after a comma if there is one already; and name and a number or sizes, as Python writes
 * them. */
void wk_extra(char *text, size_t length, const char *format, ...) WICK_PRINTF(3, 4);
void wk_extra_float(char *text, size_t length, const char *name, double x);
void wk_extra_dims(char *text, size_t length, const char *name, const wick_dims *dims);

/* Whether dims, an argument of this name, has 1 to WICK_MAX_DIMS sizes; an error if not. */
bool wk_check_dims(const char *function, const char *name, const wick_dims *dims);

/* An uninitialised parameter or buffer of m. NULL with an error. */
wick_tensor *wk_layer_parameter(wick_module *m, const char *name, const int64_t *shape, int ndim, wick_dtype dtype);
wick_tensor *wk_layer_buffer(wick_module *m, const char *name, const int64_t *shape, int ndim, wick_dtype dtype);

/* The floating dtype that a layer's option asks for; WICK_DTYPE_AUTO with an error if it is no such. */
wick_dtype wk_layer_dtype(const char *function, wick_dtype dtype);

/* Linear, for LazyLinear. */
typedef struct wk_linear {
    wick_tensor *weight; /* (out, in), (out, in1, in2) */
    wick_tensor *bias;   /* (out); or NULL */
} wk_linear;
wick_tensor *wk_linear_forward(wick_module *m, wick_tensor *x);
void wk_linear_extra(wick_module *m, char *text, size_t length);
bool wk_linear_reset(const wk_linear *self); /* draws weight and bias */

/* The momentum of a BatchNorm1d; NULL if m is none (normalization.c). */
double *wk_batch_norm_momentum(wick_module *m);

/* The buffer of m that state dicts of that version of its class need not have, or NULL: num_batches_tracked came to batch
 * norm with version 2. Of PyTorch's other classes that Wick has, none has had a version but 1. */
const char *wk_optional_buffer(const wick_module *m, int64_t version);

/* ---- Traversal: depth first, without recursion (walk.c) ---------------------------------------------------------- */

/* Of a module that is registered in several places: every occurrence, the first alone, or the first in each parent. */
typedef enum wk_walk_kind { WK_EVERY, WK_ONCE, WK_ONCE_A_PARENT } wk_walk_kind;

typedef struct wk_set { /* of pointers; all zero is empty */
    const void **slot;
    size_t count, size;
} wk_set;

/* Adds pointer. False if it was in the set, or, with *failed set and an error, if there is no memory. */
bool wk_set_add(wk_set *set, const void *pointer, bool *failed);
void wk_set_free(wk_set *set);

typedef struct wk_frame {
    wick_module *module; /* held: print_extra of one may take it out */
    size_t next;         /* child to visit next */
    size_t prefix;       /* length of the module's prefix */
} wk_frame;

/* A module is entered before its children and left after them.
 *     wk_walk walk = {.root = m, .visit = WK_ONCE};
 *     for (wick_module *at; (at = wk_walk_enter(&walk)) != NULL;) ...
 *     bool ok = wk_walk_end(&walk); */
typedef struct wk_walk {
    wick_module *root;
    wk_walk_kind visit;
    wk_frame *frame;
    size_t depth, capacity; /* of open frames: 1 at the root */
    wk_text prefix;         /* of the present module's entries: "", "fc." or "fc.0." */
    const char *name;       /* under which its parent has it; NULL for the root */
    wk_set seen;
    bool leaving; /* the present module is being left */
    bool failed;
} wk_walk;

/* What writes the name or the text of every module takes space that grows with the square of the depth: an error, and false,
 * below some depth. */
bool wk_walk_is_shallow(const wk_walk *walk, const char *function);

wick_module *wk_walk_step(wk_walk *walk);  /* the next module entered or left; NULL at the end */
wick_module *wk_walk_enter(wk_walk *walk); /* the next one entered */
bool wk_walk_end(wk_walk *walk);           /* frees; false, with an error, if memory ran out on the way */

/* The parameters or buffers or both (bits 1 << table) under their dotted names, in PyTorch's order: of a module its
 * parameters, then its buffers, then those of its children. ONCE: a tensor appears under its first name only. OWN: those of
 * m alone. STATE: without the buffers that are not in the state dict. */
typedef enum wk_gather_options {
    WK_GATHER_ALL = 0,
    WK_GATHER_ONCE = 1,
    WK_GATHER_OWN = 2,
    WK_GATHER_STATE = 4
} wk_gather_options;
bool wk_gather(wick_module *m, unsigned tables, unsigned options, wk_names *into);
