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
    '{"taskId":"' .. task.id .. '","attempts":' .. int(task.attempt) .. ',"failures":' .. int(task.failures)
    .. ',"reason":' .. reason .. '}')
end

-- The swarm has failed, or was lost with, the task's current attempt.
--   options: counts, final (no further attempt), delay (ms; nil: by the number of failures), reason (JSON text),
--            note (word for the history when it counts: 'failed', or nil), keep_ms (how long a dead task is kept),
--            events (opened channel), assigned (key)
-- Returns the new status. The caller saves the task.
local function attempt_end(task, ms, options)
  ledger_unassign(task, task.swarm, options.assigned)
  if options.counts then
    task.failures = task.failures + 1
    if options.note then
      task_note(task, ms, options.note, options.reason)
    end
  end
  if options.counts and (options.final or task.failures >= tonumber(task.most)) then
    task.status = 'dead'
    task_note(task, ms, 'dead', options.reason)
    ledger_end(task, ms + options.keep_ms)
    attempt_announce_death(options.events, task, options.reason)
    return 'dead'
  end
  local delay = options.delay or attempt_delay(task.failures)
  task.status = 'pending'
  task.swarm = ''
  task_note(task, ms, 'pending', options.reason)
  ledger_pend(task, ms, delay)
  return 'pending'
end
