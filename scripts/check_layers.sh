#!/usr/bin/env bash
# No layer's file includes a header of a later layer: tensor, autograd, nn, and then optim, data and plot, which do
# not know each other. And no two files of the library have one name, but for a source and its header in one folder.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A may_include=(
    [tensor]="tensor"
    [autograd]="tensor autograd"
    [nn]="tensor autograd nn"
    [optim]="tensor autograd nn optim"
    [data]="tensor autograd nn data"
    [plot]="tensor autograd nn plot"
)
files=0 includes=0 wrong=0
for layer in tensor autograd nn optim data plot; do
    while IFS= read -r file; do
        files=$((files + 1))
        while IFS= read -r header; do
            includes=$((includes + 1))
            target=$(realpath -m --relative-to=. "$(dirname "$file")/$header")
            if [[ " ${may_include[$layer]} " != *" ${target%%/*} "* || $target != */* ]]; then
                echo "$file includes $target; the layer $layer may include: ${may_include[$layer]}"
                wrong=$((wrong + 1))
            fi
        done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"([^"]+)".*/\1/p; s/^[[:space:]]*#[[:space:]]*include[[:space:]]*<(wick\/[^>]+)>.*/..\/\1/p' "$file")
    done < <(find "$layer" -name '*.[ch]' | sort)
done
while IFS= read -r stem; do
    echo "more than one file is called ${stem##*/}:" $(find tensor autograd nn optim data plot -name "${stem##*/}.[ch]")
    wrong=$((wrong + 1))
done < <(find tensor autograd nn optim data plot -name '*.[ch]' | sed 's/\.[ch]$//' | sort -u | sed 's/.*\///' | sort | uniq -d)
echo "$files files, $includes includes of the project's own headers, $wrong wrong"
[[ $files -gt 0 && $wrong -eq 0 ]]
