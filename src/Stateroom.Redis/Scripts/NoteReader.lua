-- Notes among a session's belongings who reads its general stream, in the place of who did before: after Prelude.
-- KEYS[1]  the session's tombstone; KEYS[2] its belongings
-- ARGV[2]  the reader, after its mark; ARGV[3] how long the belongings are kept, in ms; ARGV[4] how long the note stands in them, in ms
-- Returns  {1, now}; {0, now} if the session was ended
if redis.call('EXISTS', KEYS[1]) == 1 then
  return {0, now}
end
local mark = string.sub(ARGV[2], 1, 1)
for _, member in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[2], '(+inf', now)) do
  if string.sub(member, 1, 1) == mark then
    redis.call('ZREM', KEYS[2], member)
  end
end
redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[2])
keep_until(KEYS[2], now + ARGV[3])
return {1, now}
