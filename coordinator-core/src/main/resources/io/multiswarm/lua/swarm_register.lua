-- Registers a swarm and attaches it to a node.
--
-- KEYS  [1]-[17] see lib/registry; [18] incarnation memo (string, TTL of the archive)  [19] record  [20] view
--       [21]-[24] the four of the swarm's own channel (see lib/channel)  [25] creators (see lib/creator)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] id  [5] objective, JSON  [6] strategy, JSON  [7] mode  [8] max agents  [9] metadata, JSON
--       [10] hash of the key, which also tells a repetition  [11] node  [12] swarms at most  [13] TTL, ms
--       [14] newest incarnation that the node holds, 0 for none: Redis may have lost it
--       [15] label of the principal that creates it, '' when none is known  [16] swarms of one principal at most
-- Result  [1] OK, ALREADY_EXISTS, RESOURCE_EXHAUSTED, TOO_MANY_OF_ONE, LAPSED when the node's lease is over, or LET_GO for
--             a repetition that comes when the swarm is attached to nobody any more
--         [2] the swarm, see swarm_fields

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry
-- #include lib/creator

local id, ttl, ms = ARGV[4], tonumber(ARGV[13]), now_ms()
if redis.call('HEXISTS', KEYS[1], id) == 1 then
  local present = swarm_load(KEYS[19])
  if present and present.keyHash == ARGV[10] then
    swarm_volatile(present)
    return { present.attached and 'OK' or 'LET_GO', swarm_fields(present) }
  end
  return { 'ALREADY_EXISTS' }
end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[12]) then
  return { 'RESOURCE_EXHAUSTED' }
end
if not node_is_alive(ARGV[11], ms) then
  return { 'LAPSED' }
end
creator_forget(KEYS[25], id)
if ARGV[15] ~= '' and not creator_has_room(KEYS[25], KEYS[1], ARGV[15], tonumber(ARGV[16])) then
  return { 'TOO_MANY_OF_ONE' }
end

-- A writer of the id's former life stays fenced.
local memo = redis.call('GET', KEYS[18])
local used = memo and tonumber(string.match(memo, '^(%d+)')) or 0
local incarnation = next_identity(math.max(used, tonumber(ARGV[14])))
-- Later than that no fraction would be left, and no swarm was created.
local score = math.max(ms, newest_score(KEYS[2], 2 ^ 42) + 1 / 1024)

local swarm = { id = id, objective = ARGV[5], strategy = ARGV[6], mode = ARGV[7], maxAgents = ARGV[8],
  status = 'active', createdAt = int(ms), lastActivity = int(ms), agents = '[]', metadata = ARGV[9],
  tasksCompleted = '0', tasksFailed = '0', messagesSent = '0', errors = '0', incarnation = incarnation,
  rev = '1', paused = '0', keyHash = ARGV[10], departure = '' }

redis.call('HSET', KEYS[1], id, incarnation .. ':' .. ARGV[11])
redis.call('ZADD', KEYS[2], string.format('%.17g', score), id)
redis.call('ZADD', KEYS[3], int(ms), id)
redis.call('SADD', STATUSES.active, id)
count_add(KEYS[5], 'totalRegistered', 1)
swarm_save(KEYS[19], KEYS[20], swarm, ttl)
if ARGV[15] ~= '' then
  redis.call('HSET', KEYS[19], 'principal', ARGV[15])
  creator_note(KEYS[25], id, ARGV[15])
end
swarm_gauge()

local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
-- What was said to an earlier life of the id is not this one's to read: who subscribes hears of the new epoch.
local own = channel_open({ KEYS[21], KEYS[22], KEYS[23], KEYS[24] }, limits, ms)
if own.epoch and own.rest ~= '0' then
  channel_new_epoch(own)
  channel_save(own)
end
local events = swarm_events(limits, ms)
swarm_announce(events, 'swarm_registered', swarm, '')
channel_close(events)
return { 'OK', swarm_fields(swarm) }
