-- wrk script: opens a session of the handshake era a request. TOKEN: the bearer token.
local body = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}'
local open = nil

function init()
  open = wrk.format("POST", nil, {
    ["Content-Type"] = "application/json",
    ["Accept"] = "application/json, text/event-stream",
    ["Authorization"] = "Bearer " .. (os.getenv("TOKEN") or "dev-token"),
  }, body)
end

function request()
  return open
end

local complaints = 0

function response(status)
  if status ~= 200 and complaints < 3 then
    complaints = complaints + 1
    io.stderr:write("answer " .. status .. "\n")
  end
end
