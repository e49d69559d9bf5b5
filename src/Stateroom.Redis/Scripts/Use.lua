-- Tells how much of its limits somebody uses: after Prelude.
-- KEYS[1]  the bucket; KEYS[2] the calls; KEYS[3] the streams
-- ARGV[2]  the rate a second, 0 for no limit
-- Returns  {1, now, calls, streams, tokens that are out}
local out, rate = 0, tonumber(ARGV[2])
local value = rate > 0 and redis.call('GET', KEYS[1])
if value then
  local tokens, at = struct.unpack('<dd', value)
  out = math.max(0, tokens - math.max(0, now - at) * rate / 1000)
end
local function held(key)
  return redis.call('ZCOUNT', key, '(' .. now, '+inf')
end
return {1, now, held(KEYS[2]), held(KEYS[3]), math.ceil(out)}
