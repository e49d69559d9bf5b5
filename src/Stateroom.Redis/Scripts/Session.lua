-- Follows Prelude in the scripts that work on one session: finds it if it is the caller's and alive.
-- KEYS[1]  the session; KEYS[2] its belongings; KEYS[3] its general stream
-- ARGV[2]  who: the session's format, flags, tenant and owner, which ends itself; ARGV[3] idle timeout in ms; ARGV[4] how long an open stream is kept, in ms
-- Returns  {0, now} if there is no such session of that caller; {-2, now} if a newer version of the format holds it
local session = redis.call('GET', KEYS[1]) or ''
local found = string.sub(session, 43, 42 + #ARGV[2])
if found ~= ARGV[2] then
  if #found > 0 and string.sub(found, 2) == string.sub(ARGV[2], 2) then
    return {-2, now}
  end
  return {0, now}
end
local ends, used, deadline, indexed = struct.unpack('<I6I6I6I6', session, 7)
if deadline <= now then
  return {0, now}
end
local idle = tonumber(ARGV[3])

-- Slides the deadline, which is for the caller to save, and lets what belongs to the session live on with it: that outlives the session by a while, so the first
-- use in each half of such a while is enough, and the first with another idle timeout.
local function slide()
  local half = math.max(1, (ARGV[4] - idle) / 2)
  local first = math.floor(now / half) > math.floor(used / half) or deadline ~= used + idle
  used = now
  deadline = now + idle
  if ends > 0 and ends < deadline then
    deadline = ends
  end
  if first then
    redis.call('PEXPIREAT', KEYS[2], now + ARGV[4])
    redis.call('PEXPIREAT', KEYS[3], now + ARGV[4])
  end
end

-- Answers with a text: a short one behind the time, in one piece, as a list costs Redis as much as a command does; a long one as {1, now, the text}, as putting it together
-- costs more; and where the entries in the sets of tenant, owner and topics should be renewed as {1, now, the text, absolute end or 0, the session's topics}.
local function answer(text)
  if (now - indexed) * 2 > idle then
    return {1, now, text, ends, redis.call('ZRANGEBYSCORE', KEYS[2], '+inf', '+inf')}
  elseif #text > 1024 then
    return {1, now, text}
  end
  return struct.pack('<I6', now) .. text
end
