-- lib/attempt: how an attempt ends that completed nothing. Needs lib/task.
--
-- An attempt that counts brings the task nearer to its end; one that does not (release, deregistration,
-- goodbye) gives it back unharmed.

local FIRST_DELAY, LONGEST_DELAY = 500, 60000

local function attempt_delay(failures)
  return math.min(LONGEST_DELAY, FIRST_DELAY * 2 ^ math.min(failures - 1, 16))
end

-- Tells of a death on swarm:tasks. events: the opened channel
local function attempt_announce_death(events, task, reason)
  event_append(events, 'task', task.swarm == '' and 'system' or task.swarm, 'task_dead',
    '{"taskId":"' .. task.id .. '","attempts":' .. task.attempt .. ',"failures":' .. int(task.failures)
    .. ',"reason":' .. reason .. '}')
end

-- The swarm has failed, or was lost with, the task's current attempt. Saves the task.
--   options: counts, final (no further attempt), delay (ms; nil: by the number of failures), reason (JSON text),
--            note (letter for the history when it counts, or nil), keep_ms (how long a dead task is kept),
--            events (opened channel)
-- Returns the status that follows, as users know it.
local function attempt_end(task, options)
  ledger_unassign(task.id, task.attempt, task.swarm)
  if options.counts then
    task.failures = task.failures + 1
    if options.note then
      task_note(task, options.note, options.reason)
    end
  end
  if options.counts and (options.final or task.failures >= tonumber(task.most)) then
    task.status = 'dead'
    task_note(task, 'D', options.reason)
    ledger_end(task, MS + options.keep_ms)
    attempt_announce_death(options.events, task, options.reason)
    task_save(task)
    return 'dead'
  end
  local delay = options.delay or attempt_delay(task.failures)
  task.status, task.swarm, task.due = delay > 0 and 'delayed' or 'pending', '', '0'
  task_note(task, 'P', options.reason)
  ledger_pend(task.id, task.attempt, task.from, task.place, delay)
  task_save(task)
  return 'pending'
end
