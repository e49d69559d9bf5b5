#!/usr/bin/env bash
# Measures how cost grows with instances and sessions, the first call at another instance, and latency at a constant rate; draws bench/results/*.svg.
# bench/growth.sh [--only instances,sessions,redis,hop,steady] [--sessions N] [--seconds N] [--warm-up N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
./build.sh wrk redis-server redis-cli node npm
exec node growth.mjs "$@"
