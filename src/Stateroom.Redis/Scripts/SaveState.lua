-- Saves what WriteState put together: after Slide, before Answer.
-- Returns  the entry's version, 0 if taken away, in six bytes
local times = string.sub(session, 1, 12) .. struct.pack('<I6I6I6I6I6', used, deadline, indexed, version, bytes)
redis.call('SET', KEYS[1], times .. string.sub(session, 43, from - 1) .. entry .. string.sub(session, to), 'PXAT', string.format('%d', deadline))
local text = struct.pack('<I6', current)
