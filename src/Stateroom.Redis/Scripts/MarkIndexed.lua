-- Notes that the entries of a session were renewed: after Session. Slides no deadline.
-- Returns  {1, now}
indexed = now
save()
return {1, now}
