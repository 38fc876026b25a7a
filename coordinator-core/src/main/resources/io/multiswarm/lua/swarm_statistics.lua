-- Counts the registry.
--
-- KEYS  [1] metrics (hash)  [2] index (zset)
--       [3]-[8] sets of ids by status: initializing, active, recovering, interrupted, completed, failed
-- ARGV  none
-- Result  [1] swarms  [2] registered  [3] deregistered  [4] interrupted  [5] expired, since the fleet began
--         [6]-[11] swarms by status

local totals = redis.call('HMGET', KEYS[1], 'totalRegistered', 'totalDeregistered', 'totalInterrupted',
  'totalExpired')
local result = { redis.call('ZCARD', KEYS[2]) }
for i = 1, 4 do
  result[i + 1] = tonumber(totals[i] or 0)
end
for i = 3, 8 do
  result[i + 3] = redis.call('SCARD', KEYS[i])
end
return result
