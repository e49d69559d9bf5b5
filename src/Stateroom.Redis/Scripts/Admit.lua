-- Counts messages and takes places of an owner and its tenant: after Prelude.
-- KEYS[1], KEYS[2]  the buckets of tenant and owner: how many tokens were out, and when, as doubles; KEYS[3], KEYS[4] their places: a lease's places, and until when it stands
-- ARGV[2]  how many messages; ARGV[3] the tenant's rate a second, 0 for no limit, ARGV[4] its burst; ARGV[5], ARGV[6] the owner's
-- ARGV[7]  how many places; ARGV[8] how many the tenant may have, 0 for no limit, ARGV[9] the owner; ARGV[10] the lease; ARGV[11] how long it stands, in ms
-- Returns  {1, now, 0} if all of it was had; {1, now, 1} the messages, but no place of the tenant, {1, now, 2} of the owner;
--          {0, now, 1, ms until there are tokens} nothing, for lack of the tenant's tokens, {0, now, 2, ms} of the owner's
local messages, places = tonumber(ARGV[2]), tonumber(ARGV[7])

local spent = {}
for i = 1, 2 do
  local rate, burst = tonumber(ARGV[1 + 2 * i]), tonumber(ARGV[2 + 2 * i])
  if messages > 0 and rate > 0 then
    local out = 0
    local value = redis.call('GET', KEYS[i])
    if value then
      local tokens, at = struct.unpack('<dd', value)
      out = math.max(0, tokens - math.max(0, now - at) * rate / 1000)
    end
    out = out + messages
    local lacking = out - burst
    if lacking > 1e-6 then
      return {0, now, i, math.ceil(lacking * 1000 / rate)}
    end
    spent[i] = {out, math.ceil(out * 1000 / rate)}
  end
end
-- A full bucket is the same as none.
for i, bucket in pairs(spent) do
  redis.call('SET', KEYS[i], struct.pack('<dd', bucket[1], now), 'PX', bucket[2])
end

if places == 0 then
  return {1, now, 0}
end
for i = 1, 2 do
  local most = tonumber(ARGV[7 + i])
  redis.call('ZREMRANGEBYSCORE', KEYS[2 + i], '-inf', now)
  if most > 0 and redis.call('ZCARD', KEYS[2 + i]) + places > most then
    return {1, now, i}
  end
end
for i = 1, 2 do
  for j = 1, places do
    redis.call('ZADD', KEYS[2 + i], now + ARGV[11], ARGV[10] .. ':' .. j)
  end
  keep_until(KEYS[2 + i], now + ARGV[11])
end
return {1, now, 0}
