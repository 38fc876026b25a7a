#!lua flags=allow-oom
-- Accepts the failure of an attempt, or takes a task back unharmed. Repeated while no later attempt has begun, it
-- gets the same answer.
--
-- KEYS  [1]-[21] see lib/task; [22] the swarm's record
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that a dead task is kept
--       [5] task id  [6] swarm  [7] its incarnation ('0': administrator)  [8] attempt  [9] 'fail' or 'release'
--       [10] error (JSON)  [11] reason, a JSON string  [12] 1 when it may be tried again  [13] delay ms, '' by default
-- Result  [1] OK, NOT_FOUND (the task), SWARM_NOT_FOUND, or FENCED  [2] the task's status
--         [3] when it has ended, the bytes that ended tasks take

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task
-- #include lib/attempt

local id, swarm, attempt, kind = ARGV[5], ARGV[6], ARGV[8], ARGV[9]
local task = task_load(id)
if not task then
  return { 'NOT_FOUND' }
end
local answered = kind .. ':' .. attempt .. ':' .. swarm
if task.status ~= 'assigned' and task.attempt == attempt and redis.call('HGET', DETAILS, id .. '|a') == answered then
  return { 'OK', task.status == 'delayed' and 'pending' or task.status, 0 }
end
local owner = owner_check(redis.call('HGET', ROSTER, swarm), ARGV[7])
if owner ~= 'OK' then
  return { owner == 'NOT_FOUND' and 'SWARM_NOT_FOUND' or owner }
end
if task.status ~= 'assigned' or task.swarm ~= swarm or task.attempt ~= attempt then
  return { 'FENCED' }
end

local events = channel_open({ KEYS[17], KEYS[18], KEYS[19], KEYS[20] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, MS)
local failed = kind == 'fail'
if failed then
  task_detail(task, 'e', ARGV[10])
end
local status = attempt_end(task, { cause = failed and 'failed' or 'released', counts = failed, final = ARGV[12] ~= '1',
  note = 'F',
  delay = failed and tonumber(ARGV[13]) or not failed and 0 or nil, reason = ARGV[11],
  keep_ms = tonumber(ARGV[4]), events = events })
ledger_detail(id, 'a', answered)
if failed then
  ledger_add(ledger.stats, 'failed', 1)
  redis.pcall('HINCRBY', KEYS[22], 'tasksFailed', 1)
end
channel_close(events)
ledger_commit()
return { 'OK', status, ledger.stats.endedBytes or 0 }
