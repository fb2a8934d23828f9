#!/usr/bin/env bash
# The .deb of this build (cpack -G DEB) is whole: unpacked in a clean folder, each example compiles against it and the
# student's network learns; its Depends names what the library is linked with.
#     check_deb.sh BUILD_DIR [CPACK]      (CC: the compiler). Exit status 77: no dpkg-deb or pkg-config here.
set -euo pipefail
build=$1
cpack=${2:-cpack}
cc=${CC:-cc}
for tool in dpkg-deb pkg-config; do
    command -v "$tool" >/dev/null || { echo "no $tool here" && exit 77; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$build" && "$cpack" -G DEB -B "$work/pack") >"$work/log" 2>&1 || {
    cat "$work/log"
    exit 1
}
deb=$(echo "$work"/pack/*.deb)
dpkg-deb --info "$deb"
root=$work/root
dpkg-deb -x "$deb" "$root"

echo "== what it depends on"
depends=$(dpkg-deb -f "$deb" Depends)
library=$(find "$root/usr/lib" -name 'libwick.so.*.*')
objdump -p "$library" | awk '$1 == "NEEDED" { print $2 }' | while read -r needed; do
    case $needed in
    libc.* | libm.* | libpthread.*) package='libc6' ;;
    libopenblas*) package='libopenblas0' ;;
    libgomp*) package='libgomp1' ;;
    libsleef*) package='libsleef3' ;;
    libz.*) package='zlib1g' ;;
    libzip*) package='libzip' ;;
    *) continue ;;
    esac
    [[ $depends == *$package* ]] || { echo "linked with $needed, and Depends has no $package: $depends" && exit 1; }
done

echo "== what is in it"
for file in include/wick/wick.h include/wick/autograd/ops/shape.h share/doc/wick/LICENSE share/doc/wick/README.md \
    share/doc/wick/docs/pytorch.md share/doc/wick/examples/000_student.c share/doc/wick/reference/index.html \
    share/man/man3/wick_linear.3 share/wick/gdb/wick_gdb.py \
    share/wick/bindings/wick.cdef share/wick/bindings/wick.jl share/wick/bindings/wick.rs; do
    [[ -s $root/usr/$file ]] || { echo "/usr/$file is missing" && exit 1; }
done

pc=$(find "$root" -name wick.pc)
export PKG_CONFIG_PATH=${pc%/*}
read -ra flags < <(pkg-config --cflags --libs wick)
for example in "$root"/usr/share/doc/wick/examples/*.c; do
    "$cc" -std=c11 -Wall -Wextra "$example" "${flags[@]}" -lm -o "$work/$(basename "$example" .c)"
    echo "compiles: $(basename "$example")"
done
cd "$work"
LD_LIBRARY_PATH=$(dirname "$library") ./000_student | tail -n 3
[[ -s mlp_student.pth ]]
