-- Forgets a session's belongings and leaves a tombstone, so that nothing is added late: after Prelude.
-- KEYS[1]  the session's tombstone; KEYS[2] its belongings
-- ARGV[2]  how long the tombstone stands, in ms
-- Returns  {1, now, the belongings}
redis.call('SET', KEYS[1], '', 'PX', ARGV[2])
local members = redis.call('ZRANGE', KEYS[2], 0, -1)
redis.call('DEL', KEYS[2])
return {1, now, members}
