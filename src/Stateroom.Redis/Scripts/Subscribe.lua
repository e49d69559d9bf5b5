-- Notes a topic among a session's belongings: after Prelude.
-- KEYS[1]  the session's tombstone; KEYS[2] its belongings
-- ARGV[2]  the topic; ARGV[3] how long the belongings are kept, in ms
-- Returns  {1, now}; {0, now} if the session was ended
if redis.call('EXISTS', KEYS[1]) == 1 then
  return {0, now}
end
redis.call('ZADD', KEYS[2], '+inf', 't' .. ARGV[2])
keep_until(KEYS[2], now + ARGV[3])
return {1, now}
