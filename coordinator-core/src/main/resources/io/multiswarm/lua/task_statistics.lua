-- Counts tasks.
--
-- KEYS  [1]-[21] see lib/task; [22] paused (set: ids of the swarms that are given no tasks, '*' for all)
-- ARGV  [1] lanes at most that are searched for the oldest
-- Result  [1] names and values of the counters  [2] assignable  [3] delayed  [4] assigned  [5] lanes
--         [6] age of the oldest assignable, ms, 0 when there is none  [7] 1 when the fleet is paused

-- #include lib/time

local us, oldest = now_us(), nil

-- Some lanes, at least [1] of them where there are so many: anybody can make as many as there are tasks.
local lanes, cursor = {}, '0'
repeat
  local page = redis.call('HSCAN', KEYS[6], cursor, 'COUNT', ARGV[1])
  cursor = page[1]
  for i = 1, #page[2], 2 do
    lanes[#lanes + 1] = page[2][i]
  end
until cursor == '0' or #lanes >= tonumber(ARGV[1])

for i = 1, math.min(#lanes, tonumber(ARGV[1])) do
  local head = redis.call('ZRANGEBYLEX', KEYS[5], '[' .. lanes[i] .. '|', '(' .. lanes[i] .. '}', 'LIMIT', 0, 1)[1]
  local at = head and tonumber(string.match(head, '|(%d+)|'))
  if at and (not oldest or at < oldest) then
    oldest = at
  end
end
return { redis.call('HGETALL', KEYS[13]), redis.call('ZCARD', KEYS[5]), redis.call('ZCARD', KEYS[7]),
  redis.call('ZCARD', KEYS[8]), redis.call('HLEN', KEYS[6]),
  oldest and math.max(0, math.floor((us - oldest) / 1000)) or 0, redis.call('SISMEMBER', KEYS[22], '*') }
