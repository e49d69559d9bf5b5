-- Opens a session: after Prelude.
-- KEYS[1]  the session; KEYS[2] its tombstone
-- ARGV[2]  what follows the times; ARGV[3] idle timeout in ms; ARGV[4] absolute lifetime in ms, 0 for none; ARGV[5] bytes of state;
-- ARGV[6]  until when its places in the limits are held, in ms of this clock
-- Returns  {1, now}; {0, now} if there is or was a session of that id; {2, now} if it comes too late
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then
  return {0, now}
end
if now >= tonumber(ARGV[6]) then
  return {2, now}
end

local ends = 0
local deadline = now + ARGV[3]
if tonumber(ARGV[4]) > 0 then
  ends = now + ARGV[4]
  deadline = math.min(deadline, ends)
end
redis.call('SET', KEYS[1], struct.pack('<I6I6I6I6I6I6I6', now, ends, now, deadline, now, 1, ARGV[5]) .. ARGV[2], 'PXAT', string.format('%d', deadline))
return {1, now}
