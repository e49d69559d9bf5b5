#!/usr/bin/env bash
# Takes the pictures of docs/administration.md anew: a Redis, three servers with sessions of some tenants, and a browser.
# After ./eng/test.sh, which builds the server and installs what this needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

server=${SERVER:-src/Stateroom.Server/bin/Release/net10.0/Stateroom.Server.dll}
redis=17379 first=17380
pids=()
trap 'kill "${pids[@]}" 2>/dev/null' EXIT

redis-server --port $redis --bind 127.0.0.1 --save '' --daemonize no >/dev/null &
pids+=($!)

settings=(--ConnectionStrings:Redis=127.0.0.1:$redis
  --Stateroom:RequestRatePerTenant=200 --Stateroom:RequestBurstPerTenant=400 --Stateroom:MaxCallsPerTenant=64 --Stateroom:MaxStreamsPerTenant=40
  --Stateroom:Tenants:0:Tenant=acme --Stateroom:Tenants:0:MaxSessionsPerTenant=18
  --Stateroom:Tenants:1:Tenant=globex --Stateroom:Tenants:1:MaxSessionsPerTenant=12
  --Stateroom:MaxSessionsPerTenant=100)
index=5
for caller in acme/alice acme/bob acme/carol globex/alice globex/dana initech/milton "møller & söhne/freja" "møller & söhne/ib" umbrella-labs/rain; do
  key=$(sed 's/ø/_/; s/ö/_/; s/[^a-z/_-]/_/g' <<<"$caller")
  settings+=("--Stateroom:ApiKeys:$index:Key=$key" "--Stateroom:ApiKeys:$index:Tenant=${caller%/*}" "--Stateroom:ApiKeys:$index:Owner=${caller#*/}")
  index=$((index + 1))
done

endpoints=()
for port in $first $((first + 1)) $((first + 2)); do
  ASPNETCORE_ENVIRONMENT=Development dotnet "$server" --urls "http://127.0.0.1:$port" "${settings[@]}" >/dev/null &
  pids+=($!)
  endpoints+=("http://127.0.0.1:$port/mcp")
done
for endpoint in "${endpoints[@]}"; do
  until curl -sf -o /dev/null "${endpoint%/mcp}/health/ready"; do sleep 0.2; done
done

mkdir -p docs/images
node tests/clients/admin-pictures.mjs docs/images "${endpoints[@]}"
