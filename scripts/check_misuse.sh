#!/usr/bin/env bash
# What is no number, tensor, dimension or data does not compile, and what is does: calls that CC has to accept, and others that it
# has to refuse.
#     check_misuse.sh INCLUDE_DIR      (CC: the compiler)
set -euo pipefail
include=$1
head='#include <wick/wick.h>
struct pair { double a, b; };
void try_it(wick_tensor *x, wick_module *m, const wick_tensor *cx, double *p, const char *s, void *v, struct pair pair, double **pp, wick_list *list)
{
    (void)x, (void)m, (void)cx, (void)p, (void)s, (void)v, (void)pair, (void)pp, (void)list;
    (void)('

compiles() # expression
{
    printf '%s%s);\n}\n' "$head" "$1" | "${CC:-cc}" -x c -std=c11 -w -I"$include" -fsyntax-only - 2>/dev/null
}

wrong=0
accept() { compiles "$1" || { echo "does not compile: $1"; wrong=$((wrong + 1)); }; }
refuse()
{
    # Old compilers only warn where a pointer becomes an integer: to the user that is an error as well.
    if printf '%s%s);\n}\n' "$head" "$1" |
        "${CC:-cc}" -x c -std=c11 -w -Werror=int-conversion -Werror=incompatible-pointer-types -I"$include" -fsyntax-only - 2>/dev/null
    then
        echo "compiles, and must not: $1"
        wrong=$((wrong + 1))
    fi
}

# In place of @: an operand, a number, a size, data. The first list fits, the second does not.
numbers=("'a'" "(signed char)1" "(unsigned char)1" "(short)1" "(unsigned short)1" 1 1u 1l 1ul 1ll 1ull 1.0f 1.0 1.0L "(_Bool)1"
    "(wick_dtype)0" WICK_FLOAT64 "(int8_t)1" "(uint64_t)1" "(size_t)1")
others=("pair" "&pair" p "*pp" s '"text"' v "(void *)0" "NULL" "&x" pp "stdout" "main_" "wick_add" "m" "list" "(int[]){1, 2}")

operands=("wick_add(x, @)" "wick_sub(@, x)" "wick_mul(x, @)" "wick_div(x, @)" "wick_pow(@, x)" "wick_fmod(x, @)" "wick_eq(x, @)"
    "wick_ge(@, x)" "wick_maximum(x, @)" "wick_clamp_min(x, @)" "wick_where(x, @, 0)" "wick_where(x, 1, @)" "wick_lerp(x, x, @)"
    "wick_masked_fill(x, x, @)" "wick_index_fill(x, 0, x, @)" "wick_scatter(x, 0, x, @)" "wick_searchsorted(x, @)"
    "wick_bucketize(@, x)" "wick_fmod_(x, @)" "wick_add_(x, @)" "wick_div_(x, @)" "wick_copysign_(x, @)" "wick_xlogy(@, x)")
values=("wick_full(@, 2)" "wick_full_like(x, @)" "wick_fill_(x, @)" "wick_set(x, @, 0)"
    "wick_init_constant_(x, @)" "wick_threshold(x, @, 0)" "wick_threshold_(x, 0, @)" "wick_nn_threshold(@, 0)" "wick_scalar(@)")
sizes=("wick_roll(x, @)" "wick_split(x, @)" "wick_tensor_split(x, @)" "wick_movedim(x, @, 0)")
data=(float double "long double" _Bool "signed char" "unsigned char" short "unsigned short" int unsigned long "unsigned long"
    "long long" "unsigned long long" int8_t uint8_t int16_t uint16_t int32_t uint32_t int64_t uint64_t size_t)

for call in "${operands[@]}"; do
    accept "${call//@/x}"
    accept "${call//@/${numbers[RANDOM % ${#numbers[@]}]}}"
done
for number in "${numbers[@]}"; do
    accept "wick_add(x, $number)"
    accept "wick_full($number, 2)"
done
for call in "${values[@]}"; do
    accept "${call//@/${numbers[RANDOM % ${#numbers[@]}]}}"
    refuse "${call//@/x}"
done
for other in "${others[@]}"; do
    refuse "wick_add(x, $other)"
    refuse "wick_full($other, 2)"
    refuse "wick_roll(x, $other)"
done
for call in "${operands[@]}" "${values[@]}" "${sizes[@]}"; do
    refuse "${call//@/p}"
    refuse "${call//@/pair}"
done
for call in "${sizes[@]}"; do
    accept "${call//@/2}"
    accept "${call//@/(size_t)2}"
    refuse "${call//@/2.0}"
    refuse "${call//@/x}"
done
# An option that the operation does not have.
for call in "wick_mse_loss(x, x, @)" "wick_l1_loss(x, x, @)" "wick_nn_mse_loss(@)" "wick_soft_margin_loss(x, x, @)" "wick_nn_bce_loss(@)" \
    "wick_binary_cross_entropy(x, x, @)" "wick_multilabel_margin_loss(x, x, @)"; do
    refuse "${call//@/.ignore_index = 3}"
    refuse "${call//@/.label_smoothing = 0.1}"
    refuse "${call//@/.pos_weight = x}"
    accept "${call//@/.reduction = WICK_SUM}"
done
refuse "wick_nll_loss(x, x, .pos_weight = x)"
refuse "wick_nll_loss(x, x, .label_smoothing = 0.1)"
refuse "wick_cross_entropy(x, x, .pos_weight = x)"
refuse "wick_soft_margin_loss(x, x, .weight = x)"
refuse "wick_nn_huber_loss(.weight = x)"
accept "wick_huber_loss(x, x, .weight = x)"
refuse "wick_prod(x, .dims = WICK_DIMS(0, 1))"
refuse "wick_max(x, .dims = WICK_DIMS(0, 1))"
refuse "wick_argmax(x, .indices = (wick_tensor *[]){x})"
refuse "wick_sum(x, .indices = (wick_tensor *[]){x})"
refuse "wick_amax(x, .dtype = WICK_FLOAT64)"
refuse "wick_any(x, .dtype = WICK_FLOAT64)"
accept "wick_mean(x, 0, true, .dtype = WICK_FLOAT64)"
accept "wick_median(x, 0, .indices = (wick_tensor *[]){x})"
refuse "wick_optim_adam(x, .betas = {0.5})"
accept "wick_optim_adam(x, .beta1 = 0.5)"
for type in "${data[@]}"; do
    accept "wick_from(((const $type[]){1, 0}), 2)"
    accept "wick_from(((${type}[][1]){{1}, {0}}), 2, 1)"
    accept "wick_from(((${type}[][1][2]){{{1}}, {{0}}}), 2, 1, 2)"
    accept "wick_from((const $type *)v, 2)"
done
accept "wick_from(((wick_dtype[]){1, 0}), 2)" # const enums are no const integers to clang
for other in pair '"text"' s v pp '((struct pair *)v)' '((char[]){1})' 1 x m '((double _Complex *)v)'; do
    refuse "wick_from($other, 1)"
done
for other in p pair 1.0 s x; do
    refuse "wick_to(x, $other)"
    refuse "wick_nn_to(m, $other)"
done
accept "wick_to(x, WICK_FLOAT64)"
accept "wick_to(x, wick_dtype_of(x))"
accept "wick_to(x, wick_cpu())"
accept "wick_nn_to(m, wick_dtype_of(x))"
accept "wick_movedim(x, WICK_DIMS(0, 1), WICK_DIMS(1, 0))"
accept "wick_split(x, WICK_TUPLE(1, 2))"
echo "$wrong wrong"
[[ $wrong -eq 0 ]]
