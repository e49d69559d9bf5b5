-- Lists tenants by name, some at a time: after Prelude. A walk begins with a copy of the set that is in order, so that each page costs what is on it.
-- KEYS[1]  the tenants; KEYS[2] the copy, in their slot
-- ARGV[2]  after which member, empty to begin; ARGV[3] how many at the most; ARGV[4] how long the copy stands, in ms
-- Returns  {1, now, members, those of anonymous callers last}
if ARGV[2] == '' or redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  redis.call('ZUNIONSTORE', KEYS[2], 1, KEYS[1], 'WEIGHTS', 0)
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end

local found = {}
local function add(from, to)
  for _, member in ipairs(redis.call('ZRANGEBYLEX', KEYS[2], from, to, 'LIMIT', 0, ARGV[3] - #found)) do
    found[#found + 1] = member
  end
end

local mark = string.sub(ARGV[2], 1, 1)
if mark ~= 'a' then
  add(mark == '' and '[t' or '(' .. ARGV[2], '(u')
end
add(mark == 'a' and '(' .. ARGV[2] or '[a', '(b')
return {1, now, found}
