-- The least that assigning tasks can be: from pending to assigned, and word to each swarm of all that it is given.
-- KEYS[1]-[3] as of bare_submit
-- KEYS[4]     set: the tasks that are assigned
-- KEYS[4+i]   stream: what swarm i was given, the last 1000 messages or so
-- ARGV[1]     how many tasks in all
-- ARGV        then three for each swarm: its id, its channel, how many tasks
-- A message has two lines for each task: '<task> <attempt>', and its JSON.
-- Result: how many tasks were assigned; when there were too few, the last swarms got less
local popped = redis.call('ZPOPMIN', KEYS[3], ARGV[1])
if #popped == 0 then
  return 0
end
local ids = {}
for i = 1, #popped, 2 do
  ids[#ids + 1] = popped[i]
end
local records = redis.call('HMGET', KEYS[1], unpack(ids))
local specs = redis.call('HMGET', KEYS[2], unpack(ids))
local written, given = {}, 0
for i = 1, #KEYS - 4 do
  local swarm, lines = ARGV[3 * i - 1], {}
  for n = given + 1, math.min(given + ARGV[3 * i + 1], #ids) do
    local id, attempt = ids[n], string.match(records[n], '^pending:(%d+)') + 1
    written[2 * n - 1] = id
    written[2 * n] = 'assigned:' .. attempt .. ':' .. swarm
    lines[#lines + 1] = id .. ' ' .. attempt
    lines[#lines + 1] = specs[n]
    given = n
  end
  if #lines > 0 then
    local message = table.concat(lines, '\n')
    redis.call('XADD', KEYS[4 + i], 'MAXLEN', '~', 1000, '*', 'm', message)
    redis.call('PUBLISH', ARGV[3 * i], message)
  end
end
redis.call('HSET', KEYS[1], unpack(written))
redis.call('SADD', KEYS[4], unpack(ids))
return given
