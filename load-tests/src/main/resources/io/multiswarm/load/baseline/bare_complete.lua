-- The least that completing tasks can be: the attempt is compared, the task is taken off the swarm, and an event tells.
-- KEYS[1] hash of records, as of bare_submit
-- KEYS[2] set: the tasks that are assigned
-- KEYS[3] stream: the events, the last 1000 or so
-- ARGV[1] channel of the events
-- ARGV    then four for each completion: task, attempt, swarm, result (JSON)
-- Result: for each 1, or 0 when the swarm does not have that attempt
local ids = {}
for a = 2, #ARGV, 4 do
  ids[#ids + 1] = ARGV[a]
end
local records = {}
for i, record in ipairs(redis.call('HMGET', KEYS[1], unpack(ids))) do
  records[ids[i]] = record
end
local written, ended, results = {}, {}, {}
for i, id in ipairs(ids) do
  local a = 4 * i - 2
  local attempt, swarm, result = ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
  results[i] = 0
  if records[id] == 'assigned:' .. attempt .. ':' .. swarm then
    local record = 'completed:' .. attempt .. ':' .. swarm .. ':' .. result
    records[id] = record
    written[#written + 1] = id
    written[#written + 1] = record
    ended[#ended + 1] = id
    results[i] = 1
    local event = '{"type":"task_completed","taskId":"' .. id .. '","swarmId":"' .. swarm .. '","attempt":' .. attempt
      .. ',"result":' .. result .. '}'
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', 1000, '*', 'm', event)
    redis.call('PUBLISH', ARGV[1], event)
  end
end
if #ended > 0 then
  redis.call('HSET', KEYS[1], unpack(written))
  redis.call('SREM', KEYS[2], unpack(ended))
end
return results
