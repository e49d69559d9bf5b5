-- Counts the sessions in a set: after Doubtful.
-- KEYS[1]  the set
-- ARGV[2]  how long an entry stands, in ms; ARGV[3] half an idle timeout in ms; ARGV[4] how long an opening may take, in ms
-- Returns  {1, now, members whose sessions live, members that may stand for dead sessions}
local unsure = doubtful(KEYS[1], ARGV[2], ARGV[3], ARGV[4])
return {1, now, redis.call('ZCARD', KEYS[1]) - #unsure, unsure}
