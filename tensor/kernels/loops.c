/* loops.c - the CPU's loops, and the table of them for one instruction set.
 *
 * This file is compiled once for each instruction set, with WK_ISA set to base, avx2 or avx512 and the compiler's
 * options to match, and gives the table wk_device_<WK_ISA>; device.c picks one at run time. The loops are written in
 * plain C for the compiler to vectorise, in the headers that are included here. Compiled without contraction of a * b +
 * c, so that plain arithmetic gives the same bits on every instruction set. */
#include "../kernels.h"

#include "activation.h"
#include "convert.h"
#include "normalize.h"
#include "product.h"
#include "rows.h"
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
#define ROW_OF_TABLE(name, inputs, dtypes, output) [WK_##name] = GROUP_##dtypes(name),

extern const wk_device TABLE(WK_ISA);
const wk_device TABLE(WK_ISA) = {
    .name = TEXT(WK_ISA),
    .loop = {WK_LOOPS(ROW_OF_TABLE)},
    .where = {where_f32, where_f64, where_i64, where_u8, where_u8},
    .cast = {CASTS_FROM(f32), CASTS_FROM(f64), CASTS_FROM(i64), CASTS_FROM(u8), CASTS_FROM(u8)},
    .step = {[WK_STEP_SGD] = GROUP_F(SGD), [WK_STEP_ADAM] = GROUP_F(ADAM)},
    .sum = {sum_f32, sum_f64, sum_i64, sum_u8, sum_u8},
    .argmax = {argmax_f32, argmax_f64, argmax_i64, argmax_u8, argmax_u8},
    .argmin = {argmin_f32, argmin_f64, argmin_i64, argmin_u8, argmin_u8},
    .gemm = {product_f32, product_f64, product_i64, product_u8, NULL},
    .softmax = {softmax_f32, softmax_f64},
    .softmax_grad = {softmax_grad_f32, softmax_grad_f64},
    .layer_norm = {layer_norm_f32, layer_norm_f64},
    .layer_norm_grad = {layer_norm_grad_f32, layer_norm_grad_f64},
};
