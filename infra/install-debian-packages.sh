#!/bin/sh
# Installs the few Debian packages that pip cannot bring:
#   chromium                            drives the demo application in the browser tests
#   tesseract-ocr, tesseract-ocr-fra    read scanned CVs (French)
#
# Safe to repeat and instant when everything is there. Without apt-get, or without the right to
# use it, it says what is missing and still exits 0: the tests that need these programs then skip
# and name the reason (in CI the test set-up turns such a skip into a failure).
#
# Options: --check   only says what is missing; exit code 1 when something is.
set -eu

packages="chromium tesseract-ocr tesseract-ocr-fra"

say() {
    printf 'debian packages: %s\n' "$*" >&2
}

is_installed() {
    # A program put there by other means counts as well as the package.
    case "$1" in
        chromium) command -v chromium >/dev/null 2>&1 && return 0 ;;
        tesseract-ocr) command -v tesseract >/dev/null 2>&1 && return 0 ;;
        tesseract-ocr-fra)
            if command -v tesseract >/dev/null 2>&1; then
                tesseract --list-langs 2>/dev/null | grep -qx fra && return 0
            fi
            ;;
    esac
    command -v dpkg-query >/dev/null 2>&1 || return 1
    dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

find_missing() {
    missing=""
    for package in $packages; do
        is_installed "$package" || missing="$missing $package"
    done
}

find_missing
if [ -z "$missing" ]; then
    exit 0
fi
if [ "${1:-}" = "--check" ]; then
    say "missing:$missing"
    exit 1
fi

if ! command -v apt-get >/dev/null 2>&1; then
    say "missing:$missing. There is no apt-get here; install them with your system's tools."
    exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    say "missing:$missing. As root, run: apt-get update && apt-get install$missing"
    exit 0
fi

say "installing$missing (a few minutes the first time)"
export DEBIAN_FRONTEND=noninteractive
# `sudo` drops the environment, hence `env`; a lock held by another apt is waited for.
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300"
# Word splitting of $apt and $missing is meant.
# shellcheck disable=SC2086
if ! { $apt update && $apt install -y --no-install-recommends $missing; } >&2; then
    say "apt-get failed (see above); still missing:$missing"
    exit 0
fi

find_missing
if [ -n "$missing" ]; then
    say "still missing after the installation:$missing"
    exit 0
fi
say "done"
