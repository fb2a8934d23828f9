# suites.sh - sourced by the scripts that run the tests' suites in some other way than ctest does.
# shellcheck shell=bash disable=SC2034,SC2016
#
#     every_suite LOG SUITE... -- COMMAND...     runs COMMAND SUITE for each suite, or for all that there are, as many at a
#                                                time as there are processors. Sets good, how many pass, and bad, the names
#                                                of the others, whose output (LOG.SUITE) is shown.

every_suite()
{
    local log=$1 suites=()
    shift
    while [[ $1 != -- ]]; do
        suites+=("$1")
        shift
    done
    shift
    if [[ ${#suites[@]} -eq 0 ]]; then # asked for one that there is not, the program names those that there are
        read -ra suites < <("$@" --list 2>&1 | sed -n 's/.*suites: //p')
    fi
    local failed suite
    failed=$(printf '%s\n' "${suites[@]}" | CK_DEFAULT_TIMEOUT=120 CK_TIMEOUT_MULTIPLIER=10 xargs -P "$(nproc)" -I{} bash -c '
        log=$1.{}
        shift
        timeout 3000 "$@" {} >"$log" 2>&1 </dev/null || echo {}' _ "$log" "$@")
    read -ra bad <<<"${failed//$'\n'/ }"
    good=$((${#suites[@]} - ${#bad[@]}))
    for suite in "${bad[@]}"; do
        echo "--- $suite:"
        tail -n 40 "$log.$suite"
    done
    [[ ${#suites[@]} -gt 0 && ${#bad[@]} -eq 0 ]]
}
