#!lua flags=allow-oom
-- Returns tasks whose lease is over, at most 100 a call, and tells which are next; by the leader alone.
--
-- KEYS  [1]-[15] see lib/task; then for each task two: its hash, the swarm's assigned hash
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] epoch  [5] ms that a dead task is kept
--       [6] prefix of the nodes' signal channels  [7] members at most in the result
--       then for each task two: swarm, task id
-- Result  [1] OK or FENCED  [2] members of leases that are over now  [3] ms until the next after these is, or -1

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/leader
-- #include lib/task
-- #include lib/attempt

if leader_check(KEYS[10], KEYS[11], ARGV[4]) ~= 'OK' then
  return { 'FENCED' }
end
local ms = now_ms()
local events = channel_open({ KEYS[12], KEYS[13], KEYS[14], KEYS[15] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)

local function expire(swarm, id, key, assigned)
  local deadline = redis.call('ZSCORE', LEASES, swarm .. '|' .. id)
  if not deadline or tonumber(deadline) > ms then
    return
  end
  local task = task_load(key)
  if not task or task.status ~= 'assigned' or task.swarm ~= swarm then
    redis.call('ZREM', LEASES, swarm .. '|' .. id)
    return
  end
  ledger_revoked(redis.call('HGET', ROSTER, swarm), ARGV[6], task, swarm, 'lease expired')
  attempt_end(task, ms, { counts = true, delay = 0, reason = '"lease expired"', keep_ms = tonumber(ARGV[5]),
    events = events, assigned = assigned })
  task_save(task)
  ledger_add(ledger.stats, 'expired', 1)
end

for a = 8, #ARGV, 2 do
  expire(ARGV[a], ARGV[a + 1], KEYS[12 + a - 4], KEYS[12 + a - 3])
end
channel_close(events)
ledger_commit()

local over = redis.call('ZRANGEBYSCORE', LEASES, '-inf', int(ms), 'LIMIT', 0, ARGV[7])
local next_ = redis.call('ZRANGEBYSCORE', LEASES, '(' .. int(ms), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
return { 'OK', over, next_[2] and tonumber(next_[2]) - ms or -1 }
