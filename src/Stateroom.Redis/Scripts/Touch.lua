-- Looks a session up and slides its deadline: after Session.
-- Returns  {1, now, absolute end or 0, whether its entries are due, its topics if so, the session as it was before this use}
slide()
redis.call('SETRANGE', KEYS[1], 0, times())
redis.call('PEXPIREAT', KEYS[1], deadline)
local renew, topics = due()
return {1, now, ends, renew, topics, session}
