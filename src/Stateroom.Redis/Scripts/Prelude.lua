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

-- How many bytes of a limit content takes, which stands in a text from a position on: what is encrypted says how large it was (SealedContent).
local function size_of(text, from)
  if #text - from >= 6 and string.byte(text, from) == 255 then
    return (struct.unpack('<I4', text, from + 3))
  end
  return #text - from + 1
end
