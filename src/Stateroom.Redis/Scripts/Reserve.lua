-- Takes the places of a new session among those of its tenant and its owner, if there is one for each: after Prelude.
-- A place is taken before its session is opened. Until somebody has seen the session alive its score has a fraction: should the opening have failed, that
-- place is to be found and given back.
-- KEYS[1]  the tenant's set of the other era, which counts for the same limit; KEYS[2] its set of the session's own; KEYS[3] the owner's, if there is one
-- ARGV[2]  how long an entry stands, in ms; ARGV[3] half an idle timeout in ms; ARGV[4] how long the opening may take, in ms;
-- ARGV[5]  the session's id; ARGV[6] the tenant's limit; ARGV[7] the owner's limit
-- Returns  {1, now, the sets in which its place was taken now and not before};
--          {0, now, whether the tenant's limit is reached, for each set the members that may stand for dead sessions: none where its limit is not reached}

-- The members of a set that may stand for dead sessions: those that were not renewed for so long that their session may have gone, and those whose session
-- nobody has seen alive yet, if they are older than an opening takes.
local function doubtful(set)
  local members = {}
  local found = redis.call('ZRANGEBYSCORE', set, '-inf', now + math.max(ARGV[3], ARGV[2] - ARGV[4] + 0.5), 'WITHSCORES')
  for i = 1, #found, 2 do
    local at = tonumber(found[i + 1])
    if at <= now + ARGV[3] or at % 1 > 0 then
      members[#members + 1] = found[i]
    end
  end
  return members
end

local count = {}
for i, set in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
  count[i] = redis.call('ZCARD', set)
end
local tenant_full = count[1] + count[2] >= tonumber(ARGV[6])
local owner_full = KEYS[3] and count[3] >= tonumber(ARGV[7])
if tenant_full or owner_full then
  return {0, now, tenant_full and 1 or 0, {
    tenant_full and doubtful(KEYS[1]) or {}, tenant_full and doubtful(KEYS[2]) or {}, owner_full and doubtful(KEYS[3]) or {},
  }}
end

local taken = {}
for i = 2, #KEYS do
  if redis.call('ZADD', KEYS[i], 'NX', string.format('%.1f', now + ARGV[2] + 0.5), ARGV[5]) == 1 then
    taken[#taken + 1] = KEYS[i]
  end
  keep_until(KEYS[i], now + ARGV[2] + 1)
end
return {1, now, taken}
