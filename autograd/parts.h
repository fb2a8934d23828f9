/* parts.h - internal: parts of a tensor taken from, written to and added at places.
 *
 * A place counts parts of the row-major tensor, all of one length: rows, or single elements. Places are int64, valid, or -1
 * for nowhere: zeros are taken from there, and what is put there is lost. Every operation that indexes computes its places
 * first, which checks them, and is then one of three kinds:
 *
 *     take     y = the parts of x at the places               dx = 0 but for dy at them, added up where they meet
 *     write    y = x but for the values at the places         dx = dy but for 0 there        dvalues = dy there
 *     add      y = x + the values at the places               dx = dy                        dvalues = dy there
 *
 * The gradients are of these kinds again, and so are theirs. */
#pragma once

#include "node.h"

wk_grad_rule wk_take_dx, wk_write_dx, wk_add_dx, wk_write_dvalues;

/* Operations of a kind, by the names of their nodes. */
#define WK_TAKE_OP(name)                                           \
    {                                                              \
        name, {{wk_take_dx, USES_B, NULL}, {NULL, 0, NULL}}, false \
    }
#define WK_WRITE_OP(name)                                                            \
    {                                                                                \
        name, {{wk_write_dx, USES_C, NULL}, {wk_write_dvalues, USES_C, NULL}}, false \
    }
#define WK_ADD_OP(name)                                                       \
    {                                                                         \
        name, {{wk_add_dx, 0, NULL}, {wk_write_dvalues, USES_C, NULL}}, false \
    }

/* y of the given shape, whose length of a part is its elements by those of places. saved: the places for the gradient,
 * which may have some of them nowhere; places if NULL. */
wick_tensor *wk_take_places(const wk_op *op, wick_tensor *x, wick_tensor *places, wick_tensor *saved,
                            const int64_t *shape, int ndim);

/* How values, of x's dtype and as many elements as there are in the parts, are put into x. */
typedef enum wk_put_how { WK_WRITE, WK_ADD_UP } wk_put_how;
wick_tensor *wk_put_places(const wk_op *op, wk_put_how how, wick_tensor *x, wick_tensor *values, wick_tensor *places);

/* The same over x, which it returns: what nothing records is written where it lies. */
wick_tensor *wk_put_places_(const char *function, const wk_op *op, wk_put_how how, wick_tensor *x, wick_tensor *values,
                            wick_tensor *places);

/* Whether t is int64, as indices are; an error that names it if not. */
bool wk_check_index(const char *function, const wick_tensor *t, const char *name);

/* The error of an index that is out of range; false. */
bool wk_out_of_range(const char *function, int64_t index, int dim, int64_t size);

/* Whether index and source have x's dtype; an error if not. */
bool wk_check_source(const char *function, const wick_tensor *x, const wick_tensor *source);

/* A number in x's dtype, or a tensor as it is. */
wick_tensor *wk_as_value(const char *function, const wick_tensor *x, wick_tensor *value);

/* The flat positions (n) of the elements of mask, of any dtype, that are not zero. In the innermost scope. */
wick_tensor *wk_mask_positions(wick_tensor *mask);
