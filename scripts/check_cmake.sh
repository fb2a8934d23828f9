#!/usr/bin/env bash
# Every option of CMakeLists.txt OFF by itself, and all together, configures; and those that change what is compiled build:
# nothing but C, the library alone, each library alone, as a subfolder of another project, and Debug.
#     scripts/check_cmake.sh [--configure]      --configure: builds nothing, a minute
# CMAKE_OLD names a CMake 3.16 (pip has cmake==3.16.9), which is asked to configure, too.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/packages.sh

need_packages "${build_packages[@]}" check
only_configure=no
[[ ${1:-} != --configure ]] || only_configure=yes
source=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
good=0 bad=()

# try NAME SOURCE TARGET CMAKE_OPTION...: configures, and builds the target unless it is "none".
try()
{
    local name=$1 from=$2 target=$3 build=$work/build
    shift 3
    rm -rf "$build"
    if ! cmake -S "$from" -B "$build" -G "$(generator)" -DCMAKE_BUILD_TYPE=Release "$@" >"$work/log" 2>&1 ||
        grep -A3 'CMake Warning (dev)\|CMake Deprecation' "$work/log" ||
        { [[ $target != none && $only_configure == no ]] &&
            ! cmake --build "$build" --parallel "$(nproc)" --target "$target" >"$work/log" 2>&1; }; then
        tail -n 30 "$work/log"
        bad+=("$name")
        echo "FAILS: $name"
        return 1
    fi
    good=$((good + 1))
    echo "$name"
}

mapfile -t options < <(sed -n 's/^option(\(WICK_[A-Z]*\) .*/\1/p' CMakeLists.txt)
all_off=()
for option in "${options[@]}"; do
    all_off+=("-D$option=OFF")
    try "$option=OFF" "$source" none "-D$option=OFF"
    others=()
    for other in "${options[@]}"; do
        [[ $other == "$option" || $other == WICK_FUZZ ]] || others+=("-D$other=OFF")
    done
    [[ $option == WICK_FUZZ ]] || try "$option alone" "$source" none "${others[@]}" "-D$option=ON"
done
try "all OFF" "$source" all "${all_off[@]}" &&
    { [[ $only_configure == yes || -f $work/build/libwick.a ]] || bad+=("all OFF: no libwick.a"); }
try "the static library alone" "$source" wick_static "${all_off[@]}"
try "the shared library alone" "$source" wick "${all_off[@]}"
try "tests without examples, Debug" "$source" wick_tests -DWICK_EXAMPLES=OFF -DWICK_BENCH=OFF -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG=-O0
try "examples without tests" "$source" all -DWICK_TESTS=OFF -DWICK_BENCH=OFF

# As a subfolder, of a project that says no more than that, and that has a target named uninstall itself.
mkdir "$work/outer"
cat >"$work/outer/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.16)
project(outer LANGUAGES C)
add_custom_target(uninstall)
add_subdirectory($source wick)
set(CMAKE_C_STANDARD 11)
add_executable(shared $source/tests/install/north_star.c)
target_link_libraries(shared PRIVATE wick::wick)
add_executable(static $source/tests/install/north_star.c)
target_link_libraries(static PRIVATE wick::static)
END
if try "a subfolder" "$work/outer" all && [[ $only_configure == no ]]; then
    for program in shared static; do
        (cd "$work" && build/$program | tail -n 1 | grep -q '^pass probability: 0\.') || bad+=("a subfolder: $program")
    done
fi
try "a subfolder that installs" "$work/outer" none -DWICK_INSTALL=ON -DWICK_TESTS=ON -DWICK_EXAMPLES=ON

# A CMake of the version that CMakeLists.txt asks for, where there is a name for one.
if [[ -n ${CMAKE_OLD:-} ]]; then
    "$CMAKE_OLD" --version | head -n 1
    cmake() { "$CMAKE_OLD" "$@"; }
    try "an old CMake" "$source" none
fi

echo "$good passed, ${#bad[@]} failed"
[[ ${#bad[@]} -eq 0 ]] || printf 'fails: %s\n' "${bad[@]}" >&2
[[ ${#bad[@]} -eq 0 ]]
