-- Looks a session up and slides its deadline: after Session.
-- Returns  {1, now, absolute end or 0, whether its entries are due, its topics if so, all fields of the hash}
use()
local renew, topics = due()
return {1, now, ends, renew, topics, redis.call('HGETALL', KEYS[1])}
