#!lua flags=allow-oom
-- Cancels a task that has not ended.
--
-- KEYS  [1]-[20] see lib/task
-- ARGV  [1] ms that the task is kept  [2] prefix of the nodes' signal channels  [3] task id
--       [4] reason, a JSON string, or ''
-- Result  [1] OK or NOT_FOUND  [2] 1 when it is cancelled, now or before, 0 when it had ended
--         [3] when it is cancelled now, the bytes that ended tasks take

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local task = task_load(ARGV[3])
if not task then
  return { 'NOT_FOUND' }
end
if task.status == 'assigned' then
  ledger_revoked(ARGV[2], task, 'cancelled')
  ledger_unassign(task.id, task.attempt, task.swarm)
elseif task.status == 'pending' then
  ledger.unpend[1] = task.place
  ledger_add(ledger.lanes, place_lane(task.place), -1)
elseif task.status == 'delayed' then
  ledger.undelay[1] = task.place
else
  return { 'OK', task.status == 'cancelled' and 1 or 0, 0 }
end
task.status = 'cancelled'
task_note(task, 'X', ARGV[4])
ledger_end(task, MS + ARGV[1])
task_save(task)
ledger_commit()
return { 'OK', 1, ledger.stats.endedBytes }
