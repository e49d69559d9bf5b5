-- Puts one entry of a session's state together if it is at the expected version: after Session, before Slide and SaveState.
-- ARGV[3]  expected version and the state's limit in bytes, as integers of six bytes; a byte, 1 to write ARGV[4], 0 to take the entry away; the entry's name
-- Returns  {2, now, version, data} of what is there instead; {3, now, bytes} if the state would be too large
local expected, limit, writes = struct.unpack('<I6I6B', ARGV[3])
local name = string.sub(ARGV[3], 14)
local current, data = 0, ''
local from, to = #session + 1, #session + 1 -- where the entry begins, and what follows it

do
  local at = 47 + #who + struct.unpack('<I4', session, 43 + #who)
  while at <= #session do
    local other, found, size, start = struct.unpack('<I2c0I6I4', session, at)
    if other == name then
      current, from, to = found, at, start + size
      data = string.sub(session, start, to - 1)
      break
    end
    at = start + size
  end
end
if current ~= expected then
  return {2, now, current, data}
end

local entry = ''
if writes == 1 then
  local total = bytes - size_of(data, 1) + size_of(ARGV[4], 1)
  if total > limit then
    return {3, now, total}
  end
  version = version + 1
  bytes = total
  current = version
  entry = struct.pack('<I2c0I6I4', #name, name, version, #ARGV[4]) .. ARGV[4]
elseif current > 0 then
  version = version + 1
  bytes = bytes - size_of(data, 1)
  current = 0
end
