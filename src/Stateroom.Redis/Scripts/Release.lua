-- Gives the places of a lease back: after Prelude.
-- KEYS     the sets that they are in
-- ARGV     from ARGV[2] on the places
-- Returns  {1, now}
for _, key in ipairs(KEYS) do
  redis.call('ZREM', key, unpack(ARGV, 2))
end
return {1, now}
