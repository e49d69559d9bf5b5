-- Opens a session: after Prelude.
-- KEYS[1]  the session; KEYS[2] its tombstone
-- ARGV[2]  who; ARGV[3] idle timeout in ms; ARGV[4] absolute lifetime in ms, 0 for none; ARGV[5] bytes of state;
-- ARGV[6]  what the client said of itself; from ARGV[7] on the fields and values of its state
-- Returns  {1, now, absolute end or 0}; {0, now} if there is or was a session of that id
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then
  return {0, now}
end

local ends = 0
local deadline = now + ARGV[3]
if tonumber(ARGV[4]) > 0 then
  ends = now + ARGV[4]
  deadline = math.min(deadline, ends)
end
redis.call('HSET', KEYS[1], 'h', struct.pack('<ddddddd', now, ends, now, deadline, now, 1, ARGV[5]) .. ARGV[2] .. ARGV[6], unpack(ARGV, 7))
redis.call('PEXPIREAT', KEYS[1], deadline)
return {1, now, ends}
