-- Counts tasks.
--
-- KEYS  [1]-[15] see lib/task
-- ARGV  [1] lanes at most that are searched for the oldest
-- Result  [1] names and values of the counters  [2] assignable  [3] delayed  [4] assigned  [5] lanes
--         [6] age of the oldest assignable, ms, 0 when there is none

-- #include lib/time

local us, oldest = now_us(), nil
local lanes = redis.call('HKEYS', KEYS[3])
for i = 1, math.min(#lanes, tonumber(ARGV[1])) do
  local head = redis.call('ZRANGEBYLEX', KEYS[2], '[' .. lanes[i] .. '|', '(' .. lanes[i] .. '}', 'LIMIT', 0, 1)[1]
  local at = head and tonumber(string.match(head, '|(%d+)|'))
  if at and (not oldest or at < oldest) then
    oldest = at
  end
end
return { redis.call('HGETALL', KEYS[8]), redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[4]),
  redis.call('ZCARD', KEYS[5]), #lanes, oldest and math.max(0, math.floor((us - oldest) / 1000)) or 0 }
