/* op_suite.h - a family of operations: a table with one row an operation, from which the tests are made.
 *
 * A row is X(name, compare, gradient, call): the public name without wick_, how its values compare with PyTorch's, what its
 * gradient is (op_replay.h), and the call, which sees in, n, real, whole and args. Adding an operation adds a row to
 * test_ops_<family>.c and cases to ops_<family>.py beside it; scripts/check_op_rows.sh fails where one lacks.
 *
 *     #define ROWS(X) X(exp, ULPS, CHECKED, wick_exp(in[0])) ...
 *     OP_FAMILY(pointwise, ROWS)
 *     Suite *ops_pointwise_suite(void) { return op_suite(&family, enter); } */
#pragma once

#include <check.h>

#include "op_replay.h"

typedef struct op_family {
    const char *name;  /* "pointwise" */
    const char *suite; /* "ops_pointwise" */
    const op_row *rows;
    int count;
} op_family;

void op_enter(const op_family *family);

/* The suite ops_<family>; enter calls op_enter for the family. */
Suite *op_suite(const op_family *family, void (*enter)(void));

/* The call, which must return its first argument, on a copy of in[0], or (whole[0]: 1) on row 1 of the copy. */
#define ON_COPY(call)                                                                                     \
    (y = in[0] ? wick_clone(in[0]) : NULL, target = y && args > 0 && whole[0] ? wick_select(y, 0, 1) : y, \
     in[0] && !target   ? NULL                                                                            \
     : (call) == target ? y                                                                               \
                        : NULL)

#define OP_FUNCTION_(name, compare, gradient, call)                                                                   \
    static wick_tensor *row_##name(wick_tensor *const *in, int n, const double *real, const int64_t *whole, int args) \
    {                                                                                                                 \
        wick_tensor *y = NULL, *target = NULL;                                                                        \
        (void)in, (void)n, (void)real, (void)whole, (void)args, (void)y, (void)target;                                \
        return call;                                                                                                  \
    }
#define OP_ROW_(name, compare, gradient, call) {#name, compare, gradient, row_##name},

/* The family's functions and its table, as the static objects family and enter, and for others as ops_<family>_family. */
#define OP_FAMILY(name, ROWS)                                                                       \
    ROWS(OP_FUNCTION_)                                                                              \
    static const op_row rows[] = {ROWS(OP_ROW_)};                                                   \
    static const op_family family = {#name, "ops_" #name, rows, (int)(sizeof rows / sizeof *rows)}; \
    extern const op_family *const ops_##name##_family;                                              \
    const op_family *const ops_##name##_family = &family;                                           \
    static void enter(void) { op_enter(&family); }
