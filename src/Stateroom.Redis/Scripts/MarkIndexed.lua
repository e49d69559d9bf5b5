-- Notes that the entries of a session were renewed: after Session. Slides no deadline.
-- Returns  {1, now}
redis.call('SETRANGE', KEYS[1], '24', struct.pack('<I6', now))
return {1, now}
