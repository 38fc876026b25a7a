#!lua flags=allow-oom
-- Cancels a task that has not ended.
--
-- KEYS  [1]-[21] see lib/task
-- ARGV  [1] ms that the task is kept  [2] prefix of the nodes' signal channels  [3] task id
--       [4] reason, a JSON string, or ''
-- Result  [1] OK or NOT_FOUND  [2] 1 when it is cancelled, now or before, 0 when it had ended
--         [3] when it is cancelled now, the bytes that ended tasks take

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task
-- #include lib/decision

local task = task_load(ARGV[3])
if not task then
  return { 'NOT_FOUND' }
end
if decision_cancel(task, ARGV[2], tonumber(ARGV[1]), ARGV[4]) then
  ledger_commit()
end
return { 'OK', task.status == 'cancelled' and 1 or 0, ledger.stats.endedBytes or 0 }
