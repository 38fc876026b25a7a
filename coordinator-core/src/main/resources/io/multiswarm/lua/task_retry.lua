-- Revives a dead task: its failures are counted anew, its attempts go on.
--
-- KEYS  [1]-[15] see lib/task; [16] the task's hash
-- ARGV  none
-- Result  [1] OK, NOT_FOUND or FAILED_PRECONDITION  [2] the task's status

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local task = task_load(KEYS[16])
if not task then
  return { 'NOT_FOUND' }
end
if task.status ~= 'dead' then
  return { 'FAILED_PRECONDITION', task.status }
end
local ms = now_ms()
task.status, task.failures, task.swarm = 'pending', 0, ''
task_note(task, ms, 'pending', '"retried"')
redis.call('ZREM', ENDED, task.id)
redis.call('HDEL', task.key, 'error', 'answer')
task_save(task)
ledger_pend(task, ms, 0)
ledger_commit()
return { 'OK', 'pending' }
