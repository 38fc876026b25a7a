-- Reads what tells why a task is where it is.
--
-- KEYS  [1] tasks  [2] pending  [3] delayed (see lib/task)  [4] paused (set: ids of the swarms that are given no tasks,
--       '*' for all)  [5] leader (string)
-- ARGV  [1] task id
-- Result  [1] the record, nil when there is none  [2] 1 when the fleet is paused  [3] 1 when there is a leader
--         [4] ms until it may be assigned, or until its lease is over; 0 for all others
--         [5] assignable tasks of its lane before it  [6] of higher priorities

-- #include lib/time

local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record then
  return { false }
end
local status, due, place = string.match(record, '^(%a+):%d+:[^:]*:(%d+):%d+:%d+:%d+:%d+:[^:]*:(%S+)')
local lane, priority = string.match(place or '', '^([^|]*)|'), string.match(place or '', '^(%d+):')
local left, earlier, higher = 0, 0, 0
if status == 'delayed' then
  due = redis.call('ZSCORE', KEYS[3], place) or 0
end
if status == 'delayed' or status == 'assigned' then
  left = math.max(0, math.floor(tonumber(due) - now_ms()))
end
if status == 'pending' then
  earlier = redis.call('ZLEXCOUNT', KEYS[2], '[' .. lane .. '|', '(' .. place)
  higher = redis.call('ZLEXCOUNT', KEYS[2], '-', '(' .. priority .. ':')
end
return { record, redis.call('SISMEMBER', KEYS[4], '*'), redis.call('EXISTS', KEYS[5]), left, earlier, higher }
