-- Reads a session without its state, for a list: after Prelude. Slides no deadline.
-- KEYS[1]  the session
-- Returns  {1, now, the times, who, and what the client said of itself}, with an empty text if there is no such session
local at = 44 -- where the tenant's length begins, behind the times, the format and the flags

-- Steps over a text that stands after its length.
local function skip(format, size)
  local length = redis.call('GETRANGE', KEYS[1], at, at + size - 1)
  if #length < size then
    return false
  end
  at = at + size + struct.unpack(format, length)
  return true
end

if skip('<I2', 2) and skip('<I2', 2) and skip('<I4', 4) then
  return {1, now, redis.call('GETRANGE', KEYS[1], 0, at - 1)}
end
return {1, now, ''}
