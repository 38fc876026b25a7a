#!lua flags=allow-oom
-- Accepts a batch of completions. One that was accepted before gets the same answer.
--
-- KEYS  [1]-[15] see lib/task; then for each completion three: the task's hash, the swarm's assigned hash, its record
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that the task is kept
--       then for each completion five: task id, swarm, its incarnation ('0': administrator), attempt, result (JSON)
-- Result  one for each: OK, NOT_FOUND (the task), SWARM_NOT_FOUND, or FENCED

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task

local ms, keep = now_ms(), tonumber(ARGV[4])
local events = channel_open({ KEYS[12], KEYS[13], KEYS[14], KEYS[15] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
local SMALL_RESULT = 1024
local completed, result = {}, {}

local swarms = {}
for a = 5, #ARGV, 5 do
  swarms[#swarms + 1] = ARGV[a + 1]
end
local entries = redis.call('HMGET', ROSTER, unpack(swarms))

local function verdict(task, entry, swarm, incarnation, attempt)
  if not task then
    return 'NOT_FOUND'
  end
  local current = task.swarm == swarm and task.attempt == attempt
  if current and task.status == 'completed' then
    return 'AGAIN'
  end
  local owner = owner_check(entry, incarnation)
  if owner ~= 'OK' then
    return owner == 'NOT_FOUND' and 'SWARM_NOT_FOUND' or owner
  end
  return current and task.status == 'assigned' and 'OK' or 'FENCED'
end

local function complete(task, assigned, record, value)
  task.status = 'completed'
  task_note(task, ms, 'completed')
  task_save(task, 'result', value)
  ledger_unassign(task, task.swarm, assigned)
  ledger_end(task, ms + keep)
  ledger_add(completed, record, 1)
  event_append(events, 'task', task.swarm, 'task_completed', '{"taskId":"' .. task.id .. '","swarmId":"'
    .. task.swarm .. '","attempt":' .. int(task.attempt) .. ',"status":"completed"'
    .. (#value <= SMALL_RESULT and ',"result":' .. value or '') .. '}')
end

for a = 5, #ARGV, 5 do
  local i = (a - 5) / 5
  local task = task_load(KEYS[16 + 3 * i])
  local answer = verdict(task, entries[i + 1], ARGV[a + 1], ARGV[a + 2], tonumber(ARGV[a + 3]))
  if answer == 'OK' then
    complete(task, KEYS[17 + 3 * i], KEYS[18 + 3 * i], ARGV[a + 4])
  end
  result[i + 1] = answer == 'AGAIN' and 'OK' or answer
end

channel_close(events)
ledger_commit()
for record, n in pairs(completed) do
  redis.call('HINCRBY', record, 'tasksCompleted', n)
end
return result
