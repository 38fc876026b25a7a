#!lua flags=allow-oom
-- Cancels a task that has not ended.
--
-- KEYS  [1]-[15] see lib/task; [16] the task's hash  [17] assigned hash of the swarm that is expected to have it
-- ARGV  [1] ms that the task is kept  [2] prefix of the nodes' signal channels  [3] that swarm, '' for none
--       [4] reason, a JSON string, or ''
-- Result  [1] OK, NOT_FOUND, or HOLDER when another swarm has it
--         [2] OK: 1 when it is cancelled, now or before, 0 when it had ended; HOLDER: that swarm, '' for none

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local ms = now_ms()
local task = task_load(KEYS[16])
if not task then
  return { 'NOT_FOUND' }
end
if task.status ~= 'pending' and task.status ~= 'assigned' then
  return { 'OK', task.status == 'cancelled' and 1 or 0 }
end
if task.swarm ~= ARGV[3] then
  return { 'HOLDER', task.swarm }
end
if task.status == 'assigned' then
  ledger_revoked(redis.call('HGET', ROSTER, task.swarm), ARGV[2], task, task.swarm, 'cancelled')
  ledger_unassign(task, task.swarm, KEYS[17])
elseif redis.call('ZSCORE', PENDING, task.place) then
  ledger.unpend[1] = task.place
  ledger_add(ledger.lanes, place_lane(task.place), -1)
else
  ledger.undelay[1] = task.place
end
task.status = 'cancelled'
task_note(task, ms, 'cancelled', ARGV[4] ~= '' and ARGV[4] or nil)
task_save(task)
ledger_end(task, ms + ARGV[1])
ledger_commit()
return { 'OK', 1 }
