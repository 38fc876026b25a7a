#!lua flags=allow-oom
-- Accepts a batch of completions. One that was accepted before gets the same answer.
--
-- KEYS  [1]-[20] see lib/task; then for each completion the swarm's record
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that the task is kept
--       then for each completion five: task id, swarm, its incarnation ('0': administrator), attempt, result (JSON)
-- Result  one for each: OK, NOT_FOUND (the task), SWARM_NOT_FOUND, or FENCED

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task

local kept = int(MS + ARGV[4])
local events = channel_open({ KEYS[17], KEYS[18], KEYS[19], KEYS[20] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, MS)
local SMALL_RESULT = 1024
local completed, result = {}, {}

local ids, swarms = {}, {}
for a = 5, #ARGV, 5 do
  ids[#ids + 1], swarms[#swarms + 1] = ARGV[a], ARGV[a + 1]
end
local entries = redis.call('HMGET', ROSTER, unpack(swarms))
local records = task_records(ids)

-- rest: of the record, from the failures on
local function complete(id, swarm, attempt, rest, value)
  local record = task_bounded('completed:' .. attempt .. ':' .. swarm .. ':' .. kept .. rest
    .. task_line('C', attempt, swarm, ''))
  records[id] = record
  ledger_record(id, record)
  ledger_unassign(id, attempt, swarm)
  ledger.ended[1] = kept
  ledger.ended[#ledger.ended + 1] = id
  ledger_moved(id, 'C', attempt, swarm, match(rest, '^:%d+:%d+:%d+:([^:]*)'), '-')
  local data = '{"taskId":"' .. id .. '","swarmId":"' .. swarm .. '","attempt":' .. attempt .. ',"status":"completed"'
  if value ~= 'null' then
    ledger_detail(id, 'r', value)
  end
  event_append(events, 'task', swarm, 'task_completed',
    #value <= SMALL_RESULT and data .. ',"result":' .. value .. '}' or data .. '}')
end

for i, id in ipairs(ids) do
  local a = 5 * i
  local swarm, attempt, record = swarms[i], ARGV[a + 3], records[id]
  local token = ':' .. attempt .. ':' .. swarm .. ':'
  if not record then
    result[i] = 'NOT_FOUND'
  elseif sub(record, 1, 9 + #token) == 'completed' .. token then
    result[i] = 'OK'
  else
    local owner = owner_check(entries[i], ARGV[a + 2])
    if owner ~= 'OK' then
      result[i] = owner == 'NOT_FOUND' and 'SWARM_NOT_FOUND' or owner
    elseif sub(record, 1, 8 + #token) ~= 'assigned' .. token then
      result[i] = 'FENCED'
    else
      complete(id, swarm, attempt, sub(record, (find(record, ':', 9 + #token, true))), ARGV[a + 4])
      ledger_add(completed, KEYS[20 + i], 1)
      result[i] = 'OK'
    end
  end
end

channel_close(events)
if #ledger.ended > 0 then
  ledger.stats.completed = #ledger.ended - 1
end
ledger_commit()
for record, n in pairs(completed) do
  redis.call('HINCRBY', record, 'tasksCompleted', n)
end
return result
