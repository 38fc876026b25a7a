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
-- last: the one before, as text or number; what is no number counts as none.
local function next_identity(last)
  return int(math.max((tonumber(last) or 0) + 1, now_ms()))
end

-- The greatest score of a sorted set by time; 0 when it has none. most: what is greater is no time, and somebody else's.
local function newest_score(key, most)
  local newest = tonumber(redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')[2]) or 0
  if newest > most then
    newest = tonumber(redis.call('ZREVRANGEBYSCORE', key, int(most), '-inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]) or 0
  end
  return newest
end

-- Adds to a counter of a hash, and returns what it is then. What somebody put in its place that is no number does not
-- keep a script from its end: the counter begins anew.
local function count_add(key, field, n)
  local sum = redis.pcall('HINCRBY', key, field, n)
  if type(sum) == 'table' then
    if string.find(sum.err, 'WRONGTYPE', 1, true) then
      redis.call('DEL', key)
    end
    redis.call('HSET', key, field, n)
    return tonumber(n)
  end
  return sum
end

-- The counter of a hash; 0 where there is none.
local function count_read(key, field)
  local told = redis.pcall('HGET', key, field)
  return type(told) == 'string' and tonumber(told) or 0
end
