-- Gives up a swarm that was interrupted, for which no source was found, and that nobody came back for: it has failed.
-- Whoever attached it meanwhile raised its incarnation, and nothing happens.
--
-- KEYS  [1]-[17] see lib/registry; [18] upkeep (hash, see lib/upkeep)  [19] recovery (hash: incarnation, at in ms,
--       success 1 or 0)  [20] record  [21] view
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] id  [5] incarnation of the interruption  [6] token of the upkeep  [7] ms of patience  [8] TTL, ms
-- Result  [1] OK, FENCED when another node keeps the fleet up, or SKIPPED when it is not to be given up any more

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry
-- #include lib/upkeep

local id, incarnation, ms = ARGV[4], ARGV[5], now_ms()
if upkeep_check(KEYS[18], ARGV[6]) ~= 'OK' then
  return { 'FENCED' }
end
local recovery = redis.call('HMGET', KEYS[19], 'incarnation', 'at', 'success')
local due = recovery[1] == incarnation and recovery[3] == '0' and recovery[2] + ARGV[7] <= ms
local swarm = due and redis.call('HGET', KEYS[1], id) == incarnation .. ':' and swarm_load(KEYS[20])
if not swarm or swarm.status ~= 'interrupted' then
  return { 'SKIPPED' }
end

swarm_become(swarm, 'failed')
swarm.rev = int(swarm.rev + 1)
swarm.lastActivity = int(ms)
redis.call('ZADD', KEYS[3], int(ms), id)
swarm_save(KEYS[20], KEYS[21], swarm, tonumber(ARGV[8]))
swarm_gauge()
local events = swarm_events({ tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
swarm_announce(events, 'swarm_updated', swarm, '')
channel_close(events)
return { 'OK' }
