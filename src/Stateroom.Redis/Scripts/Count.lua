-- Counts the sessions in a set: after Prelude. What it costs does not grow with their number: those that may be dead are told some at a time.
-- KEYS[1]  the set
-- ARGV[2]  half an idle timeout in ms; ARGV[3] how many members to tell at the most
-- Returns  {1, now, how many members there are, those that were not renewed for so long that their session may have gone}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return {1, now, redis.call('ZCARD', KEYS[1]), redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now + ARGV[2], 'LIMIT', 0, ARGV[3])}
