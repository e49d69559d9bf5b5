-- Reads what a stream holds after a position: after Stream.
-- ARGV[2]  the position
-- Returns  {1, now, whether something after it was trimmed, last position handed over, last position, whether it has ended, positions and items}; {0, now} if there is no such stream
if not exists then
  return {0, now}
end

local after = tonumber(ARGV[2])
local items = {}
local function add(position)
  items[#items + 1] = position
  items[#items + 1] = redis.call('HGET', KEYS[1], position)
end
for _, position in ipairs(kept) do
  if position > after then
    add(position)
  end
end
for position = math.max(first, after + 1), last do
  add(position)
end
return {1, now, after < trimmed and 1 or 0, delivered, last, forget > 0 and 1 or 0, items}
