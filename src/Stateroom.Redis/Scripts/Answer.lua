-- Answers with a text: a short one behind the time, in one piece, as a list costs Redis as much as a command does; a long one as {1, now, the text}, as putting it together
-- costs more; and where the entries in the sets of tenant, owner and topics should be renewed as {1, now, the text, absolute end or 0, the session's topics}.
if (now - indexed) * 2 > idle then
  return {1, now, text, ends, redis.call('ZRANGEBYSCORE', KEYS[2], '+inf', '+inf')}
elseif #text > 1024 then
  return {1, now, text}
end
return struct.pack('<I6', now) .. text
