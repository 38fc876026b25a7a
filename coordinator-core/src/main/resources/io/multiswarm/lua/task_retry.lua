-- Revives a dead task: its failures are counted anew, its attempts go on.
--
-- KEYS  [1]-[20] see lib/task
-- ARGV  [1] task id  [2] request id, which tells a repetition
-- Result  [1] OK, NOT_FOUND or FAILED_PRECONDITION  [2] the task's status

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local record = redis.call('HGET', TASKS, ARGV[1])
local task = task_parse(ARGV[1], record)
if not task then
  return { 'NOT_FOUND' }
end
local request, answered = 'retry ' .. ARGV[2], task.id .. '|a'
if redis.call('HGET', DETAILS, answered) == request then
  return { 'OK', 'pending' }
end
if task.status ~= 'dead' then
  return { 'FAILED_PRECONDITION', task.status == 'delayed' and 'pending' or task.status }
end
ledger_add(ledger.stats, 'endedBytes', -ended_weight(record, task.bytes))
task.bytes = task.bytes - redis.call('HSTRLEN', DETAILS, task.id .. '|e')
ledger_add(ledger.stats, 'queueBytes', QUEUED_BYTES + task.bytes)
task.status, task.failures, task.swarm, task.due = 'pending', 0, '', '0'
task_note(task, 'P', '"retried"')
redis.call('HDEL', DETAILS, task.id .. '|e')
ledger_detail(task.id, 'a', request)
ledger_pend(task.id, task.attempt, task.from, task.place, 0)
task_save(task)
ledger_commit()
return { 'OK', 'pending' }
