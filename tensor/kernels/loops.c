/* loops.c - the CPU's loops, and the table of them for one instruction set.
 *
 * This file is compiled once for each instruction set, with WK_ISA set to base, avx2 or avx512 and the compiler's
 * options to match, and gives the table wk_device_<WK_ISA>; device.c picks one at run time. The loops are written in
 * plain C for the compiler to vectorise, in the headers that are included here. Compiled without contraction of a * b +
 * c, so that plain arithmetic gives the same bits on every instruction set. */
#include "../kernels.h"

#include "activation_loops.h"
#include "convert.h"
#include "normalize_loops.h"
#include "product_loops.h"
#include "row_loops.h"
#include "scan_loops.h"
#include "steps.h"

#ifndef WK_ISA
#define WK_ISA base
#endif
#define TABLE_(isa) wk_device_##isa
#define TABLE(isa) TABLE_(isa)
#define TEXT_(isa) #isa
#define TEXT(isa) TEXT_(isa)

/* The loops of one name for the dtypes of its group, in the order of wick_dtype. */
#define GROUP_F(name)                            \
    {                                            \
        name##_f32, name##_f64, NULL, NULL, NULL \
    }
#define GROUP_N(name)                                       \
    {                                                       \
        name##_f32, name##_f64, name##_i64, name##_u8, NULL \
    }
#define GROUP_A(name)                                            \
    {                                                            \
        name##_f32, name##_f64, name##_i64, name##_u8, name##_b8 \
    }
#define STEP_OF_TABLE(name) [WK_STEP_##name] = GROUP_F(name),
#define ROW_OF_TABLE(name, inputs, dtypes, output) [WK_##name] = GROUP_##dtypes(name),

extern const wk_device TABLE(WK_ISA);
const wk_device TABLE(WK_ISA) = {
    .name = TEXT(WK_ISA),
    .loop = {WK_LOOPS(ROW_OF_TABLE)},
    .where = {where_f32, where_f64, where_i64, where_u8, where_u8},
    .cast = {CASTS_FROM(f32), CASTS_FROM(f64), CASTS_FROM(i64), CASTS_FROM(u8), CASTS_FROM(u8)},
    .step = {WK_STEPS(STEP_OF_TABLE)},
    .fold = {[WK_FOLD_SUM] = {sum_f32, sum_f64, sum_i64, sum_u8, sum_u8},
             [WK_FOLD_SUM_ABS] = GROUP_F(sum_abs),
             [WK_FOLD_SUM_SQUARES] = GROUP_F(sum_squares),
             [WK_FOLD_PROD] = {prod_f32, prod_f64, prod_i64, prod_u8, prod_u8},
             [WK_FOLD_MAX] = {largest_f32, largest_f64, largest_i64, largest_u8, largest_u8},
             [WK_FOLD_MIN] = {smallest_f32, smallest_f64, smallest_i64, smallest_u8, smallest_u8}},
    .fold_columns = {[WK_FOLD_SUM] = {sum_columns_f32, sum_columns_f64, sum_columns_i64},
                     [WK_FOLD_SUM_ABS] = GROUP_F(sum_abs_columns),
                     [WK_FOLD_SUM_SQUARES] = GROUP_F(sum_squares_columns),
                     [WK_FOLD_PROD] = {prod_columns_f32, prod_columns_f64, prod_columns_i64},
                     [WK_FOLD_MAX] = {largest_columns_f32, largest_columns_f64, largest_columns_i64, largest_columns_u8,
                                      largest_columns_u8},
                     [WK_FOLD_MIN] = {smallest_columns_f32, smallest_columns_f64, smallest_columns_i64,
                                      smallest_columns_u8, smallest_columns_u8}},
    .moments = {moments_f32, moments_f64},
    .scan = {[WK_SCAN_SUM] = {scan_sum_f32, scan_sum_f64, scan_sum_i64},
             [WK_SCAN_PROD] = {scan_prod_f32, scan_prod_f64, scan_prod_i64}},
    .recurrence = {recurrence_f32, recurrence_f64},
    .argmax = {argmax_f32, argmax_f64, argmax_i64, argmax_u8, argmax_u8},
    .argmin = {argmin_f32, argmin_f64, argmin_i64, argmin_u8, argmin_u8},
    .gemm = {product_f32, product_f64, product_i64, product_u8, NULL},
    .softmax = {softmax_f32, softmax_f64},
    .softmax_grad = {softmax_grad_f32, softmax_grad_f64},
    .layer_norm = {layer_norm_f32, layer_norm_f64},
    .layer_norm_grad = {layer_norm_grad_f32, layer_norm_grad_f64},
};
