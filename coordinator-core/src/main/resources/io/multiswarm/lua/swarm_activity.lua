-- Adds what swarms did on one node since the last call, at most 50 swarms a call.
--
-- KEYS  [1]-[17] see lib/registry; [18] memo of the node (string: number of its last call, TTL an hour)
--       then for each swarm two: record, view
-- ARGV  [1] TTL, ms  [2] number of this call, which tells a repetition
--       then for each swarm five: id, tasks completed, tasks failed, messages sent, errors
-- Result  [1] 1 when added, 0 for a repetition

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry

local MEMO_TTL_MS = 3600 * 1000

if redis.call('GET', KEYS[18]) == ARGV[2] then
  return { 0 }
end
redis.call('SET', KEYS[18], ARGV[2], 'PX', int(MEMO_TTL_MS))

local ms = now_ms()
for i = 1, (#ARGV - 2) / 5 do
  local a, record = 5 * i - 2, KEYS[17 + 2 * i]
  local swarm = redis.call('HEXISTS', KEYS[1], ARGV[a]) == 1 and swarm_load(record)
  if swarm then
    swarm.tasksCompleted = int(swarm.tasksCompleted + ARGV[a + 1])
    swarm.tasksFailed = int(swarm.tasksFailed + ARGV[a + 2])
    swarm.messagesSent = int(swarm.messagesSent + ARGV[a + 3])
    swarm.errors = int(swarm.errors + ARGV[a + 4])
    swarm.lastActivity = int(ms)
    swarm_save(record, KEYS[18 + 2 * i], swarm, tonumber(ARGV[1]))
  end
end
return { 1 }
