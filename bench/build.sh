#!/usr/bin/env bash
# Builds what the measurements run: the server, the library in a plain host, and the C# peers. Called by the other scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for program in "$@"; do
  command -v "$program" >/dev/null || { echo "$program is missing. On Debian: apt-get install wrk redis-server nodejs npm" >&2; exit 2; }
done
for project in ../src/Stateroom.Server:stateroom host:host peers/csharp-sdk:csharp-sdk peers/floor:floor; do
  dotnet build -c Release -v quiet --nologo "${project%:*}" -o "../artifacts/bench/${project#*:}"
done
(cd peers/article && { [[ -d node_modules ]] || npm ci --no-progress --loglevel=error; })
