#!/usr/bin/env bash
# Builds with musl, the other C library of Linux, and runs the tests' suites. check, zlib and libzip are built with musl from
# Debian's source packages, since Debian has them with glibc alone; there is no OpenBLAS, SLEEF or OpenMP here.
#     scripts/check_musl.sh [--reuse] [SUITE...]      --reuse: with the folder of the last time
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/packages.sh
source scripts/suites.sh

reuse=no
if [[ ${1:-} == --reuse ]]; then
    reuse=yes
    shift
fi
if ! command -v apt-get >/dev/null; then
    echo "needs Debian or Ubuntu"
    exit 77
fi
need_packages cmake make gcc musl-tools xz-utils
build=$PWD/build/musl prefix=$PWD/build/musl/prefix

# source_of PACKAGE: unpacks Debian's source of it, without Debian's patches, in the folder PACKAGE.
source_of()
{
    "${apt[@]}" --download-only source "$1" >/dev/null && mkdir -p "$1" &&
        tar -xf "$(echo "$1"_*.orig.tar.*z*)" -C "$1" --strip-components=1
}

make_libraries()
{
    local work=$1
    apt=(apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$work/lists"
        -o APT::Sandbox::User=root)
    mkdir -p "$work/lists/partial" && cd "$work" || return
    printf 'deb-src %s %s main\n' "$2" "$3" >sources.list
    "${apt[@]}" update && source_of check && source_of zlib && source_of libzip || return
    local cmake=(cmake -DCMAKE_C_COMPILER=musl-gcc -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix"
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_FIND_ROOT_PATH="$prefix"
        -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY
        -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY -DBUILD_SHARED_LIBS=OFF)
    (cd zlib && CC=musl-gcc CFLAGS="-O2 -fPIC" ./configure --static --prefix="$prefix" && make install) &&
        "${cmake[@]}" -S check -B check/build -DCHECK_ENABLE_SUBUNIT=OFF -DCHECK_ENABLE_TESTS=OFF &&
        make -C check/build install &&
        "${cmake[@]}" -S libzip -B libzip/build -DENABLE_COMMONCRYPTO=OFF -DENABLE_GNUTLS=OFF -DENABLE_MBEDTLS=OFF \
            -DENABLE_OPENSSL=OFF -DENABLE_WINDOWS_CRYPTO=OFF -DENABLE_BZIP2=OFF -DENABLE_LZMA=OFF -DENABLE_ZSTD=OFF \
            -DBUILD_TOOLS=OFF -DBUILD_REGRESS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_DOC=OFF &&
        make -C libzip/build install
}

if [[ $reuse == no || ! -f $prefix/lib/libzip.a ]]; then
    say "Building check, zlib and libzip with musl"
    read -r archive codename < <(main_archive)
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    rm -rf "$prefix"
    mkdir -p "$build"
    if ! (make_libraries "$work" "$archive" "$codename") >"$build/libraries.log" 2>&1; then
        tail -n 20 "$build/libraries.log"
        echo "check, zlib or libzip could not be built with musl"
        exit 1
    fi
fi

# musl's isnan and signbit are macros, and so long that the text of an assertion about wick_item(...) is too long for C99.
configure_and_build . "$build" -DCMAKE_BUILD_TYPE=Release -DWICK_WERROR=ON -DWICK_BENCH=OFF -DCMAKE_C_COMPILER=musl-gcc \
    -DCMAKE_C_FLAGS=-Wno-overlength-strings \
    -DWICK_BLAS=OFF -DWICK_OPENMP=OFF -DWICK_SLEEF=OFF -DCMAKE_FIND_ROOT_PATH="$prefix" \
    -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
    -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY || exit 1

say "Testing with musl"
every_suite "$build/suite" "$@" -- "$build/tests/wick_tests"
status=$?
say "musl: $good suites pass, ${#bad[@]} fail: ${bad[*]:-none}"
echo "$good passed, ${#bad[@]} failed"
exit $status
