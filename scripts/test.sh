#!/usr/bin/env bash
# test.sh - installs what is missing, builds, runs every test, and prints how many passed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/packages.sh

usage()
{
    cat <<'USAGE'
Usage: scripts/test.sh [MODE...] [--build-name NAME] [-D...]

Builds in build/test (other modes: build/test-MODE) and runs every test there. Without a mode: --release.
  --release     optimised, with everything that is found; says how large the library is, and how long it took to build
  --asan        AddressSanitizer and UndefinedBehaviorSanitizer
  --tsan        ThreadSanitizer
  --no-blas     without BLAS, SLEEF, zlib and libzip
  --valgrind    every test program under valgrind; no leak of any kind is allowed
  --all         all of these, one after another

  --build-name NAME   build in build/NAME instead (with one mode)
  -DNAME=VALUE        passed on to CMake

CC names the compiler. WICK_DATA_DIR names the folder with mnist/, fashion-mnist/ and tabular/ for the tests of real
data; ../shared/data is used if it is there.
USAGE
}

modes=() options=() build_name=""
while [[ $# -gt 0 ]]; do
    case $1 in
    --release | --asan | --tsan | --no-blas | --valgrind) modes+=("${1#--}") ;;
    --all) modes=(release asan tsan no-blas valgrind) ;;
    --build-name)
        build_name=${2:-}
        shift
        ;;
    -D*) options+=("$1") ;;
    --help | -h)
        usage
        exit 0
        ;;
    *)
        echo "unknown argument: $1"
        usage
        exit 2
        ;;
    esac
    shift
done
[[ ${#modes[@]} -gt 0 ]] || modes=(release)
[[ -n ${WICK_DATA_DIR:-} ]] && options+=("-DWICK_DATA_DIR=$WICK_DATA_DIR")

packages=("${build_packages[@]}" g++ check pkg-config python3)
[[ " ${modes[*]} " == *" valgrind "* ]] && packages+=(valgrind libc6-dbg)
need_packages "${packages[@]}"

# counts LOG CONSOLE: "PASSED FAILED SKIPPED" from ctest's log and from what it printed. A suite counts for as many tests
# as libcheck ran; any other test, or a suite that died before it could say, for one.
counts()
{
    awk '
        NR == FNR && /^[0-9]+\/[0-9]+ Testing: / { name = $3 }
        NR == FNR && /^[0-9]+%: Checks: / { gsub(/,/, ""); checks[name] = $3; bad[name] = $5 + $7 }
        NR == FNR { next }
        /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
            sub(/^[^:]*: /, "")
            name = $1
            if (/ Passed +[0-9.]+ sec/)
                passed += name in checks ? checks[name] : 1
            else if (/\*\*\*Skipped/)
                skipped++
            else {
                passed += checks[name] - bad[name]
                failed += bad[name] ? bad[name] : 1
            }
        }
        END { print passed + 0, failed + 0, skipped + 0 }' "$1" "$2"
}

# check_size BUILD SECONDS: says how large the library is without symbols, and how long everything took to build. It has 3.6 MB
# by gcc 12 and 4.1 MB by clang 14, and is not to grow by half unnoticed.
size_budget=5500000
check_size()
{
    local library=$1/libwick.so stripped size
    command -v strip >/dev/null && [[ -f $library ]] || return 0
    stripped=$(mktemp)
    strip -o "$stripped" "$library" && size=$(wc -c <"$stripped")
    rm -f "$stripped"
    summary+=("built in $2 s on $(nproc) cores; libwick.so has $size bytes, of $size_budget at most")
    if [[ -z $size || $size -gt $size_budget ]]; then
        total_failed=$((total_failed + 1))
        summary+=("libwick.so is too large")
    fi
}

# run_mode MODE: builds and tests; adds to the totals.
total_passed=0 total_failed=0 summary=()
run_mode()
{
    local mode=$1 build=build/test start=$SECONDS
    [[ $mode == release ]] || build+=-$mode
    [[ -z $build_name ]] || build=build/$build_name
    say "Mode $mode"
    if ! configure_and_build . "$build" --preset "$mode" "${options[@]}"; then
        total_failed=$((total_failed + 1))
        summary+=("$mode: does not build")
        return
    fi
    [[ $mode != release ]] || check_size "$build" $((SECONDS - start))
    # ThreadSanitizer needs memory to lie where it expects it; newer kernels scatter it further.
    local run=()
    if [[ $mode == tsan ]] && setarch "$(uname -m)" -R true 2>/dev/null; then
        run=(setarch "$(uname -m)" -R)
    fi
    say "Testing in $build"
    local console=$build/ctest.out status passed failed skipped
    (cd "$build" && "${run[@]}" ctest --output-on-failure --parallel "$(nproc)" </dev/null) 2>&1 | tee "$console"
    status=${PIPESTATUS[0]}
    read -r passed failed skipped < <(counts "$build/Testing/Temporary/LastTest.log" "$console")
    if [[ $status -ne 0 && $failed -eq 0 ]]; then
        failed=1
    fi
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
    summary+=("$mode: $passed passed, $failed failed, $skipped skipped")
}

for mode in "${modes[@]}"; do
    run_mode "$mode"
done

say "Summary (libcheck's tests each, and each other check as one)"
printf '%s\n' "${summary[@]}"
echo "$total_passed passed, $total_failed failed"
[[ $total_failed -eq 0 && $total_passed -gt 0 ]]
