-- Follows Prelude in the scripts that work on one stream of a session.
-- KEYS[1]  the stream: a hash of position to kind and data, and of m to what is known of the stream
local last, first, trimmed, bytes, delivered, forget = 0, 1, 0, 0, 0, 0
local kept = {} -- positions before first that are never trimmed
local exists = false
local meta = redis.call('HGET', KEYS[1], 'm')
if meta then
  last, first, trimmed, bytes, delivered, forget = struct.unpack('<dddddd', meta)
  for i = 49, #meta, 8 do
    kept[#kept + 1] = struct.unpack('<d', meta, i)
  end
  exists = forget == 0 or forget > now
end

local function save()
  local packed = struct.pack('<dddddd', last, first, trimmed, bytes, delivered, forget)
  for _, position in ipairs(kept) do
    packed = packed .. struct.pack('<d', position)
  end
  redis.call('HSET', KEYS[1], 'm', packed)
end
