#!/usr/bin/env bash
# Fails when an operation that a header of autograd/ops/ declares has no row in tests/ops/<family>/test_ops_<family>.c, or a row has no
# cases in tests/ops/<family>/ops_<family>.txt. wick_div_opt_, wick_view_n, wick_einsum_from and wick_roll_tuple are the rows
# div_, view, einsum and roll: what stands behind a macro counts as the macro. Names in a row F(X, name) stand for name and name_.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0 total=0
complain() { # complain <names> <what is wrong with each>
    while read -r name; do
        [ -z "$name" ] && continue
        echo "$name: $2"
        status=1
    done <<<"$1"
}
for header in autograd/ops/*.h; do
    family=$(basename "$header" .h)
    table=tests/ops/$family/test_ops_$family.c answers=tests/ops/$family/ops_$family.txt
    elementary=$(grep -oE '\bF\(X, [a-z0-9_]+\)' "$table" | sed -E 's/F\(X, (.*)\)/\1\n\1_/' || true)
    operations=$({
        sed -nE 's/^WICK_API wick_(tensor|list) \*wick_([a-z0-9_]+)\(.*/\2/p' "$header"
    } | sed -E 's/_(opt|n|from|tuple)(_?)$/\2/; /^$/d' | sort -u)
    rows=$({
        grep -oE '\bX\([a-z0-9_]+,' "$table" | sed -E 's/X\(//; s/,//' | grep -vx name
        echo "$elementary"
    } | sed '/^$/d' | sort -u)
    cases=$(grep -oE '^case [a-z0-9_]+' "$answers" | cut -d' ' -f2 | sort -u)
    total=$((total + $(wc -l <<<"$operations")))
    if [ -z "$operations" ] ||
        [ "$(grep -c '^WICK_API' "$header")" -ne "$(grep -cE '^WICK_API wick_(tensor|list) \*wick_' "$header")" ]; then
        echo "$header: a WICK_API declaration has another form than 'WICK_API wick_tensor *wick_name('"
        status=1
    fi
    complain "$(comm -23 <(echo "$operations") <(echo "$rows"))" "declared in $header, and no row in $table"
    complain "$(comm -13 <(echo "$operations") <(echo "$rows"))" "a row of $table, and not declared in $header"
    complain "$(comm -23 <(echo "$rows") <(echo "$cases"))" "a row of $table, and no case in $answers"
done
echo "$total operations"
exit $status
