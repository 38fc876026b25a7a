-- Counts tasks.
--
-- KEYS  [1]-[20] see lib/task
-- ARGV  [1] lanes at most that are searched for the oldest
-- Result  [1] names and values of the counters  [2] assignable  [3] delayed  [4] assigned  [5] lanes
--         [6] age of the oldest assignable, ms, 0 when there is none

-- #include lib/time

local us, oldest = now_us(), nil
local lanes = redis.call('HKEYS', KEYS[6])
for i = 1, math.min(#lanes, tonumber(ARGV[1])) do
  local head = redis.call('ZRANGEBYLEX', KEYS[5], '[' .. lanes[i] .. '|', '(' .. lanes[i] .. '}', 'LIMIT', 0, 1)[1]
  local at = head and tonumber(string.match(head, '|(%d+)|'))
  if at and (not oldest or at < oldest) then
    oldest = at
  end
end
return { redis.call('HGETALL', KEYS[13]), redis.call('ZCARD', KEYS[5]), redis.call('ZCARD', KEYS[7]),
  redis.call('ZCARD', KEYS[8]), #lanes, oldest and math.max(0, math.floor((us - oldest) / 1000)) or 0 }
