#!/usr/bin/env bash
# Writes what the build says of the public API into each PublicAPI.Unshipped.txt, for review as a diff.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for file in src/{Stateroom,Stateroom.AspNetCore,Stateroom.Redis}/PublicAPI.Unshipped.txt; do
  project=$(dirname "$file")
  echo '#nullable enable' > "$file"
  found=$(dotnet build "$project" -c Release --no-incremental -p:TreatWarningsAsErrors=false -clp:NoSummary 2>/dev/null |
    sed -n "s/.*$(basename "$project")\/.* RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" | LC_ALL=C sort -u)
  [[ -z $found ]] || echo "$found" >> "$file"
  echo "$file: $(($(wc -l < "$file") - 1)) symbols"
done
