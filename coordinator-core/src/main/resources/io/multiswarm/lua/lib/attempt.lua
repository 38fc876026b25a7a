-- lib/attempt: how an attempt ends that completed nothing. Needs lib/task.
--
-- An attempt that counts brings the task nearer to its end; one that does not (release, deregistration,
-- goodbye) gives it back unharmed.

-- Of a task's last attempts that ended so, the detail h keeps what its next worker is told: a line each, the newest first,
-- {"attempt":…,"swarmId":…,"reason":…,"progress":…}; without a progress that is long, or that the attempt did not tell.
-- What completions brought that came too late is the detail l: a line each, the newest first,
-- '<attempt> <swarm> <ms> <result, JSON>', where nothing stands for a result that is long.

local FIRST_DELAY, LONGEST_DELAY = 500, 60000
local MOST_TOLD, LONGEST_PROGRESS = 3, 16384
local MOST_LATE, LONGEST_LATE = 5, 65536

-- Bytes of what was read and written here: each is copied several times, as those of records are.
local attempt_bytes = 0

-- Whether the others of a batch are to be left to the next call.
local function attempt_full()
  return attempt_bytes > RECORDS_BYTES
end

-- A new first line before the first of the others, so that there are so many at most.
local function attempt_lines(line, others, most)
  local lines = { line }
  for other in string.gmatch(others, '[^\n]+') do
    if #lines < most then
      lines[#lines + 1] = other
    end
  end
  return table.concat(lines, '\n')
end

-- Notes for the next worker how the current attempt ended.
local function attempt_remember(task, cause)
  local field, told = task.id .. '|p', ''
  if redis.call('HSTRLEN', DETAILS, field) <= #task.attempt + 1 + LONGEST_PROGRESS then
    local of, progress = match(redis.call('HGET', DETAILS, field) or '', '^(%d+) (.*)$')
    told = of == task.attempt and ',"progress":' .. progress or ''
  end
  local before = redis.call('HGET', DETAILS, task.id .. '|h') or ''
  local lines = attempt_lines('{"attempt":' .. task.attempt .. ',"swarmId":"' .. task.swarm .. '","reason":"' .. cause .. '"'
    .. told .. '}', before, MOST_TOLD)
  attempt_bytes = attempt_bytes + #before + #lines
  task_detail(task, 'h', lines)
end

-- The record of a task, ended or not, whose details take so many bytes more, which are counted.
local function attempt_grown(id, record, more)
  local status, from, bytes, rest = match(record, '^(%a+):%d+:[^:]*:%d+:%d+:%d+:%d+:()(%d+)()')
  local grown = sub(record, 1, from - 1) .. int(bytes + more) .. sub(record, rest)
  if status == 'completed' or status == 'dead' or status == 'cancelled' then
    ledger_add(ledger.stats, 'endedBytes', more + #grown - #record)
  else
    ledger_add(ledger.stats, 'queueBytes', more)
  end
  ledger_record(id, grown)
  return grown
end

-- Keeps what an attempt gave that is over, if it ever was that swarm's; once an attempt. A batch may name a task twice.
-- An id's '-' and '.' mean something in patterns.
local function attempt_keep_late(id, records, attempt, swarm, value)
  local record = records[id]
  local had = '\n%a%d+ ' .. attempt .. ' ' .. string.gsub(swarm, '[-.]', '%%%0') .. ' '
  if not find(record, had) then
    return
  end
  local late = redis.call('HGET', DETAILS, id .. '|l') or ''
  attempt_bytes = attempt_bytes + #late
  if find('\n' .. late, '\n' .. attempt .. ' ', 1, true) then
    return
  end
  local lines = attempt_lines(attempt .. ' ' .. swarm .. ' ' .. AT .. ' ' .. (#value <= LONGEST_LATE and value or ''), late,
    MOST_LATE)
  redis.call('HSET', DETAILS, id .. '|l', lines)
  records[id] = attempt_grown(id, record, #lines - #late)
  attempt_bytes = attempt_bytes + #lines
end

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
--   options: cause (failed, lease_expired, swarm_lost, released or deregistered), counts, final (no further attempt),
--            delay (ms; nil: by the number of failures), reason (JSON text),
--            note (letter for the history when it counts, or nil), keep_ms (how long a dead task is kept),
--            events (opened channel)
-- Returns the status that follows, as users know it.
local function attempt_end(task, options)
  ledger_unassign(task.id, task.attempt, task.swarm)
  attempt_remember(task, options.cause)
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
  ledger_waits(label_principal(task.label), 1)
  task_save(task)
  return 'pending'
end
