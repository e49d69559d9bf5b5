-- Slides the deadline, which is for the script to save, and lets what belongs to the session live on with it: that outlives the session by a while, so the first
-- use in each half of such a while is enough, and the first with another idle timeout. After Session; no function, as making one in each run costs as much as a command.
local half = math.max(1, (keep - idle) / 2)
local first = math.floor(now / half) > math.floor(used / half) or deadline ~= used + idle
used = now
deadline = now + idle
if ends > 0 and ends < deadline then
  deadline = ends
end
if first then
  redis.call('PEXPIREAT', KEYS[2], now + keep)
  redis.call('PEXPIREAT', KEYS[3], now + keep)
end
