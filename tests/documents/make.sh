#!/usr/bin/env bash
# make.sh - runs the documents' listings: <name>.txt is what each prints, <name>.parameters what it has learned after the
# number of epochs that tests/CMakeLists.txt runs the C program for. Wants PyTorch: PYTHON=... make.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-python3}
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# make NAME EPOCHS [ARGUMENT]
make() {
    local name=$1 epochs=$2 output=$1${3:+_$3}
    [[ ${#only[@]} -gt 0 && " ${only[*]} " != *" $name "* ]] && return
    echo "$output"
    (cd "$work" && PYTHONPATH=$here "$python" "$here/$name.py" "${@:3}" >"$here/$output.txt")
    if [[ $epochs -gt 0 ]]; then
        (cd "$work" && PYTHONPATH=$here EPOCHS=$epochs DIGEST=$here/$output.parameters \
            "$python" "$here/$name.py" "${@:3}" >/dev/null)
    fi
}

only=("$@")
make 000_student 100
make 000_student_full 0
make 001_circles 4
make 001_circles_scheduler 4
make 001_circles_init 4
make 001_circles_early_stopping 4
make 002_activations 0
make 002_numpy_mlp 100
make 002_mnist_mlp 10
"$python" class_first.py "${WICK_DATA_DIR:-../shared/data}/tabular" && mv train.csv test.csv "$work"
make 003_numpy_mlp 0 csv
make 003_numpy_mlp 2 optdigits
make 003_numpy_mlp 5 winequality-red
make 003_torch_mlp 0 csv
make 003_torch_mlp 2 optdigits
make 003_torch_mlp 5 winequality-red
make 004_fashion_scratch 0
