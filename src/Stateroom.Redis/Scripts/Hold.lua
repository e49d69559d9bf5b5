-- Lets leases of one tenant stand for as long again, also those that were lost: after Prelude.
-- KEYS     sets of places
-- ARGV[2]  how long they stand from now on, in ms; then, of each place, the number of its key and its name
-- Returns  {1, now}
local at = now + ARGV[2]
for i = 3, #ARGV, 2 do
  local key = KEYS[tonumber(ARGV[i])]
  redis.call('ZADD', key, at, ARGV[i + 1])
  keep_until(key, at)
end
return {1, now}
