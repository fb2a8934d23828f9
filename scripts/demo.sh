#!/usr/bin/env bash
# demo.sh - from a clone to a trained network: installs what is missing, builds, trains the circles example, and leaves
# what it writes, a .pth among it, in build/demo/results.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

if [[ $# -gt 0 ]]; then
    sed -n '2,3s/^# //p' scripts/demo.sh
    echo "Usage: scripts/demo.sh [--help]"
    [[ $1 == --help || $1 == -h ]] && exit 0
    exit 2
fi

build=$PWD/build/demo
results=$build/results

need_packages "${build_packages[@]}"
configure_and_build . "$build" -DCMAKE_BUILD_TYPE=Release -DWICK_TESTS=OFF -DWICK_BENCH=OFF

say "Training: $build/examples/001_circles (source: examples/001_circles.c)"
mkdir -p "$results"
rm -f "$results"/*
(cd "$results" && ../examples/001_circles)

say "Left in $results:"
ls -l "$results"
model=$(find "$results" -name '*.pth' | head -n 1)
if [[ -z $model ]]; then
    echo "The example wrote no .pth."
    exit 1
fi
echo "PyTorch reads the model: torch.load(\"$model\")"
