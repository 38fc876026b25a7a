-- Completes a task with what an attempt gave too late, in the name of that attempt's swarm. Once more, it gets the same
-- answer.
--
-- KEYS  [1]-[21] see lib/task; [22] the swarm's record
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that the task is kept
--       [5] prefix of the nodes' signal channels  [6] task id  [7] attempt  [8] its swarm, '' when none is known
-- Result  [1] OK, NOT_FOUND (the task), NO_RESULT, or FAILED_PRECONDITION when it ended otherwise  [2] its status
--         [3] when it is completed now, the bytes that ended tasks take

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local id, attempt, swarm = ARGV[6], ARGV[7], ARGV[8]
local record = redis.call('HGET', TASKS, id)
local task = task_parse(id, record)
if not task then
  return { 'NOT_FOUND' }
end
if task.status == 'completed' and match(task.notes, '\nC%d+ (%d+) %S+ "adopted"') == attempt then
  return { 'OK', 'completed', 0 }
end
if task.status == 'completed' or task.status == 'cancelled' then
  return { 'FAILED_PRECONDITION', task.status }
end
local value
for line in string.gmatch(redis.call('HGET', DETAILS, id .. '|l') or '', '[^\n]+') do
  local of, by, given = match(line, '^(%d+) (%S+) %d+ (.*)$')
  if of == attempt and by == swarm and given ~= '' then
    value = given
  end
end
if not value then
  return { 'NO_RESULT' }
end

if task.status == 'dead' then
  ledger_add(ledger.stats, 'endedBytes', -ended_weight(record, task.bytes))
else
  ledger_add(ledger.stats, 'queueBytes', -QUEUED_BYTES - task.bytes)
end
if task.status == 'assigned' then
  ledger_revoked(ARGV[5], task, 'a late result was adopted')
  ledger_unassign(id, task.attempt, task.swarm)
elseif task.status == 'pending' then
  ledger.unpend[1] = task.place
  ledger_add(ledger.lanes, place_lane(task.place), -1)
elseif task.status == 'delayed' then
  ledger.undelay[1] = task.place
end
if task.status == 'pending' or task.status == 'delayed' then
  ledger_waits(label_principal(task.label), -1)
end
task.status, task.attempt, task.swarm, task.due = 'completed', attempt, swarm, int(MS + ARGV[4])
task_note(task, 'C', '"adopted"')
task.ends = true
ledger.ended[1], ledger.ended[2] = task.due .. ':' .. AT, id
ledger.stats.completed = 1
ledger_moved(id, 'C', attempt, swarm, task.from, '-')
if value ~= 'null' then
  ledger_detail(id, 'r', value)
  task.bytes = task.bytes + #value
end
task_save(task)
ledger_commit()

local events = channel_open({ KEYS[17], KEYS[18], KEYS[19], KEYS[20] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, MS)
task_announce_completion(events, id, swarm, attempt, value)
channel_close(events)
if redis.call('EXISTS', KEYS[22]) == 1 then
  redis.pcall('HINCRBY', KEYS[22], 'tasksCompleted', 1)
end
return { 'OK', 'completed', ledger.stats.endedBytes }
