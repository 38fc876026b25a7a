#!lua flags=allow-oom
-- Returns tasks of a swarm that is deregistered, or interrupted (within its grace it is still active), at most 100 a
-- call, and tells which are next.
-- Anybody may: the roster proves that it is right.
--
-- KEYS  [1]-[15] see lib/task; [16] the swarm's record  [17] its assigned hash  [18] holders  [19] credit; then the
--       hash of each task
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that a dead task is kept
--       [5] swarm  [6] ids at most in the result
--       then the ids of the tasks
-- Result  [1] OK, or HELD when the swarm still has the right to its tasks  [2] ids of tasks that it has now

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task
-- #include lib/attempt

local ms, swarm = now_ms(), ARGV[5]
local entry = redis.call('HGET', ROSTER, swarm)
local RETAINING = { initializing = true, active = true }
local record = redis.call('HMGET', KEYS[16], 'status', 'interruption')
if entry and (owner_attached(entry) or RETAINING[record[1] or '']) then
  return { 'HELD', {} }
end
-- Deregistration and goodbye give the tasks back unharmed; being lost is a failed attempt.
local counts = entry and record[2] ~= 'goodbye'
local events = channel_open({ KEYS[12], KEYS[13], KEYS[14], KEYS[15] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)

for a = 7, #ARGV do
  local task = task_load(KEYS[13 + a])
  if not task or task.status ~= 'assigned' or task.swarm ~= swarm then
    redis.call('HDEL', KEYS[17], ARGV[a])
    redis.call('ZREM', LEASES, swarm .. '|' .. ARGV[a])
  else
    attempt_end(task, ms, { counts = counts, delay = 0, keep_ms = tonumber(ARGV[4]), events = events,
      reason = entry and '"swarm interrupted"' or '"swarm deregistered"', assigned = KEYS[17] })
    task_save(task)
    ledger_add(ledger.stats, 'returned', 1)
  end
end
channel_close(events)
ledger_commit()

local more = redis.call('HRANDFIELD', KEYS[17], ARGV[6])
if #more == 0 then
  redis.call('SREM', KEYS[18], swarm)
  if not entry then
    redis.call('HDEL', KEYS[19], swarm)
  end
end
return { 'OK', more }
