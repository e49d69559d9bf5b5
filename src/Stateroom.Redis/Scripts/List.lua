-- Lists a set: after Prelude.
-- KEYS[1]  the set
-- Returns  {1, now, its members}
return {1, now, redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')}
