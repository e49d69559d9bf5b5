#!/usr/bin/env bash
# Builds, checks and tests everything, from a fresh clone on Debian 12 with the .NET 10 SDK, Node 20 and npm.
# What else the tests need is installed where it is missing. Results go to artifacts/; the last line counts them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NPM_CONFIG_UPDATE_NOTIFIER=false
results=artifacts/tests
passed=0 failed=0 skipped=0
rm -rf "$results"
mkdir -p "$results"

# Whatever ends the script, the counts are the last line; a step that broke counts as a failure.
finish() {
  local status=$?
  if ((status != 0 && failed == 0)); then failed=1; fi
  if ((passed + failed == 0)); then echo "No test ran." >&2; failed=1; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  exit $((failed > 0 ? 1 : 0))
}
trap finish EXIT

say() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

missing=()
# need_program PROGRAM PACKAGE
need_program() { command -v "$1" >/dev/null || missing+=("$2"); }
install_programs() {
  need_program redis-server redis-server
  need_program faketime faketime
  need_program nginx nginx-light
  need_program haproxy haproxy
  need_program chromium chromium
  need_program promtool prometheus
  if ((${#missing[@]} == 0)); then return; fi
  apt-get update -qq
  # Only the programs are needed: none of their services starts (Debian policy, invoke-rc.d).
  local policy=/usr/sbin/policy-rc.d made=
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=$policy
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >"$results/apt.log" 2>&1 ||
    { cat "$results/apt.log"; rm -f "$made"; return 1; }
  rm -f "$made"
}

# install_optional CONSEQUENCE PROGRAM...: each is in the package of its name, which not every distribution has
install_optional() {
  local consequence=$1
  shift
  if (($(type -P "$@" | wc -l) == $#)); then return; fi
  apt-get install -y -qq --no-install-recommends "$@" </dev/null >>"$results/apt.log" 2>&1 || echo "There is no $* to be had here; $consequence."
}

# npm ci begins by deleting what is there, so only where the lock has changed.
# install_packages FOLDER
install_packages() {
  local lock=$1/package-lock.json stamp=$1/node_modules/.stateroom-lock
  if ! cmp -s "$lock" "$stamp"; then
    npm ci --prefix "$1" --no-progress --loglevel=error </dev/null
    cp "$lock" "$stamp"
  fi
}

# attribute FILE NAME: a number from the counters of a trx file
attribute() { sed -n 's/.*<Counters [^>]*\b'"$2"'="\([0-9]*\)".*/\1/p' "$1" | head -n 1; }

# run_tests PROJECT [NAME]
run_tests() {
  local project=$1 name status=0 trx
  name=${2:-$(basename "$project" .csproj)}
  trx=$results/$name.trx
  say "$name"
  dotnet test --project "$project" -c Release --no-build --no-progress --results-directory "$results" \
    --report-xunit-trx --report-xunit-trx-filename "$name.trx" </dev/null || status=$?
  local before=$failed
  if [[ -f $trx ]]; then
    local total ok bad
    total=$(attribute "$trx" total) ok=$(attribute "$trx" passed) bad=$(attribute "$trx" failed)
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ok - bad))
  fi
  # A run that crashed, or found no test, fails too.
  if ((status != 0 && failed == before)); then failed=$((failed + 1)); fi
}

say "Programs"
install_programs
# Debian 12 itself has no Valkey.
install_optional "the Redis tests run against Redis alone" valkey-server
install_optional "the image is not built and not run, and the tests that need it are skipped" podman runc
say "Packages of the client tests"
install_packages tests/clients
install_packages bench/peers/article
say "Build"
dotnet build Stateroom.slnx -c Release -warnaserror --nologo -v quiet </dev/null
say "Format"
# Worth knowing about, but no reason not to test.
dotnet format Stateroom.slnx --verify-no-changes --no-restore </dev/null || failed=$((failed + 1))

# One after the other: the heavy ones would disturb each other on a small machine.
for project in tests/*.Tests/*.csproj; do
  run_tests "$project"
done
if command -v valkey-server >/dev/null; then
  STATEROOM_REDIS_SERVER=valkey-server run_tests tests/Stateroom.Redis.Tests/Stateroom.Redis.Tests.csproj Stateroom.Redis.Tests-valkey
fi
say "Done"
