-- Follows Prelude in the scripts that work on one session: finds it if it is the caller's and alive.
-- KEYS[1]  the session; KEYS[2] its belongings; KEYS[3] its general stream
-- ARGV[2]  the idle timeout and how long an open stream is kept, in ms, as integers of six bytes; then who: the session's format, flags, tenant and owner, which ends itself.
--          In one piece, as each argument costs Redis a part of what a command does
-- Returns  {0, now} if there is no such session of that caller; {-2, now} if a newer version of the format holds it
local idle, keep = struct.unpack('<I6I6', ARGV[2])
local who = string.sub(ARGV[2], 13)
local session = redis.call('GET', KEYS[1]) or ''
local found = string.sub(session, 43, 42 + #who)
if found ~= who then
  if #found > 0 and string.sub(found, 2) == string.sub(who, 2) then
    return {-2, now}
  end
  return {0, now}
end
local ends, used, deadline, indexed, version, bytes = struct.unpack('<I6I6I6I6I6I6', session, 7)
if deadline <= now then
  return {0, now}
end
