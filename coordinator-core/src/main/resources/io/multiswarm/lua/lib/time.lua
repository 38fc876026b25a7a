-- lib/time: Redis's clock, and integers as text (Lua prints large doubles in scientific notation).

-- A fraction is cut off.
local function int(n)
  return string.format('%d', n)
end

local function now_us()
  local t = redis.call('TIME')
  return t[1] * 1000000 + t[2]
end

local function now_ms()
  return math.floor(now_us() / 1000)
end
