/* tensor_struct.h - the tensor itself, as the library sees it. */
#pragma once

#include "call.h"
#include "object.h"
#include "options.h"
#include "tensor.h"
#include "text.h"

struct wick_node; /* of the autograd layer; the tensor layer only drops references to it */

/* Elements that tensors share. */
typedef struct wk_storage {
    atomic_int refs;
    atomic_uint version;         /* counts in-place writes */
    const char *_Atomic written; /* the operation that wrote last, for messages; and where it was called */
    const void *_Atomic written_at;
    const char *_Atomic written_by;
    size_t bytes;
    unsigned char *data; /* right behind this header, aligned to 64 */
} wk_storage;

struct wick_tensor {
    wick_object base;
    wk_storage *storage;
    int64_t offset; /* in elements */
    int64_t numel;
    uint8_t ndim;
    bool contiguous;    /* row-major without gaps */
    bool is_number;     /* stands for a number of the host language in type promotion */
    bool is_parameter;  /* of a module: printed as such */
    bool requires_grad; /* of a leaf */
    bool retains_grad;  /* of a non-leaf */
    bool no_grad_view;  /* a view that was made while nothing was recorded */
    bool watched;       /* by debug.c */
    wick_dtype dtype;
    uint32_t draw; /* with WICK_DEBUG=draws, the number of the draw that made it; else 0 */
    int64_t shape[WICK_MAX_DIMS];
    int64_t strides[WICK_MAX_DIMS]; /* in elements */

    /* Owned by the autograd layer. */
    wick_tensor *grad;
    struct wick_node *grad_fn;            /* the node that made it; NULL for a leaf */
    struct wick_node *_Atomic accumulate; /* of a leaf: its AccumulateGrad node, made when first used */
    wick_tensor *view_of;                 /* of a view: the tensor that it is a view of, itself no view */
    uint64_t view_history;                /* of a view: the number of the node of view_of that grad_fn belongs to */
};

extern const wk_class wk_tensor_class;
extern const wk_class wk_list_class;

/* A list only grows. items that were read stay where they are, and what they are, as long as the list lives (list.c). */
typedef struct wk_list_block wk_list_block;
struct wick_list {
    wick_object base;
    int64_t count, capacity;
    bool has_holes;       /* some items are NULL: gradients that are not there */
    wick_tensor **items;  /* own, or in the newest block */
    wk_list_block *block; /* NULL until the list has grown */
    int64_t own_count;
    wick_tensor *own[]; /* what it was made with */
};

/* What this layer leaves to the autograd layer, which defines these: dropping what a dying tensor holds there, and the name
 * of the node that made t (NULL for a leaf). */
void wk_tensor_dies(wick_tensor *t);
const char *wk_grad_fn_name(const wick_tensor *t);

/* Writes text and a newline to stdout. False if text is NULL, or with an error. */
bool wk_print_text(const char *function, const char *text);

/* Argument checks, which every public function begins with. */
#define WK_TENSOR(t, function, name) wk_check(t, &wk_tensor_class, function, name)
#define WK_LIST(l, function, name) wk_check_list(l, function, name)
#define WK_LIST_OR_HOLES(l, function, name) wk_check(l, &wk_list_class, function, name) /* items may be NULL */
bool wk_check_list(const wick_list *list, const char *function, const char *name);

/* A list whose items may be NULL. items may be NULL if count is 0. */
wick_list *wk_list_with_holes(wick_tensor *const *items, int64_t count);

/* ---- New tensors: one reference, the caller's; NULL with an error ------------------------------------------------------------ */

wick_tensor *wk_new(const int64_t *shape, int ndim, wick_dtype dtype); /* uninitialised, contiguous */
wick_tensor *wk_new_like(const wick_tensor *t);                        /* same shape and dtype, contiguous */
wick_tensor *wk_alias(const wick_tensor *t, const int64_t *shape, const int64_t *strides, int ndim, int64_t offset);
wick_tensor *wk_contiguous(const wick_tensor *t);             /* t with a reference more, or a copy */
wick_tensor *wk_cast(const wick_tensor *t, wick_dtype dtype); /* the same, in another dtype */

/* Sizes that a shape may have: no negative one, at most WICK_MAX_DIMS, bytes that fit. Writes the element count. */
bool wk_check_shape(const char *function, const int64_t *shape, int ndim, wick_dtype dtype, int64_t *numel);

/* The error of a size that is negative: of a dtype, with the call as it was meant, wick_ones(2, .dtype = WICK_FLOAT64). */
void wk_refuse_size(const char *function, const int64_t *shape, int ndim, int64_t size);

/* Recomputes numel and contiguous from shape and strides. */
void wk_update_layout(wick_tensor *t);
void wk_contiguous_strides(const int64_t *shape, int ndim, int64_t *strides);

/* Notes an in-place write by the named operation. */
void wk_bump_version(wick_tensor *t, const char *operation);

/* Shape of a creation call's options; an error for a ninth size. And what ends such a call: sets requires_grad, which needs
 * a floating dtype, and gives t to the innermost scope. */
bool wk_options_shape(const char *function, const wick_tensor_options *o, int64_t *shape, int *ndim);
wick_tensor *wk_finish(const char *function, wick_tensor *t, const wick_tensor_options *o);

/* ---- Elements ----------------------------------------------------------------------------------------------------------------- */

/* Tables of something for each dtype, in the order of wick_dtype, and where a dtype stands there: the lowest byte of its value, so
 * that a dtype in memory is read as an index without arithmetic. */
#define WK_DTYPE_INDEX(dtype) ((unsigned char)(dtype))
enum { WK_DTYPE_COUNT = WICK_BOOL - WICK_FLOAT32 + 1 };
_Static_assert(WK_DTYPE_INDEX(WICK_FLOAT32) == 0 && WK_DTYPE_INDEX(WICK_BOOL) == WK_DTYPE_COUNT - 1,
               "indices from 0 on");

/* Whether it is one of the dtypes: WICK_DTYPE_AUTO is none. */
static inline bool wk_is_dtype(int64_t value) { return value >= WICK_FLOAT32 && value <= WICK_BOOL; }

/* "WICK_FLOAT32" and so on; NULL for what is no dtype. */
const char *wk_dtype_enumerator(int64_t value);

/* For an argument that may be any whole number: that it is not a dtype, which was meant for another place; the error says so. */
bool wk_check_whole(const char *function, const char *name, int64_t value);

/* Bytes per element; wick_dtype_size for what is known to be a dtype. */
static inline int64_t wk_element_size(wick_dtype dtype)
{
    static const unsigned char sizes[] = {
#define SIZE(enumerator, value, type, name) [WK_DTYPE_INDEX(enumerator)] = sizeof(type),
        WICK_DTYPES(SIZE)
#undef SIZE
    };
    return sizes[WK_DTYPE_INDEX(dtype)];
}

static inline void *wk_data(const wick_tensor *t) { return t->storage->data + t->offset * wk_element_size(t->dtype); }

/* One element as a double, as an integer or as either, and back, at an element offset from the storage's start. As a double an
 * int64 loses digits: where the element may be of any dtype, and is more than compared with 0, it is a wick_number. */
double wk_load(const wick_tensor *t, int64_t at);
int64_t wk_load_int(const wick_tensor *t, int64_t at);
wick_number wk_load_number(const wick_tensor *t, int64_t at);
void wk_store(wick_tensor *t, int64_t at, double value);
void wk_store_number(wick_tensor *t, int64_t at, wick_number value);
void wk_write_number(void *element, wick_dtype dtype, wick_number value);

/* A number as a double, and for messages, in a buffer of WK_NUMBER_TEXT bytes, which is returned. */
#define WK_NUMBER_TEXT 32
double wk_number_real(wick_number value);
char *wk_number_text(wick_number value, char *text);
#define WK_NUMBER(value) wk_number_text(value, (char[WK_NUMBER_TEXT]){0})

/* Whether it is a number: one that could not be made has had its error. */
bool wk_is_number(const char *function, wick_number value);

/* Whether the number lies in the dtype's range. float32 has infinities and NaN; integers have neither, and a fraction is cut off;
 * uint8 begins at 0. */
bool wk_in_range(wick_number value, wick_dtype dtype);

/* Whether a tensor of this dtype can hold the number, as PyTorch asks: finite beyond its range, or, for integers, NaN and
 * infinities, are an error. A fraction is cut off, and a negative whole number wraps into uint8. */
bool wk_check_number(const char *function, wick_number value, wick_dtype dtype);

/* Whether a double that an option brings to a tensor of dtype is what the caller wrote: from 2^53 on, it may have been a whole
 * number that was rounded on its way, and for int64 that is an error, which says what to do instead. Beyond int64 it stands
 * for no bound. */
bool wk_check_exact(const char *function, const char *option, double value, wick_dtype dtype, const char *instead);

/* dst = src, converted and broadcast. dst and src may be any strides; src broadcasts to dst's shape. */
bool wk_copy(wick_tensor *dst, const wick_tensor *src);

/* src's elements, converted, into those of dst that lie from element offset on with these strides. False with an error. */
bool wk_copy_at(wick_tensor *dst, int64_t offset, const int64_t *strides, const wick_tensor *src);
void wk_fill(wick_tensor *t, double value);
void wk_fill_number(wick_tensor *t, wick_number value);

/* ---- Shapes ------------------------------------------------------------------------------------------------------------------- */

/* dim in [0, ndim), from one that may be negative; -1 and an error "Dimension out of range" otherwise. A 0-dimensional
 * tensor takes -1 and 0. */
int wk_wrap_dim(const char *function, int64_t dim, int ndim);

/* The broadcast of two shapes into shape/ndim; false, with an error that names the function, if there is none. */
bool wk_broadcast(const char *function, const int64_t *a, int na, const int64_t *b, int nb, int64_t *shape, int *ndim);
bool wk_same_shape(const wick_tensor *a, const wick_tensor *b);

/* Whether t broadcasts to this very shape; an error that names the function if not. */
bool wk_broadcasts_to(const char *function, const wick_tensor *t, const int64_t *shape, int ndim);

/* Steps an index to the next element in row-major order, and the positions at[k] of n tensors with these strides along. */
void wk_next(const int64_t *shape, int ndim, int64_t *index, int n, const int64_t *const *strides, int64_t *at);

/* "(2, 3)" into a buffer of WK_SHAPE_TEXT bytes, which is returned. */
#define WK_SHAPE_TEXT 192
char *wk_shape_text(const int64_t *shape, int ndim, char *text);
#define WK_SHAPE(t) wk_shape_text((t)->shape, (t)->ndim, (char[WK_SHAPE_TEXT]){0})

/* The dtype of an operation on these, as torch.result_type: tensors with dimensions, 0-dimensional ones and numbers rank
 * in this order, and one of lower rank counts only by its category. b may be NULL. */
wick_dtype wk_result_type(const wick_tensor *a, const wick_tensor *b);

/* Whether the argument of this name is of a floating-point dtype; an error if not. */
bool wk_check_floating(const char *function, const wick_tensor *t, const char *name);

/* Whether a tensor of dtype to can be written in place with a result of dtype from: torch.can_cast(from, to). */
bool wk_can_hold(wick_dtype to, wick_dtype from);

/* With WICK_DEBUG=draws, gives a result of random numbers, which may be NULL, the next number; returns it. */
wick_tensor *wk_note_draw(wick_tensor *t);

/* ---- Random numbers, in PyTorch's order of draws ------------------------------------------------------- */

uint64_t wk_random64(wick_generator *g); /* g may be NULL, here and below: the default generator */
void wk_rand_fill(wick_tensor *t, double low, double high, wick_generator *g);  /* t contiguous, floating point */
void wk_randn_fill(wick_tensor *t, double mean, double std, wick_generator *g); /* the same */
wick_tensor *wk_bernoulli(wick_tensor *p,
                          wick_generator *g); /* 1 or 0 for each probability; one reference, the caller's */
void wk_bernoulli_fill(wick_tensor *t, double p, wick_generator *g);                /* t contiguous; 0 or 1 */
void wk_exponential_fill(wick_tensor *t, double lambd, wick_generator *g);          /* as wk_rand_fill */
void wk_randint_fill(wick_tensor *t, int64_t low, int64_t high, wick_generator *g); /* t contiguous; [low, high) */
void wk_random_fill(wick_tensor *t, wick_generator *g);                             /* t contiguous; from 0 on */
bool wk_check_whole_interval(const char *function, int64_t low, int64_t high, wick_dtype dtype);
/* Random numbers in the shape of t that lie in memory in t's order, as PyTorch's do; draw fills contiguous memory. part: where that
 * is not the order of rows, so many at a time; 0: all at once; below 0: -part at a time in any case. One reference, the
 * caller's; it may not be contiguous. */
typedef void wk_filler(wick_tensor *t, const void *context);
wick_tensor *wk_drawn_like(const wick_tensor *t, int64_t part, wk_filler *draw, const void *context);

/* The same into y, a new tensor of t's shape and dtype. Nothing is drawn if it fails. */
bool wk_draw_into(wick_tensor *y, const wick_tensor *t, int64_t part, wk_filler *draw, const void *context);
enum { WK_NORMAL_PART = 15 }; /* of wk_randn_fill: fewer than a block, and so one by one */
void wk_randperm_fill(int64_t *out, int64_t n, wick_generator *g);
void wk_randperm_seeded(int64_t *out, int64_t n, uint64_t seed); /* by a generator of its own with this seed */
