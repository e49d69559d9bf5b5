-- Takes a place among the sessions of a tenant or an owner, for a short time: after Prelude.
-- KEYS[1]  the set
-- ARGV[2]  the member; ARGV[3] how many members there may be; ARGV[4] how long the reservation holds, in ms, 0 to take none and only look; ARGV[5] half an idle timeout in ms
-- Returns  {1, now}; {0, now, members that may stand for dead sessions} if the set is full
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  return {0, now, redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now + ARGV[5])}
end
if tonumber(ARGV[4]) > 0 then
  redis.call('ZADD', KEYS[1], now + ARGV[4], '?' .. ARGV[2])
  keep_until(KEYS[1], now + ARGV[4])
end
return {1, now}
