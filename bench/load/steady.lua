-- wrk script: weather calls at a constant rate, an open loop: RATE a second are due whatever the answers do, for SECONDS, after WARM_UP seconds at that rate.
-- What is due within a millisecond is sent at its end, as fine as wrk's timers are, and its time counts from when it is sent: that a timer is late is nothing that the
-- server does. A call that finds no free connection is sent late because of the server, so its time counts from when it was due.
-- SESSIONS: a file with one session id a line. TOKEN: the bearer token. Prints JSON and ends wrk.
local clock = dofile(debug.getinfo(1, "S").source:match("@(.*/)") .. "clock.lua")
local rate = tonumber(os.getenv("RATE"))
local skipped = math.floor(rate * tonumber(os.getenv("WARM_UP")))
local last = skipped + math.floor(rate * tonumber(os.getenv("SECONDS")))
local first_id = 100000000
local heads, tails, late, sent_at, times = {}, {}, {}, {}, {}
local planned, sent, began, processor = 0, 0, nil, nil

function init()
  for session in io.lines(os.getenv("SESSIONS")) do
    local request = wrk.format("POST", nil, {
      ["Content-Type"] = "application/json",
      ["Accept"] = "application/json, text/event-stream",
      ["Authorization"] = "Bearer " .. (os.getenv("TOKEN") or "dev-token"),
      ["MCP-Protocol-Version"] = "2025-11-25",
      ["Mcp-Session-Id"] = session,
    }, '{"jsonrpc":"2.0","id":' .. first_id .. ',"method":"tools/call","params":{"name":"get_current_weather","arguments":{"city":"Pune"}}}')
    local from, to = request:find(first_id, 1, true)
    heads[#heads + 1], tails[#tails + 1] = request:sub(1, from - 1), request:sub(to + 1)
  end
end

-- In milliseconds, for the next connection that is free.
function delay()
  local now = clock()
  began = began or now + 0.01
  planned = planned + 1
  local due = began + planned / rate
  late[planned] = math.max(0, now - due)
  return math.max(0, math.ceil(due * 1000) - math.floor(now * 1000))
end

function request()
  if planned == 0 then return heads[1] .. first_id .. tails[1] end -- one that wrk only looks at
  sent = sent + 1
  local session = sent % #heads + 1
  sent_at[sent] = clock() - late[sent]
  return heads[session] .. (first_id + sent) .. tails[session]
end

local function finish()
  table.sort(times)
  local function at(part) return times[math.ceil(#times * part)] * 1000 end
  print(string.format('{"p50":%.3f,"p99":%.3f,"p999":%.3f,"max":%.3f,"rate":%.0f,"cores":%.3f}', at(0.5), at(0.99), at(0.999), at(1),
    #times / (clock() - began - skipped / rate), (os.clock() - processor) / (clock() - began - skipped / rate)))
  os.exit(0)
end

function response(status, _, body)
  local now = clock()
  local number = tonumber(body:match('"id":(%d+)') or "")
  if status ~= 200 or not number or body:find('"isError":true', 1, true) or body:find('"error":{', 1, true) then
    io.stderr:write("answer " .. status .. ": " .. body:sub(1, 200) .. "\n")
    os.exit(1)
  end
  number = number - first_id
  if number == skipped then processor = os.clock() end
  if number > skipped then times[#times + 1] = now - sent_at[number] end
  sent_at[number], late[number] = false, false
  if #times == last - skipped then finish() end
end
