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
local middle = event_middle(AT, 'task', 'task_completed') .. '{"taskId":"'
local completed, result, ended = {}, {}, ledger.ended

local ids, swarms = {}, {}
for a = 5, #ARGV, 5 do
  ids[#ids + 1], swarms[#swarms + 1] = ARGV[a], ARGV[a + 1]
end
local entries = redis.call('HMGET', ROSTER, unpack(swarms))
local records = task_records(ids)

-- from: who submitted the task; rest: of the record, from the failures on
local function complete(id, swarm, attempt, from, rest, value)
  local record = task_bounded('completed:' .. attempt .. ':' .. swarm .. ':' .. kept .. rest
    .. '\nC' .. AT .. ' ' .. attempt .. ' ' .. swarm .. ' ')
  records[id] = record
  ledger_record(id, record)
  ledger_unassign(id, attempt, swarm)
  ended[#ended + 1] = id
  ledger_moved(id, 'C', attempt, swarm, from, '-')
  if value ~= 'null' then
    ledger_detail(id, 'r', value)
  end
  local small = #value <= SMALL_RESULT
  channel_append_new(events, event_id() .. swarm .. middle .. id .. '","swarmId":"' .. swarm .. '","attempt":' .. attempt
    .. (small and ',"status":"completed","result":' or ',"status":"completed"') .. (small and value or '') .. '}' .. EVENT_END)
end

for i, id in ipairs(ids) do
  local a, record = 5 * i, records[id]
  local swarm, attempt, incarnation = swarms[i], ARGV[a + 3], ARGV[a + 2]
  local status, current, holder, at, from = match(record or '', '^(%a+):(%d+):([^:]*):%d+():%d+:%d+:%d+:([^:]*)')
  local holds = current == attempt and holder == swarm
  if not status then
    result[i] = 'NOT_FOUND'
  elseif holds and status == 'completed' then
    result[i] = 'OK'
  else
    local owner = owner_check(entries[i], incarnation)
    if owner ~= 'OK' then
      result[i] = owner == 'NOT_FOUND' and 'SWARM_NOT_FOUND' or owner
    elseif not holds or status ~= 'assigned' then
      result[i] = 'FENCED'
    else
      complete(id, swarm, attempt, from, sub(record, at), ARGV[a + 4])
      ledger_add(completed, KEYS[20 + i], 1)
      result[i] = 'OK'
    end
  end
end

channel_close(events)
if #ended > 0 then
  ledger.stats.completed = #ended
  table.insert(ended, 1, kept)
end
ledger_commit()
for record, n in pairs(completed) do
  redis.call('HINCRBY', record, 'tasksCompleted', n)
end
return result
