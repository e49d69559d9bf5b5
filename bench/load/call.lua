-- wrk script: one weather call a request, over many sessions in turn.
-- SESSIONS: a file with one session id or handle a line, or nothing. ERA: handshake or stateless. TOKEN: the bearer token.
local stateless = os.getenv("ERA") == "stateless"
local headers = {
  ["Content-Type"] = "application/json",
  ["Accept"] = "application/json, text/event-stream",
  ["Authorization"] = "Bearer " .. (os.getenv("TOKEN") or "dev-token"),
  ["MCP-Protocol-Version"] = stateless and "2026-07-28" or "2025-11-25",
}
local meta = ',"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"load","version":"1"}}'
if stateless then
  headers["Mcp-Method"] = "tools/call"
  headers["Mcp-Name"] = "get_current_weather"
end

local function request_for(session)
  local arguments, own = '{"city":"Pune"}', {}
  for name, value in pairs(headers) do own[name] = value end
  if session and stateless then
    arguments = '{"city":"Pune","session":"' .. session .. '"}'
  elseif session then
    own["Mcp-Session-Id"] = session
  end
  local body = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get_current_weather","arguments":' .. arguments .. (stateless and meta or "") .. "}}"
  return wrk.format("POST", nil, own, body)
end

local requests, next_request, complaints = {}, 0, 0

function init()
  local file = os.getenv("SESSIONS")
  if file and file ~= "" then
    for session in io.lines(file) do requests[#requests + 1] = request_for(session) end
  else
    requests[1] = request_for(nil)
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

-- An answer with an error in it, or without the city, is as bad as none, and would be quick.
function response(status, _, body)
  if (status ~= 200 or not body:find("Pune", 1, true) or body:find('"isError":true', 1, true) or body:find('"error":{', 1, true)) and complaints < 3 then
    complaints = complaints + 1
    io.stderr:write("answer " .. status .. ": " .. body:sub(1, 200) .. "\n")
  end
end
