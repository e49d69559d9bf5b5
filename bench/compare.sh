#!/usr/bin/env bash
# Runs Stateroom and its peers under the same load, in turn, and prints the ratios.
# bench/compare.sh [--rounds N] [--seconds N] [--warm-up N] [--only name,name]. Needs wrk, redis-server, node and npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for program in wrk redis-server node npm; do
  command -v "$program" >/dev/null || { echo "$program is missing. On Debian: apt-get install wrk redis-server nodejs npm" >&2; exit 2; }
done
dotnet build -c Release -v quiet --nologo ../src/Stateroom.Server -o ../artifacts/bench/stateroom
dotnet build -c Release -v quiet --nologo peers/csharp-sdk -o ../artifacts/bench/csharp-sdk
(cd peers/article && { [[ -d node_modules ]] || npm ci --no-progress --loglevel=error; })
exec node compare.mjs "$@"
