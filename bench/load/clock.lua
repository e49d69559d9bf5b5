-- The time of day in seconds to the microsecond, which Lua has not. It is the clock that wrk's own timers go by.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanoseconds; } bench_time; int clock_gettime(int clock, bench_time *time);")
local time = ffi.new("bench_time")

return function()
  ffi.C.clock_gettime(0, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end
