-- Notes that the entries of a session were renewed: after Session. Slides no deadline.
-- Returns  {1, now}
indexed = now
redis.call('SETRANGE', KEYS[1], 0, times())
return {1, now}
