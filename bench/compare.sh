#!/usr/bin/env bash
# Runs Stateroom and its peers under the same load, in turn, and prints the ratios.
# bench/compare.sh [--rounds N] [--seconds N] [--warm-up N] [--only PATTERN]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
./build.sh wrk redis-server node npm
exec node compare.mjs "$@"
