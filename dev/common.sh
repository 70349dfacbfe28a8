# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Read by the scripts in dev/. Works from any folder; sets root, the top of the repository.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# One line for each step, so that a silent minute has a name.
say() { printf '== %s\n' "$*"; }
fail() { printf '== %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "root is needed for: $*"
  fi
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  say "configuring build/$preset"
  mkdir -p build
  cmake --preset "$preset" >build/configure.log 2>&1 || { cat build/configure.log >&2; fail "cmake failed"; }
  say "building ${*:-everything} ($preset)"
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
