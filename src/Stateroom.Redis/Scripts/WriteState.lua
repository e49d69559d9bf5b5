-- Writes one entry of a session's state if it is at the expected version, and slides the deadline: after Session.
-- ARGV[5]  the entry's field; ARGV[6] expected version; ARGV[7] the state's limit in bytes; ARGV[8] '1' to write ARGV[9], '0' to take the entry away
-- Returns  {1, now, absolute end or 0, whether its entries are due, its topics if so, the entry's version, 0 if taken away};
--          {2, now, version, data} of what is there instead; {3, now, bytes} if the state would be too large
local value = redis.call('HGET', KEYS[1], ARGV[5])
local current, size = 0, 0
if value then
  current = struct.unpack('<d', value)
  size = size_of(value, 9)
end
if current ~= tonumber(ARGV[6]) then
  return {2, now, current, value and string.sub(value, 9) or ''}
end

if ARGV[8] == '1' then
  local total = bytes - size + size_of(ARGV[9], 1)
  if total > tonumber(ARGV[7]) then
    return {3, now, total}
  end
  version = version + 1
  bytes = total
  current = version
  redis.call('HSET', KEYS[1], ARGV[5], struct.pack('<d', version) .. ARGV[9])
elseif value then
  version = version + 1
  bytes = bytes - size
  current = 0
  redis.call('HDEL', KEYS[1], ARGV[5])
end
use()
local renew, topics = due()
return {1, now, ends, renew, topics, current}
