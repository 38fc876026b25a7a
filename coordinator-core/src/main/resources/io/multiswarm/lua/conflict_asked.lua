-- Tells which of some swarms are asked to vote and have not voted, at most 1000 a call.
--
-- KEYS  [1] conflict  [2] electorate (see lib/conflict)
-- ARGV  the swarms
-- Result  'OPEN', type (JSON), a, b, ms left, swarms;  or 'ENDED'

-- #include lib/time

local c = redis.call('HMGET', KEYS[1], 'type', 'a', 'b', 'deadline', 'winner')
local left = (tonumber(c[4] or 0)) - now_ms()
if c[5] or left <= 0 then
  return { 'ENDED' }
end
local asked = {}
for i, member in ipairs(redis.call('SMISMEMBER', KEYS[2], unpack(ARGV))) do
  if member == 1 and redis.call('HEXISTS', KEYS[1], 'v:' .. ARGV[i]) == 0 then
    asked[#asked + 1] = ARGV[i]
  end
end
return { 'OPEN', c[1], c[2], c[3], int(left), asked }
