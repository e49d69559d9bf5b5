-- Writes one entry of a session's state if it is at the expected version, and slides the deadline: after Session.
-- ARGV[5]  the entry's name; ARGV[6] expected version; ARGV[7] the state's limit in bytes; ARGV[8] '1' to write ARGV[9], '0' to take the entry away
-- Returns  the entry's version, 0 if taken away, in six bytes, as Session answers;
--          {2, now, version, data} of what is there instead; {3, now, bytes} if the state would be too large
local version, bytes = struct.unpack('<I6I6', session, 31)
local current, data = 0, ''
local from, to = #session + 1, #session + 1 -- where the entry begins, and what follows it

do
  local at = 47 + #ARGV[2] + struct.unpack('<I4', session, 43 + #ARGV[2])
  while at <= #session do
    local name, found, size, start = struct.unpack('<I2c0I6I4', session, at)
    if name == ARGV[5] then
      current, from, to = found, at, start + size
      data = string.sub(session, start, to - 1)
      break
    end
    at = start + size
  end
end
if current ~= tonumber(ARGV[6]) then
  return {2, now, current, data}
end

local entry = ''
if ARGV[8] == '1' then
  local total = bytes - size_of(data, 1) + size_of(ARGV[9], 1)
  if total > tonumber(ARGV[7]) then
    return {3, now, total}
  end
  version = version + 1
  bytes = total
  current = version
  entry = struct.pack('<I2c0I6I4', #ARGV[5], ARGV[5], version, #ARGV[9]) .. ARGV[9]
elseif current > 0 then
  version = version + 1
  bytes = bytes - size_of(data, 1)
  current = 0
end
slide()
local times = string.sub(session, 1, 12) .. struct.pack('<I6I6I6I6I6', used, deadline, indexed, version, bytes)
redis.call('SET', KEYS[1], times .. string.sub(session, 43, from - 1) .. entry .. string.sub(session, to), 'PXAT', string.format('%d', deadline))
return answer(struct.pack('<I6', current))
