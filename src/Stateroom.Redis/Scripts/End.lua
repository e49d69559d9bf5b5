-- Ends a session and leaves a tombstone, so that nothing late brings it back: after Session.
-- KEYS[4]  the tombstone
-- ARGV[3]  how long the tombstone stands, in ms
-- Returns  {1, now}
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[4], '', 'PX', ARGV[3])
return {1, now}
