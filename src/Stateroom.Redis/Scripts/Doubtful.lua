-- Follows Prelude in the scripts that look through the sets of tenants and owners.

-- The members of a set that may stand for dead sessions: those that were not renewed for so long that their session may have gone, and those whose session
-- nobody has seen alive yet, if they are older than an opening takes. What has lapsed is taken out.
local function doubtful(set, stands, half_idle, opening)
  redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
  local members = {}
  local found = redis.call('ZRANGEBYSCORE', set, '-inf', now + math.max(half_idle, stands - opening), 'WITHSCORES')
  for i = 1, #found, 2 do
    local at = tonumber(found[i + 1])
    if at <= now + half_idle or at % 1 > 0 then
      members[#members + 1] = found[i]
    end
  end
  return members
end
