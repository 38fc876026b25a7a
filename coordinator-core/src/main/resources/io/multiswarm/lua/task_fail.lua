#!lua flags=allow-oom
-- Accepts the failure of an attempt, or takes a task back unharmed. Repeated while no later attempt has begun, it
-- gets the same answer.
--
-- KEYS  [1]-[15] see lib/task; [16] the task's hash  [17] the swarm's assigned hash  [18] its record
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that a dead task is kept
--       [5] swarm  [6] its incarnation ('0': administrator)  [7] attempt  [8] 'fail' or 'release'
--       [9] error (JSON)  [10] reason, a JSON string  [11] 1 when it may be tried again  [12] delay ms, '' by default
-- Result  [1] OK, NOT_FOUND (the task), SWARM_NOT_FOUND, or FENCED  [2] the task's status

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task
-- #include lib/attempt

local ms, kind = now_ms(), ARGV[8]
local task = task_load(KEYS[16])
if not task then
  return { 'NOT_FOUND' }
end
local answered = kind .. ':' .. ARGV[7] .. ':' .. ARGV[5]
if task.status ~= 'assigned' and task.attempt == tonumber(ARGV[7])
    and redis.call('HGET', KEYS[16], 'answer') == answered then
  return { 'OK', task.status }
end
local owner = owner_check(redis.call('HGET', ROSTER, ARGV[5]), ARGV[6])
if owner ~= 'OK' then
  return { owner == 'NOT_FOUND' and 'SWARM_NOT_FOUND' or owner }
end
if task.status ~= 'assigned' or task.swarm ~= ARGV[5] or task.attempt ~= tonumber(ARGV[7]) then
  return { 'FENCED' }
end

local events = channel_open({ KEYS[12], KEYS[13], KEYS[14], KEYS[15] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
local failed = kind == 'fail'
local status = attempt_end(task, ms, { counts = failed, final = ARGV[11] ~= '1', note = 'failed',
  delay = failed and tonumber(ARGV[12]) or not failed and 0 or nil, reason = ARGV[10],
  keep_ms = tonumber(ARGV[4]), events = events, assigned = KEYS[17] })
if failed then
  task_save(task, 'answer', answered, 'error', ARGV[9])
  ledger_add(ledger.stats, 'failed', 1)
  redis.call('HINCRBY', KEYS[18], 'tasksFailed', 1)
else
  task_save(task, 'answer', answered)
end
channel_close(events)
ledger_commit()
return { 'OK', status }
