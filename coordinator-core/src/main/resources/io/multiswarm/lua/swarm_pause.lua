-- Pauses a swarm, or resumes it: while it is paused it is given no tasks. What it has, and its credit, is kept.
--
-- KEYS  [1]-[17] see lib/registry; [18] paused (set: ids of the swarms that are given no tasks, '*' for all)
--       [19] record  [20] view
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] id  [5] incarnation, 0 = administrator  [6] 1 to pause, 0 to resume  [7] TTL, ms
--       [8] signal channel of all nodes
-- Result  [1] OK, NOT_FOUND or FENCED

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/registry

local id, ms = ARGV[4], now_ms()
local refusal = owner_check(redis.call('HGET', KEYS[1], id), ARGV[5])
if refusal ~= 'OK' then
  return { refusal }
end
local swarm = swarm_load(KEYS[19])
if not swarm then
  return { 'NOT_FOUND' }
end
local pause = ARGV[6] == '1'
redis.call(pause and 'SADD' or 'SREM', KEYS[18], id)
if swarm.paused ~= ARGV[6] then
  swarm.paused = ARGV[6]
  swarm.rev = int(swarm.rev + 1)
  swarm_save(KEYS[19], KEYS[20], swarm, tonumber(ARGV[7]))
  redis.call('PUBLISH', ARGV[8], 'changed ' .. id .. ' ' .. swarm.incarnation)
  local events = swarm_events({ tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
  swarm_announce(events, pause and 'swarm_paused' or 'swarm_resumed', swarm, '')
  channel_close(events)
end
return { 'OK' }
