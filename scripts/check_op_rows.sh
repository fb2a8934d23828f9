#!/usr/bin/env bash
# Fails when an operation that autograd/ops.h declares has no row in tests/op_table.h, or a row has no cases in
# tests/reference/ops.txt. wick_sum_opt and wick_view_n are the rows sum and view: what stands behind a macro counts as the
# macro.
set -euo pipefail
cd "$(dirname "$0")/.."

operations=$(grep -oE '^WICK_API wick_tensor \*wick_[a-z0-9_]+\(' autograd/ops.h |
    sed -E 's/.*\*wick_//; s/\($//; s/_(opt|n)$//' | sort -u)
rows=$(grep -oE '^ +X\([a-z0-9_]+,' tests/op_table.h | sed -E 's/ +X\(//; s/,//' | sort -u)
cases=$(grep -oE '^case [a-z0-9_]+' tests/reference/ops.txt | cut -d' ' -f2 | sort -u)

status=0
if [ -z "$operations" ] || [ "$(grep -c '^WICK_API' autograd/ops.h)" -ne "$(grep -cE '^WICK_API wick_tensor \*wick_' autograd/ops.h)" ]; then
    echo "autograd/ops.h: a WICK_API declaration has another form than 'WICK_API wick_tensor *wick_name('"
    status=1
fi
complain() { # complain <names> <what is wrong with each>
    while read -r name; do
        [ -z "$name" ] && continue
        echo "$name: $2"
        status=1
    done <<<"$1"
}
complain "$(comm -23 <(echo "$operations") <(echo "$rows"))" "declared in autograd/ops.h, and no row in tests/op_table.h"
complain "$(comm -13 <(echo "$operations") <(echo "$rows"))" "a row of tests/op_table.h, and not declared in autograd/ops.h"
complain "$(comm -23 <(echo "$rows") <(echo "$cases"))" "a row of tests/op_table.h, and no case in tests/reference/ops.txt"
exit $status
