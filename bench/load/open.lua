-- wrk script: opens COUNT sessions of the handshake era, prints how many a second, and ends wrk.
-- TOKEN: the bearer token. OPENED: a file that is given a session id a line, or nothing.
local clock = dofile(debug.getinfo(1, "S").source:match("@(.*/)") .. "clock.lua")
local body = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}'
local count, opened, asked, began = tonumber(os.getenv("COUNT")), 0, -1, nil
local open, idle, ids = nil, nil, nil

function init()
  open = wrk.format("POST", nil, {
    ["Content-Type"] = "application/json",
    ["Accept"] = "application/json, text/event-stream",
    ["Authorization"] = "Bearer " .. (os.getenv("TOKEN") or "dev-token"),
  }, body)
  idle = wrk.format("GET", "/health/live")
  local file = os.getenv("OPENED")
  if file and file ~= "" then ids = io.open(file, "w") end
end

-- The first is one that wrk only looks at. Once enough are asked for, the other connections are to ask for nothing.
function request()
  if asked == 0 then began = clock() end
  if asked >= count then return idle end
  asked = asked + 1
  return open
end

function response(status, headers)
  local id = headers["Mcp-Session-Id"]
  if not id then
    if status ~= 200 then
      io.stderr:write("answer " .. status .. "\n")
      os.exit(1)
    end
    return
  end

  opened = opened + 1
  if ids then ids:write(id, "\n") end
  if opened == count then
    local rate = count / (clock() - began)
    if ids then ids:close() end
    print(rate)
    os.exit(0)
  end
end
