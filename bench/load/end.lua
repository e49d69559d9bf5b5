-- wrk script: ends the sessions of the file SESSIONS, one a line, and ends wrk. TOKEN: the bearer token.
local requests, asked, ended = {}, -1, 0

function init()
  for session in io.lines(os.getenv("SESSIONS")) do
    requests[#requests + 1] = wrk.format("DELETE", nil, {
      ["Authorization"] = "Bearer " .. (os.getenv("TOKEN") or "dev-token"),
      ["Mcp-Session-Id"] = session,
    })
  end
end

-- The first is one that wrk only looks at. Who asks beyond the last is told that it is over.
function request()
  asked = asked + 1
  return requests[math.max(1, math.min(asked, #requests))]
end

function response(status)
  if status == 204 then
    ended = ended + 1
    if ended == #requests then os.exit(0) end
  elseif status ~= 404 then
    io.stderr:write("answer " .. status .. "\n")
    os.exit(1)
  end
end
