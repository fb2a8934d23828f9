#!/usr/bin/env bash
# Errors say the line of the program's call that failed, however the program was compiled and linked, and say nothing rather
# than a wrong line.
#     check_places.sh INCLUDE_DIR SHARED_LIBRARY STATIC_LIBRARY LINK_FLAG...      (CC and CXX: the compilers)
set -uo pipefail
source_folder=$(cd "$(dirname "$0")/../tests/install/places" && pwd)
include=$1 shared=$2 static=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit
cp "$source_folder"/*.c .
if [[ ! -e /proc/self/exe ]] || ! ldconfig -p 2>/dev/null | grep libdw.so.1 >/dev/null; then
    echo "needs libdw.so.1"
    exit 77
fi
rpath="-Wl,-rpath,$(dirname "$shared")"
count=0 wrong=0

# check WANT COMPILE...: WANT is what the places should be: line (of the tail call: line), jump (of the tail call: nothing),
# or address.
check()
{
    local want=$1 name said should good ran=0
    shift
    "$@" -o program || { echo "does not compile: $*"; wrong=$((wrong + 1)); return; }
    if [[ $want == address* ]]; then [[ $want == *stripped ]] && strip program; fi
    while IFS='|' read -r name said should; do
        ran=$((ran + 1))
        good=no
        case $want/$name in
        */"closed plugin") [[ $said == - ]] && good=yes ;;
        */"without memory" | */plugin) [[ $said == "$should" ]] && good=yes ;;
        jump/tail) [[ $said == - ]] && good=yes ;;
        line/* | jump/*) [[ $said == "$should" ]] && good=yes ;;
        address*) [[ $said == program+0x* ]] && good=yes ;;
        esac
        count=$((count + 1))
        [[ $good == yes ]] || { echo "$name: '$said', not '$should' ($want): $*"; wrong=$((wrong + 1)); }
    done < <(./program ./plugin.so)
    [[ $ran -ge 8 ]] || { echo "$ran lines: $*"; wrong=$((wrong + 1)); }
}

cc=${CC:-cc} cxx=${CXX:-c++}
common=(-I"$include" places.c)
with_shared=("$shared" "$rpath" -ldl)
with_static=(-rdynamic "$static" "$@" -ldl)
"$cc" -g -std=c11 -shared -fPIC -I"$include" plugin.c -o plugin.so || exit 1
for level in -O0 -O1 -O2 -O3; do
    want=$([[ $level == -O[23] ]] && echo jump || echo line)
    check "$want" "$cc" -g "$level" -std=c11 "${common[@]}" "${with_shared[@]}"
    check "$want" "$cc" -g "$level" -std=c11 "${common[@]}" "${with_static[@]}"
done
check jump "$cc" -g -O2 -flto -std=c11 "${common[@]}" "${with_shared[@]}"
check jump "$cc" -g -O2 -flto -std=c11 "${common[@]}" "${with_static[@]}"
check jump "$cc" -g -O2 -fno-pie -no-pie -std=c11 "${common[@]}" "${with_shared[@]}"
check jump "$cc" -g -O2 -fPIE -pie -std=c11 "${common[@]}" "${with_static[@]}"
check jump "$cc" -g -gdwarf-4 -O2 -std=c11 "${common[@]}" "${with_shared[@]}"
check jump "$cxx" -g -O2 -std=c++17 -x c++ "${common[@]}" -x none "${with_shared[@]}"
check line "$cxx" -g -O0 -std=c++17 -x c++ "${common[@]}" -x none "${with_shared[@]}"
check address "$cc" -O2 -std=c11 "${common[@]}" "${with_shared[@]}"
check address-stripped "$cc" -g -O2 -std=c11 "${common[@]}" "${with_shared[@]}"
echo "$count places, $wrong wrong"
[[ $wrong -eq 0 && $count -gt 0 ]]
