#!/usr/bin/env bash
# Random calls of every operation against PyTorch: where PyTorch takes a call, Wick must give the same value and
# gradients, and where PyTorch refuses, Wick must too. Lists what disagrees, and ends with the totals.
#     scripts/fuzz.sh [--cases N] [--seed S] [family ...]      default: 10000 cases, seed 1, every family
# Needs PyTorch (PYTHON=... names the interpreter that has it; without it, exit status 77: skipped) and a build in
# build/release (BUILD=...).
set -euo pipefail
cd "$(dirname "$0")/.."

cases=10000 seed=1 families=()
while [[ $# -gt 0 ]]; do
    case $1 in
    --cases) cases=$2 && shift ;;
    --seed) seed=$2 && shift ;;
    -*) sed -n '2,6s/^# //p' "$0" && exit 2 ;;
    *) families+=("$1") ;;
    esac
    shift
done
if ! "${PYTHON:-python3}" -c 'import torch' 2>/dev/null; then
    echo "needs PyTorch: PYTHON=... names an interpreter that has it"
    exit 77
fi
program=${BUILD:-build/release}/tests/wick_tests
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"${PYTHON:-python3}" tests/ops/fuzz.py "$out" --cases "$cases" --seed "$seed" ${families:+--family "${families[@]}"}

wrong=0 taken=0 refused=0
for file in "$out"/ops_*.txt; do
    suite=$(basename "$file" .txt)
    for kind in values refusals; do
        WICK_CASES=$out CK_TIMEOUT_MULTIPLIER=5 CK_RUN_CASE=$kind "$program" "$suite" >"$out/log" 2>&1 || true
        # Each disagreement is a line that begins with file and line number; a crash is one of libcheck's.
        while IFS= read -r line; do
            wrong=$((wrong + 1))
            echo "$line"
            number=$(cut -d: -f2 <<<"$line")
            [[ $line == ops_* ]] && sed -n "$((number + 1)),$((number + 12))p" "$file" |
                sed -E '/^(case|error|out|end|dy)/,$d; s/^/        /' | cut -c1-150
        done < <(grep -aE "^ops_[a-z]+\.txt:|:E:" "$out/log" | sort -t: -k1,2 -u)
    done
    taken=$((taken + $(grep -c '^case ' "$file"))) refused=$((refused + $(grep -c '^error ' "$file" || true)))
done
echo "$taken calls that PyTorch takes, $refused that it refuses, $wrong disagreements listed"
[[ $wrong -eq 0 ]]
