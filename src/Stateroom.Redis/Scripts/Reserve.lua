-- Takes the places of a new session among those of its tenant and its owner, if there is one in each: after Doubtful.
-- A place is taken before its session is opened. Until somebody has seen the session alive its score has a fraction: should the opening have failed, that
-- place is to be found and given back.
-- KEYS[1]  the tenant's set; KEYS[2] the owner's, unless the caller is anonymous
-- ARGV[2]  how long an entry stands, in ms; ARGV[3] half an idle timeout in ms; ARGV[4] how long the opening may take, in ms;
-- ARGV[5]  the tenant's limit; ARGV[6] the member of its set; ARGV[7] the owner's limit; ARGV[8] the member of its set
-- Returns  {1, now, whether the places were taken now and not before}; {0, now, for each set {whether it is full, members that may stand for dead sessions}}
local answer = {}
local full = false
for i, set in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
  local is_full = redis.call('ZCARD', set) >= tonumber(ARGV[3 + 2 * i])
  full = full or is_full
  answer[i] = {is_full and 1 or 0, is_full and doubtful(set, ARGV[2], ARGV[3], ARGV[4]) or {}}
end
if full then
  return {0, now, answer}
end

local added = 0
for i, set in ipairs(KEYS) do
  added = added + redis.call('ZADD', set, 'NX', string.format('%.1f', now + ARGV[2] + 0.5), ARGV[4 + 2 * i])
  keep_until(set, now + ARGV[2] + 1)
end
return {1, now, added == #KEYS and 1 or 0}
