-- lib/decision: what people decide about a task: to withdraw it, or to revive it. Needs lib/task.

-- Cancels a task that has not ended, and saves it.
--   prefix: of the nodes' signal channels; kept: ms that it is kept; reason: JSON text, or ''
-- Returns whether it did.
local function decision_cancel(task, prefix, kept, reason)
  if task.status == 'assigned' then
    ledger_revoked(prefix, task, 'cancelled')
    ledger_unassign(task.id, task.attempt, task.swarm)
  elseif task.status == 'pending' then
    ledger.unpend[#ledger.unpend + 1] = task.place
    ledger_add(ledger.lanes, place_lane(task.place), -1)
  elseif task.status == 'delayed' then
    ledger.undelay[#ledger.undelay + 1] = task.place
  else
    return false
  end
  if task.status ~= 'assigned' then
    ledger_waits(label_principal(task.label), -1)
  end
  task.status = 'cancelled'
  task_note(task, 'X', reason)
  ledger_end(task, MS + kept)
  task_save(task)
  return true
end

-- Revives a dead task, and saves it: its failures are counted anew, its attempts go on.
--   record: as it was read; request: which tells a repetition, kept with the task
-- Returns whether it did.
local function decision_retry(task, record, request)
  if task.status ~= 'dead' then
    return false
  end
  ledger_add(ledger.stats, 'endedBytes', -ended_weight(record, task.bytes))
  task.bytes = task.bytes - redis.call('HSTRLEN', DETAILS, task.id .. '|e')
  ledger_add(ledger.stats, 'queueBytes', QUEUED_BYTES + task.bytes)
  task.status, task.failures, task.swarm, task.due = 'pending', 0, '', '0'
  task_note(task, 'P', '"retried"')
  redis.call('HDEL', DETAILS, task.id .. '|e')
  ledger_detail(task.id, 'a', request)
  ledger_pend(task.id, task.attempt, task.from, task.place, 0)
  ledger_waits(label_principal(task.label), 1)
  task_save(task)
  return true
end
