-- Adds an item to a stream and lets its oldest go where it is full, but neither the newest nor what somebody waits for: after Stream.
-- KEYS[2]  the session's tombstone; KEYS[3] its belongings
-- ARGV[2]  the item's kind: M message, R response or question, P pause, B beginning, E end; ARGV[3] its data; ARGV[4] how many items and ARGV[5] how many bytes there may be;
-- ARGV[6]  how long an open stream is kept and ARGV[7] one that has ended, in ms; ARGV[8] the stream's mark among the belongings while it is open and ARGV[9] its name;
-- ARGV[10] how many open streams with the mark o there may be; ARGV[11] how many that have ended and ARGV[12] how many bytes of those
-- Returns  {1, now, position, the names of streams whose time is over early}; {0, now} if the session was ended, the stream has or never began, or none may begin
if redis.call('EXISTS', KEYS[2]) == 1 or (exists and forget > 0) then
  return {0, now}
end

-- The session's streams, the newest first; its topics stand behind them.
local function streams()
  return redis.call('ZREVRANGEBYSCORE', KEYS[3], '(+inf', '-inf')
end

if not exists then
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
  if ARGV[8] == 'o' then
    local open = 0
    for _, member in ipairs(streams()) do
      if string.sub(member, 1, 1) == 'o' then
        open = open + 1
      end
    end
    if ARGV[2] ~= 'B' or open >= tonumber(ARGV[10]) then
      return {0, now}
    end
  end
  redis.call('DEL', KEYS[1])
  last, first, trimmed, bytes, delivered, forget, kept = 0, 1, 0, 0, 0, 0, {}
end

last = last + 1
bytes = bytes + size_of(ARGV[3], 1)
redis.call('HSET', KEYS[1], last, ARGV[2] .. ARGV[3])
while (last - first + 1 + #kept > tonumber(ARGV[4]) or bytes > tonumber(ARGV[5])) and first < last do
  local item = redis.call('HGET', KEYS[1], first)
  local kind = string.sub(item, 1, 1)
  if kind == 'R' or kind == 'B' or kind == 'E' then
    kept[#kept + 1] = first
  else
    redis.call('HDEL', KEYS[1], first)
    bytes = bytes - size_of(item, 2)
    trimmed = first
  end
  first = first + 1
end

local until_then = now + ARGV[6]
if ARGV[2] == 'E' then
  until_then = now + ARGV[7]
  forget = until_then
end
save()
redis.call('PEXPIREAT', KEYS[1], until_then)

local over = {}
if ARGV[2] ~= 'E' then
  redis.call('ZADD', KEYS[3], until_then, ARGV[8] .. ARGV[9])
else
  local ended, ended_bytes = 1, bytes
  redis.call('ZREM', KEYS[3], ARGV[8] .. ARGV[9])
  for _, member in ipairs(streams()) do
    local held, name = string.match(member, '^e(%d+):(.*)$')
    if held then
      ended = ended + 1
      ended_bytes = ended_bytes + held
      if ended > tonumber(ARGV[11]) or ended_bytes > tonumber(ARGV[12]) then
        redis.call('ZREM', KEYS[3], member)
        over[#over + 1] = name
      end
    end
  end
  redis.call('ZADD', KEYS[3], until_then, string.format('e%d:%s', bytes, ARGV[9]))
end
keep_until(KEYS[3], now + ARGV[6])
return {1, now, last, over}
