-- Corrects a full set after its members were looked at: after Prelude.
-- KEYS[1]  the set
-- ARGV[2]  how many members are dead; then those; then pairs of a live member and the time until which it stands
-- Returns  {1, now}
local dead = tonumber(ARGV[2])
for i = 3, dead + 2 do
  redis.call('ZREM', KEYS[1], ARGV[i])
end
for i = dead + 3, #ARGV, 2 do
  local at, seen = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i])), tonumber(ARGV[i + 1])
  if at then
    at = math.max(math.floor(at), seen)
    redis.call('ZADD', KEYS[1], at, ARGV[i])
    keep_until(KEYS[1], at)
  end
end
return {1, now}
