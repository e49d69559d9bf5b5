-- Enters or renews a member of each of some sets of one slot, for good: its session was seen alive. What has lapsed is taken out. After Prelude.
-- KEYS     the sets
-- ARGV[2]  how long the entries stand, in ms; ARGV[3] until when at the most, 0 for no such limit; from ARGV[4] on the member of each set
-- Returns  {1, now}
local at = now + ARGV[2]
if tonumber(ARGV[3]) > 0 then
  at = math.min(at, tonumber(ARGV[3]))
end
for i, set in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
  redis.call('ZADD', set, at, ARGV[3 + i])
  keep_until(set, at)
end
return {1, now}
