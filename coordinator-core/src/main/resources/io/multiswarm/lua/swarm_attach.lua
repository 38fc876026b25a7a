#!lua flags=allow-oom
-- Attaches a swarm to a node, whoever held it before: raises the incarnation, which fences the former
-- holder, and tells the former node; also the one that it was detached from, which may lead in its name. Passes when
-- memory is full: what it writes takes the place of what was there, and a worker that comes back goes on with its tasks.
--
-- KEYS  [1]-[17] see lib/registry; [18] record  [19] view  [20] creators (see lib/creator)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] id  [5] hash of the key  [6] node  [7] TTL, ms  [8] prefix of the nodes' signal channels
--       [9] newest incarnation that the node holds, 0 for none: Redis may have lost it
--       [10] hash of a new key that is to be good from now on, for an administrator; else empty
-- Result  [1] OK, NOT_FOUND, PERMISSION_DENIED, or LAPSED when the node's lease is over
--         [2] the swarm, see swarm_fields

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry
-- #include lib/creator

local id, node, ms = ARGV[4], ARGV[6], now_ms()
local entry = redis.call('HGET', KEYS[1], id)
local swarm = swarm_load(KEYS[18])
if not entry or not swarm then
  return { 'NOT_FOUND' }
end
-- A key that was lost has another in its place; the first one still names the life, see lib/state.
local secret = redis.call('HGET', KEYS[18], 'newKey') or swarm.keyHash
if ARGV[10] == '' and secret ~= ARGV[5] then
  return { 'PERMISSION_DENIED' }
end
if not node_is_alive(node, ms) then
  return { 'LAPSED' }
end

local held, former = string.match(entry, '^(%d+):(.*)$')
held, former = held or '0', former or ''
swarm.incarnation = next_identity(math.max(tonumber(held), tonumber(ARGV[9])))
swarm.rev = int(swarm.rev + 1)
swarm.lastActivity = int(ms)
redis.call('HSET', KEYS[1], id, swarm.incarnation .. ':' .. node)
redis.call('ZREM', KEYS[4], id)
redis.call('ZADD', KEYS[3], int(ms), id)
if swarm.status == 'interrupted' or swarm.status == 'recovering' then
  swarm_become(swarm, 'active')
  swarm_gauge()
end
swarm_save(KEYS[18], KEYS[19], swarm, tonumber(ARGV[7]))
if ARGV[10] ~= '' then
  redis.call('HSET', KEYS[18], 'newKey', ARGV[10])
end
-- A node of an older version may have registered it.
creator_note(KEYS[20], id, redis.call('HGET', KEYS[18], 'principal'))

if former == '' then
  local left = redis.call('HGET', KEYS[18], 'left')
  former = left and left ~= node and left or ''
end
if former ~= '' then
  redis.call('PUBLISH', ARGV[8] .. former, 'detached ' .. id .. ' ' .. held .. ' taken over')
end
local events = swarm_events({ tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
swarm_announce(events, 'swarm_attached', swarm, ',"node":"' .. node .. '"')
channel_close(events)
return { 'OK', swarm_fields(swarm) }
