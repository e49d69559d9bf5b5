-- Counts the sessions in a set: after Prelude.
-- KEYS[1]  the set
-- ARGV[2]  half an idle timeout in ms
-- Returns  {1, now, members whose sessions live, members that may stand for dead sessions}
local sure = now + ARGV[2]
return {1, now, redis.call('ZCOUNT', KEYS[1], '(' .. sure, '+inf'), redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, sure)}
