-- lib/time: Redis's clock, and integers as text (Lua prints large doubles in scientific notation).

-- n: up to 2^53. Times, versions, epochs, counts and amounts are whole: sums and differences of Redis's clock, of stored
-- integers and of arguments that Java wrote as integers. Only a TTL that is a multiple of another can be a fraction, and
-- that it is cut off costs less than a millisecond. Nothing asserts it: a script that fails between two writes would do
-- more harm.
local function int(n)
  return string.format('%d', n)
end

local clock

-- The moment of the script, the same however often it asks.
local function now_us()
  if not clock then
    local t = redis.call('TIME')
    clock = t[1] * 1000000 + t[2]
  end
  return clock
end

local function now_ms()
  return math.floor(now_us() / 1000)
end

-- The next identity that Redis counts: an incarnation, an epoch, a token. Nodes remember by it what happened, so that
-- it must not come again when Redis lost data. A counter alone goes back then, and the clock alone when it is set back.
-- last: the one before, as text or number.
local function next_identity(last)
  return int(math.max(last + 1, now_ms()))
end
