-- Revives a dead task: its failures are counted anew, its attempts go on.
--
-- KEYS  [1]-[21] see lib/task
-- ARGV  [1] task id  [2] request id, which tells a repetition
-- Result  [1] OK, NOT_FOUND or FAILED_PRECONDITION  [2] the task's status

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task
-- #include lib/decision

local record = redis.call('HGET', TASKS, ARGV[1])
local task = task_parse(ARGV[1], record)
if not task then
  return { 'NOT_FOUND' }
end
local request = 'retry ' .. ARGV[2]
if redis.call('HGET', DETAILS, task.id .. '|a') == request then
  return { 'OK', 'pending' }
end
if not decision_retry(task, record, request) then
  return { 'FAILED_PRECONDITION', task.status == 'delayed' and 'pending' or task.status }
end
ledger_commit()
return { 'OK', 'pending' }
