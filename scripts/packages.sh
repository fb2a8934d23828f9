# packages.sh - sourced by the other scripts: installs what is missing on Debian and Ubuntu.
# shellcheck shell=bash disable=SC2034,SC2015
#
#     need_packages NAME...     apt packages; without root or passwordless sudo, says which are missing and stops

say() { printf '\n=== %s\n' "$*"; }

need_packages()
{
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "Not Debian or Ubuntu: install what these packages hold by hand, if it is not there: $*"
        return
    fi
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    if [[ ${#missing[@]} -eq 0 ]]; then
        say "Packages: all there"
        return
    fi
    local as_root=()
    if [[ $(id -u) -ne 0 ]]; then
        if ! sudo -n true 2>/dev/null; then
            say "Missing packages. Install them, and run this again:"
            echo "sudo apt-get install ${missing[*]}"
            exit 1
        fi
        as_root=(sudo -n)
    fi
    say "Packages: installing ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3
        -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update </dev/null &&
        "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null || {
        say "apt-get could not install ${missing[*]}"
        exit 1
    }
}

# What the library is built with. Ninja is used where it is there, make otherwise.
build_packages=(gcc libc6-dev cmake make libopenblas-dev libsleef-dev zlib1g-dev libzip-dev libdw-dev)

generator()
{
    if command -v ninja >/dev/null; then echo Ninja; else echo "Unix Makefiles"; fi
}

# configure_and_build SOURCE BUILD CMAKE_OPTION...: the source is configured and built in the folder BUILD.
configure_and_build()
{
    local source=$1 build=$2
    shift 2
    # An existing folder keeps the generator that it was made with.
    local with=()
    [[ -f $build/CMakeCache.txt ]] || with=(-G "$(generator)")
    say "Configuring in $build"
    cmake -S "$source" -B "$build" "${with[@]}" "$@" || return
    say "Building in $build"
    cmake --build "$build" --parallel "$(nproc)"
}

# Where apt has the distribution's main archive from, "URI CODENAME"; not its security updates.
main_archive()
{
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
        awk '$3 == "main" && $2 !~ /-/ { print $1, $2; exit }'
}
