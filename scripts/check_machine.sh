#!/usr/bin/env bash
# Builds for another machine and runs the tests' suites there: 32-bit i386 by this very processor, armhf, arm64 and the
# big-endian s390x under qemu. The other machine's libraries are Debian's packages, unpacked in the build's folder.
#     scripts/check_machine.sh MACHINE [--reuse] [-D...] [SUITE...]      MACHINE: i386, armhf, arm64 or s390x
# --reuse: with the folder of the last time; -D...: for CMake. Needs an x86-64 Debian or Ubuntu.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/packages.sh
source scripts/suites.sh

machine=${1:-}
case $machine in
i386) triple=i686-linux-gnu processor=i686 emulator="" ;;
armhf) triple=arm-linux-gnueabihf processor=armv7l emulator=qemu-arm-static ;;
arm64) triple=aarch64-linux-gnu processor=aarch64 emulator=qemu-aarch64-static ;;
s390x) triple=s390x-linux-gnu processor=s390x emulator=qemu-s390x-static ;;
*)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
shift
reuse=no suites=() options=()
for argument in "$@"; do
    case $argument in
    --reuse) reuse=yes ;;
    -D*) options+=("$argument") ;;
    *) suites+=("$argument") ;;
    esac
done
if [[ $(uname -m) != x86_64 ]] || ! command -v apt-get >/dev/null; then
    echo "needs an x86-64 Debian or Ubuntu"
    exit 77
fi

build=$PWD/build/machine-$machine root=$PWD/build/machine-$machine/root
need_packages cmake make "gcc-$triple" mmdebstrap ${emulator:+qemu-user-static}

read -r archive codename < <(main_archive)
if [[ $reuse == no || ! -d $root/usr ]]; then
    say "Unpacking Debian's $machine packages in $root"
    rm -rf "$root"
    mkdir -p "$build"
    if ! mmdebstrap --quiet --arch="$machine" --variant=extract "$codename" "$root" "deb $archive $codename main" \
        --include=libc6-dev,linux-libc-dev,libgcc-12-dev,libgomp1,check,libsubunit-dev,libsleef-dev,zlib1g-dev,libzip-dev; then
        echo "Debian's $machine packages could not be had"
        exit 77
    fi
    rm -rf "$root"/{dev,etc,tmp,var} # or qemu takes what lies there for this machine's
    # The links of -dev packages begin at the root: here at this one.
    find "$root" -type l -lname '/*' -path '*/lib/*' | while read -r link; do
        ln -sfn "$root$(readlink "$link")" "$link"
    done
fi

# Ten times slower, so that large tests take smaller sizes, as they do under a checker.
run=(env WICK_CACHE=0 "$emulator" -L "$root")
if [[ -z $emulator ]]; then
    run=("$root/lib/ld-linux.so.2" --library-path "$root/lib/i386-linux-gnu:$root/usr/lib/i386-linux-gnu")
fi
emulation=$(printf '%s;' "${run[@]}")
configure_and_build . "$build" -DCMAKE_BUILD_TYPE=Release -DWICK_WERROR=ON -DWICK_BENCH=OFF \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$processor" -DCMAKE_C_COMPILER="$triple-gcc" \
    -DCMAKE_SYSROOT="$root" -DCMAKE_CROSSCOMPILING_EMULATOR="${emulation%;}" \
    -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
    -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY \
    "${options[@]}" || exit 1


say "Testing on $machine"
every_suite "$build/suite" "${suites[@]}" -- "${run[@]}" "$build/tests/wick_tests"
status=$?
say "$machine: $good suites pass, ${#bad[@]} fail: ${bad[*]:-none}"
echo "$good passed, ${#bad[@]} failed"
exit $status
