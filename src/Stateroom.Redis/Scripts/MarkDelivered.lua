-- Notes up to which position a stream was handed over: after Stream.
-- ARGV[2]  the position
-- Returns  {1, now}; {0, now} if there is no such stream
if not exists then
  return {0, now}
end
local position = math.min(tonumber(ARGV[2]), last)
if position > delivered then
  delivered = position
  save()
end
return {1, now}
