-- Counts the sessions in some sets of one slot: after Prelude. What it costs does not grow with their number: those that may be dead are told some at a time.
-- KEYS     the sets
-- ARGV[2]  half an idle timeout in ms; ARGV[3] how many members to tell of each set at the most
-- Returns  {1, now, for each set how many members there are, for each set those that were not renewed for so long that their session may have gone}
local counts, doubtful = {}, {}
for i, set in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
  counts[i] = redis.call('ZCARD', set)
  doubtful[i] = redis.call('ZRANGEBYSCORE', set, '-inf', now + ARGV[2], 'LIMIT', 0, ARGV[3])
end
return {1, now, counts, doubtful}
