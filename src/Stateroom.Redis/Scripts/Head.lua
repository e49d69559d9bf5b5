-- Reads a session without its state, for a list: after Prelude. Slides no deadline.
-- KEYS[1]  the session
-- ARGV[2]  how long who is, in bytes
-- Returns  {1, now, the times, who, and what the client said of itself}, with an empty text if there is no such session
local size = 42 + ARGV[2]
local head = redis.call('GETRANGE', KEYS[1], 0, size + 3)
if #head < size + 4 then
  return {1, now, ''}
end
return {1, now, redis.call('GETRANGE', KEYS[1], 0, size + 3 + struct.unpack('<I4', head, size + 1))}
