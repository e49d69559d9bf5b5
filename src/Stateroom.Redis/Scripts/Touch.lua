-- Looks a session up and slides its deadline: after Session.
-- Returns  the session as it was before this use, as Session answers
slide()
redis.call('SETRANGE', KEYS[1], '12', struct.pack('<I6I6', used, deadline))
redis.call('PEXPIREAT', KEYS[1], string.format('%d', deadline))
return answer(session)
