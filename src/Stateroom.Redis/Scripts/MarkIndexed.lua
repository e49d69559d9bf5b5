-- Notes that the entries of a session were renewed: after Session. Slides no deadline.
-- Returns  {1, now}
redis.call('HSET', KEYS[1], 't', struct.pack('<ddddddd', created, ends, used, deadline, now, version, bytes))
return {1, now}
