-- Enters or renews a member of a set, in the place of its reservation if there was one, and takes out what has lapsed: after Prelude.
-- KEYS[1]  the set
-- ARGV[2]  the member; ARGV[3] how long the entry stands, in ms; ARGV[4] until when at the most, 0 for no such limit
-- Returns  {1, now}
local at = now + ARGV[3]
if tonumber(ARGV[4]) > 0 then
  at = math.min(at, tonumber(ARGV[4]))
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREM', KEYS[1], '?' .. ARGV[2])
redis.call('ZADD', KEYS[1], at, ARGV[2])
keep_until(KEYS[1], at)
return {1, now}
