-- Changes a swarm's status, agents or metadata.
--
-- KEYS  [1]-[17] see lib/registry; [18] record  [19] view
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] id  [5] incarnation, 0 = administrator  [6] revision that was read, or '' for any
--       [7] status or ''  [8] agents, JSON, or ''  [9] metadata, JSON, or ''  [10] TTL, ms
--       [11] 1 when the system asks, which may set more  [12] grace, ms, of a swarm that becomes active unattached
--       [13] signal channel of all nodes
-- Result  [1] OK, NOT_FOUND, FENCED, FAILED_PRECONDITION, or CONFLICT when the revision is another
--         [2] the swarm, see swarm_fields; with FAILED_PRECONDITION its status

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/registry

-- SwarmStatus says the same in Java.
local CLIENTS = {
  initializing = { active = true, failed = true, completed = true },
  active = { completed = true, failed = true },
  recovering = { active = true, failed = true },
  interrupted = { completed = true, failed = true },
  completed = {}, failed = {} }
local SYSTEMS = {
  initializing = { interrupted = true },
  active = { recovering = true },
  recovering = { active = true, interrupted = true, failed = true },
  interrupted = { recovering = true },
  completed = {}, failed = {} }

local id, ms, status = ARGV[4], now_ms(), ARGV[7]
local entry = redis.call('HGET', KEYS[1], id)
local refusal = owner_check(entry, ARGV[5])
if refusal ~= 'OK' then
  return { refusal }
end
local swarm = swarm_load(KEYS[18])
if not swarm then
  return { 'NOT_FOUND' }
end
if ARGV[6] ~= '' and ARGV[6] ~= swarm.rev then
  return { 'CONFLICT' }
end
local allowed = ARGV[11] == '1' and SYSTEMS or CLIENTS
if status ~= '' and status ~= swarm.status and not allowed[swarm.status][status] then
  return { 'FAILED_PRECONDITION', swarm.status }
end

local changed = false
if status ~= '' and status ~= swarm.status then
  swarm_become(swarm, status)
  changed = true
end
if ARGV[8] ~= '' and ARGV[8] ~= swarm.agents then
  swarm.agents = ARGV[8]
  changed = true
end
if ARGV[9] ~= '' and ARGV[9] ~= swarm.metadata then
  swarm.metadata = ARGV[9]
  changed = true
  redis.call('PUBLISH', ARGV[13], 'changed ' .. id .. ' ' .. swarm.incarnation)
end
swarm.lastActivity = int(ms)
redis.call('ZADD', KEYS[3], int(ms), id)
if changed then
  swarm.rev = int(swarm.rev + 1)
end
-- What became active without a holder has the grace period to find one.
if changed and swarm.status == 'active' and not owner_attached(entry) then
  redis.call('ZADD', KEYS[4], int(ms + ARGV[12]), id)
end
swarm_save(KEYS[18], KEYS[19], swarm, tonumber(ARGV[10]))
if changed then
  swarm_gauge()
  local events = swarm_events({ tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
  swarm_announce(events, 'swarm_updated', swarm, '')
  channel_close(events)
end
return { 'OK', swarm_fields(swarm) }
