-- Looks a session up and slides its deadline: after Session and Slide, before Answer.
-- Returns  the session as it was before this use
redis.call('SETRANGE', KEYS[1], '12', struct.pack('<I6I6', used, deadline))
-- A number would be written as if it had a fraction, which takes as long as the command.
redis.call('PEXPIREAT', KEYS[1], string.format('%d', deadline))
local text = session
