#!lua flags=allow-oom
-- Returns tasks of a swarm that is deregistered, or interrupted (within its grace it is still active), at most 100 a
-- call. Anybody may: the roster proves that it is right.
--
-- KEYS  [1]-[21] see lib/task; [22] the swarm's record  [23] credit
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that a dead task is kept
--       [5] swarm  [6] tasks at most
-- Result  [1] OK, or HELD when the swarm still has the right to its tasks  [2] how many were returned

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task
-- #include lib/attempt

local swarm = ARGV[5]
local entry = redis.call('HGET', ROSTER, swarm)
local RETAINING = { initializing = true, active = true }
local record = redis.pcall('HMGET', KEYS[22], 'status', 'interruption')
if record.err and not find(record.err, 'WRONGTYPE', 1, true) then
  return record
end
if entry and (owner_attached(entry) or RETAINING[record[1] or '']) then
  return { 'HELD', 0 }
end
-- Deregistration and goodbye give the tasks back unharmed; being lost is a failed attempt.
local counts = entry and record[2] ~= 'goodbye'
local events = channel_open({ KEYS[17], KEYS[18], KEYS[19], KEYS[20] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, MS)

local held = redis.call('ZRANGEBYLEX', ASSIGNED, '[' .. swarm .. '|', '(' .. swarm .. '}', 'LIMIT', 0, ARGV[6])
local ids = {}
for i, member in ipairs(held) do
  ids[i] = match(member, '|(.*)|%d+$') or ''
end
local records, count = task_records_some(ids)
local done = 0
for i = 1, count do
  if attempt_full() then
    break
  end
  done = i
  local id = ids[i]
  local task, attempt = task_parse(id, records[id]), match(held[i], '%d+$')
  if task and task.status == 'assigned' and task.swarm == swarm and task.attempt == attempt then
    attempt_end(task, { cause = entry and 'swarm_lost' or 'deregistered', counts = counts, delay = 0,
      keep_ms = tonumber(ARGV[4]), events = events, reason = entry and '"swarm interrupted"' or '"swarm deregistered"' })
  else
    -- Redis lost the task, or this is no assignment; the others go back all the same.
    ledger.unassign[#ledger.unassign + 1] = held[i]
    ledger_add(ledger.load, swarm, -1)
  end
end
channel_close(events)
if done > 0 then
  ledger.stats.returned = done
else
  -- Credit was that attachment's; without it nobody comes here for the swarm again.
  redis.call('HDEL', KEYS[23], swarm)
end
ledger_commit()
return { 'OK', done }
