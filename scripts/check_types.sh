#!/usr/bin/env bash
# wick_keep and wick_out keep the type of what they are given, in C11 and in C++17: what mixes types does not compile.
#     check_types.sh INCLUDE_DIR      (CC and CXX: the compilers)
set -euo pipefail
include=$1
flags=(-Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual "-I$include" -fsyntax-only)
before='#include <wick/wick.h>
void f(wick_tensor *t, const wick_tensor *ct, wick_module *m, wick_optim *o, void *p, const char *s, int *n);
void f(wick_tensor *t, const wick_tensor *ct, wick_module *m, wick_optim *o, void *p, const char *s, int *n)
{ (void)t, (void)ct, (void)m, (void)o, (void)p, (void)s, (void)n;'
count=0 wrong=0
check() # compiles (yes, no), language ("c", "c++", "both"), statements
{
    local language compiled
    for language in c c++; do
        [[ $2 == both || $2 == "$language" ]] || continue
        compiled=yes
        if [[ $language == c ]]; then
            "${CC:-cc}" -x c -std=c11 "${flags[@]}" - <<<"$before $3 }" 2>/dev/null || compiled=no
        else
            "${CXX:-c++}" -x c++ -std=c++17 "${flags[@]}" - <<<"$before $3 }" 2>/dev/null || compiled=no
        fi
        count=$((count + 1))
        if [[ $compiled != "$1" ]]; then
            echo "compiles as $language: $compiled, should be $1: $3"
            wrong=$((wrong + 1))
        fi
    done
}
for call in wick_keep wick_out; do
    check yes both "wick_tensor *a = $call(t); wick_module *b = $call(m); wick_optim *c = $call(o); (void)a, (void)b, (void)c;"
    check yes both "const wick_tensor *a = $call(ct); wick_tensor *const d = t; wick_tensor *e = $call(d); (void)a, (void)e;"
    check yes both "void *a = $call(p); wick_dict *d = $call(wick_nn_dict_new()); (void)a, (void)d;"
    check yes both "wick_tensor *a = $call($call(wick_relu(t))); (void)a;"
    check yes both "void *(*a)(void *) = $call; (void)a;" # the function itself, for tables of functions
    check yes c "wick_tensor *a = $call(p), *b = $call(NULL); wick_list *l = $call(wick_list_of(t, t)); (void)a, (void)b, (void)l;"
    check no both "wick_tensor *a = $call(o); (void)a;"
    check no both "wick_optim *a = $call(t); (void)a;"
    check no both "wick_module *a = $call(wick_relu(t)); (void)a;"
    check no both "wick_tensor *a = $call(ct); (void)a;"
    check no both "wick_tensor *a = $call(m); (void)a;"
    check no both "(void)$call(s);" # a string is copied, not kept
    check no both "(void)$call(n);"
    check no both "(void)$call(wick_nn_to_string(m));"
    check no both "(void)$call(1);"
done
echo "$count snippets, $wrong failures"
[[ $wrong -eq 0 ]]
