#!/usr/bin/env bash
# Forty mistakes that users make, each compiled alone with -Wall -Wextra as a user would: each message of the compiler has at most
# 12 lines, a line of source and its carets included, and what it says names the argument. Some compile; then the program says it.
#     check_messages.sh INCLUDE_DIR [--list]      (CC: the compiler; --list prints how many lines the longest message has)
set -euo pipefail
include=$1 list=${2:-} most=12 wrong=0 count=0

# What is said of the mistake, one message at a time: from a line with "error:" or "warning:" to the next.
longest() { awk '/ (error|warning): /{n = 0} !/ generated\.$|: In function /{n++; if (n > most) most = n} END {print most + 0}'; }

try() # statement, what a line of the compiler's own, not its copy of the statement, has to name: in the words of one or the other
{
    local text lines
    text=$(printf '%s\n' '#include <wick/wick.h>' 'struct pair { double a, b; };' \
        'void try_it(wick_tensor *x, wick_tensor *y, wick_module *m, wick_optim *opt, wick_dataset *d, struct pair pair);' \
        'void try_it(wick_tensor *x, wick_tensor *y, wick_module *m, wick_optim *opt, wick_dataset *d, struct pair pair)' '{' \
        '    (void)x, (void)y, (void)m, (void)opt, (void)d, (void)pair;' "    $1;" '}' |
        "${CC:-cc}" -x c -std=c11 -Wall -Wextra -fno-diagnostics-color -I"$include" -fsyntax-only - 2>&1) || true
    lines=$(longest <<<"$text")
    count=$((count + 1))
    [[ -n $list ]] && printf '%3d  %s\n' "$lines" "$1"
    if [[ $lines -gt $most ]]; then
        echo "$lines lines: $1"
        printf '%s\n' "$text"
        wrong=$((wrong + 1))
    elif ! grep -vE '^ +([0-9]+ \|)? *[a-z]' <<<"$text" | grep -qE -- "$2"; then
        echo "says nothing of $2: $1"
        wrong=$((wrong + 1))
    fi
}

# An option of another name, of another operation, of another type, twice.
try 'x = wick_sum(x, .axis = 1)' axis
try 'opt = wick_optim_adam(wick_nn_parameters(m), .learning_rate = 0.1)' learning_rate
try 'opt = wick_optim_adam(wick_nn_parameters(m), .momentum = 0.9)' momentum
try 'x = wick_mse_loss(x, y, .ignore_index = 3)' ignore_index
try 'm = wick_nn_dropout(.probability = 0.5)' probability
try 'x = wick_zeros(2, .dtype = "float32")' dtype
try 'x = wick_mse_loss(x, y, .reduction = "sum")' reduction
try 'x = wick_cross_entropy(x, y, .weight = 2.0)' wick_tensor
try 'x = wick_clamp(x, .min = x)' double
try 'opt = wick_optim_sgd(wick_nn_parameters(m), .lr = "0.1")' double
try 'x = wick_layer_norm(x, 3)' "wick_layer_norm|parameter 'normalized_shape'|wick_dims"
# clang, where it knows what may have been meant, shows each of three macros and the right option: four lines more.
most=16
try 'x = wick_zeros(2, 3, .type = WICK_FLOAT64)' type
try 'm = wick_nn_linear(2, 3, .biass = false)' biass
most=12
# Arguments of another type.
try 'x = wick_add(x, "a")' char
try 'x = wick_mul(x, pair)' pair
try 'x = wick_relu(2.0)' "argument 1 of .wick_relu|parameter 'x'"
try 'x = wick_matmul(x, 2.0)' "argument 2 of .wick_matmul|parameter 'b'"
try 'x = wick_full(x, 2)' wick_tensor
try 'x = wick_full("a", 2)' char
try 'x = wick_softmax(x, x)' "argument 2 of .wick_softmax|parameter 'dim'"
try 'x = wick_to(x, 1.0)' double
try 'x = wick_reshape(x, y)' 'wick_tensor \*'
try 'x = wick_zeros("2")' 'char'
try 'x = wick_cat(x)' "argument 1 of .wick_cat|parameter 'tensors'|parameter 'list'"
try 'opt = wick_optim_adam(m)' "argument 1 of .wick_optim_adam|parameter 'params'|parameter 'parameters'"
try 'x = wick_nn_forward(x, m)' wick_
try 'wick_backward(m)' "argument 1 of .wick_backward|parameter '"
try 'wick_optim_step(m)' "argument 1 of .wick_optim_step|parameter 'optim'"
try 'm = wick_nn_sequential(m, wick_relu(x))' wick_
try 'wick_save(m, "model.pth")' "argument 1 of .wick_save|parameter 'dict'"
try 'x = wick_from(pair, 2)' wick_
try 'float _Complex c[2] = {0}; x = wick_from(c, 2)' wick_
# Too few and too many.
try 'x = wick_matmul(x)' wick_matmul
try 'x = wick_relu()' wick_relu
try 'x = wick_relu(x, true)' wick_relu
try 'x = wick_add(x)' wick_add
try 'm = wick_nn_linear(2)' wick_nn_linear
# Results of another type, functions of another name.
try 'double loss = wick_mse_loss(x, y); (void)loss' double
try 'm = wick_relu(x)' wick_module
try 'x = wick_rellu(x)' wick_rellu

echo "$wrong of $count wrong"
[[ $wrong -eq 0 ]]
