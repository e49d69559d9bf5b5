-- Notes a topic among a session's belongings: after Prelude.
-- KEYS[1]  the session's tombstone; KEYS[2] its belongings
-- ARGV[2]  the topic; ARGV[3] how long the belongings are kept, in ms; ARGV[4] how many topics of its kind there may be, 0 for no limit
-- Returns  {1, now}; {0, now} if the session was ended; {2, now} if it has as many topics as it may
if redis.call('EXISTS', KEYS[1]) == 1 then
  return {0, now}
end
if tonumber(ARGV[4]) > 0 and not redis.call('ZSCORE', KEYS[2], 't' .. ARGV[2]) then
  local kind, found = 't' .. string.sub(ARGV[2], 1, 1), 0
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '+inf', '+inf')) do
    if string.sub(member, 1, 2) == kind then
      found = found + 1
    end
  end
  if found >= tonumber(ARGV[4]) then
    return {2, now}
  end
end
redis.call('ZADD', KEYS[2], '+inf', 't' .. ARGV[2])
keep_until(KEYS[2], now + ARGV[3])
return {1, now}
