-- Begins every script: reads the clock, and does nothing for a caller who has stopped waiting, so that no write comes late after an outage.
-- ARGV[1]  when the caller stops waiting, in ms of this server's clock
-- Returns  {-1, now} if that moment has passed
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + 0 -- skew
if now >= tonumber(ARGV[1]) then
  return {-1, now}
end

-- Lets a key live until then, unless it lives longer already.
local function keep_until(key, at)
  if redis.call('PEXPIRETIME', key) < at then
    redis.call('PEXPIREAT', key, at)
  end
end
