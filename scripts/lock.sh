#!/usr/bin/env bash
# Pins every package `make` installs, with hashes and for every Python from 3.11 on. Needs uv, the only part that does.
# Arguments go to uv: `scripts/lock.sh --upgrade` takes the newest versions, without it the present pins stay.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v uv >/dev/null || { echo "make lock needs uv on the PATH: https://docs.astral.sh/uv/" >&2; exit 1; }

# --no-strip-extras: pip takes the newest release for an extra that no pin names, and then misses its hash.
# --no-config: a developer's own uv settings (another index, other dates) must not leak into shared files.
pin() {
    local lock=$1
    shift
    uv pip compile --quiet --no-config --universal --no-strip-extras --python-version 3.11 --generate-hashes \
        --custom-compile-command "make lock" --output-file "$lock" pyproject.toml "$@" >/dev/null
}

pin requirements/run.txt "$@"
# The constraint keeps both locks at the same versions, so that one environment serves `make demo` and `make test`.
pin requirements/dev.txt --constraint requirements/run.txt --extra postgres --group dev "$@"
