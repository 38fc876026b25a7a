#!lua flags=allow-oom
-- Ends a swarm: archives it, frees its id, returns its resources, tells its holder and all nodes. Passes when
-- memory is full: what it writes is less than what it removes, and what the swarm held is free for others.
--
-- KEYS  [1]-[17] see lib/registry; [18] incarnation memo (string, TTL of the archive)
--       [19] archive (string, TTL)  [20] record  [21] view  [22]-[27] see lib/resource  [28] memo of the swarm
--       [29] paused (set)  [30], [31] see lib/archive  [32] creators (see lib/creator)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] id  [5] incarnation, 0 = administrator  [6] status to archive, completed or failed
--       [7] reason, JSON  [8] TTL of the archive, ms  [9] request id, which tells a repetition
--       [10] prefix of the nodes' signal channels  [11] signal channel of all nodes
-- Result  [1] OK, NOT_FOUND or FENCED  [2] when it was archived now, the bytes that all archives take

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/registry
-- #include lib/resource
-- #include lib/archive
-- #include lib/creator

local id, ms = ARGV[4], now_ms()
local entry = redis.call('HGET', KEYS[1], id)
if not entry then
  local memo = redis.call('GET', KEYS[18])
  return { memo and string.match(memo, ':(.*)$') == ARGV[9] and 'OK' or 'NOT_FOUND' }
end
local refusal = owner_check(entry, ARGV[5])
if refusal ~= 'OK' then
  return { refusal }
end
local swarm = swarm_load(KEYS[20])
local incarnation, node = string.match(entry, '^(%d+):(.*)$')
incarnation, node = incarnation or '0', node or ''
redis.call('SET', KEYS[18], incarnation .. ':' .. ARGV[9], 'PX', ARGV[8])
if swarm then
  swarm_volatile(swarm)
  swarm.status = swarm_is_final(swarm) and swarm.status or ARGV[6]
  swarm.attached = false
  local archive = string.sub(swarm_render(swarm), 1, -2) .. ',"archivedAt":' .. int(ms) .. ',"reason":' .. ARGV[7] .. '}'
  redis.call('SET', KEYS[19], archive, 'PX', ARGV[8])
  archive_add({ KEYS[30], KEYS[31], KEYS[5] }, id, ms, #archive)
end
swarm_erase(swarm or { id = id }, KEYS[20], KEYS[21], KEYS[29])
creator_forget(KEYS[32], id)
count_add(KEYS[5], 'totalDeregistered', 1)
swarm_gauge()
local resources = { KEYS[22], KEYS[23], KEYS[24], KEYS[25], KEYS[26], KEYS[27] }
resource_return(resource_open(resources, ARGV[10], ms), id, KEYS[28])

if node ~= '' then
  redis.call('PUBLISH', ARGV[10] .. node, 'detached ' .. id .. ' ' .. incarnation .. ' deregistered')
end
redis.call('PUBLISH', ARGV[11], 'ended ' .. id .. ' ' .. incarnation .. ' deregistered')
if swarm then
  local events = swarm_events({ tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
  swarm_announce(events, 'swarm_deregistered', swarm, ',"reason":' .. ARGV[7])
  channel_close(events)
end
return { 'OK', swarm and archive_bytes(KEYS[5]) or 0 }
