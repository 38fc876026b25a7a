-- lib/registry: the keys of the registry, a swarm's record and the JSON view rendered from it.
-- Needs lib/time, lib/channel and lib/event.
--
-- The first seventeen KEYS of every script that includes this:
--   [1] roster      hash  swarm id -> '<incarnation>:<node>', an empty node while nobody is attached
--   [2] index       zset  swarm id by time of creation in ms, made unique by fractions
--   [3] heartbeats  zset  swarm id by ms of its last heartbeat
--   [4] detached    zset  swarm id by ms at which its grace ends
--   [5] metrics     hash  counters of the registry
--   [6] load        hash  swarm id -> unfinished assignments
--   [7]-[12]        sets  ids by status: initializing, active, recovering, interrupted, completed, failed
--   [13]-[16]       the four of the channel swarm:events (see lib/channel)
--   [17] nodes      zset  node id by ms at which its lease ends
-- Then the scripts' own, and for each swarm two: record (hash, TTL twice the swarm's), view (string, TTL).

local STATUSES = { initializing = KEYS[7], active = KEYS[8], recovering = KEYS[9],
  interrupted = KEYS[10], completed = KEYS[11], failed = KEYS[12] }

-- objective, strategy, agents and metadata are JSON text; the rest are words and decimal integers.
local FIELDS = { 'id', 'objective', 'strategy', 'mode', 'maxAgents', 'status', 'createdAt', 'lastActivity',
  'agents', 'metadata', 'tasksCompleted', 'tasksFailed', 'messagesSent', 'errors', 'incarnation', 'rev', 'paused',
  'keyHash', 'departure' }

-- The last of FIELDS are the script's own business: the hash of the key, and why nobody is attached.
local PRIVATE_FIELDS = 2

-- Larger swarms are announced without their body, so that few of them cannot fill the history.
local EVENT_BYTES = 16384

-- Those that are decimal integers, by their place among FIELDS.
local NUMBERS = { 5, 7, 8, 11, 12, 13, 14, 15, 16 }

-- nil when there is no record, or it is none: no hash, no status that we know, or no number where one belongs.
local function swarm_load(record)
  local values = redis.pcall('HMGET', record, unpack(FIELDS))
  if values.err or not values[1] then
    return nil
  end
  local swarm = {}
  for i, name in ipairs(FIELDS) do
    swarm[name] = values[i] or '0'
  end
  for _, i in ipairs(NUMBERS) do
    if not string.find(swarm[FIELDS[i]], '^%d+$') then
      return nil
    end
  end
  return STATUSES[swarm.status] and swarm
end

-- What is not in the record: who is attached, the last heartbeat, the tasks at work.
local function swarm_volatile(swarm)
  local entry = redis.call('HGET', KEYS[1], swarm.id)
  swarm.attached = entry and string.sub(entry, -1) ~= ':'
  swarm.heartbeat = int(redis.call('ZSCORE', KEYS[3], swarm.id) or swarm.createdAt)
  swarm.load = redis.call('HGET', KEYS[6], swarm.id) or '0'
end

-- Needs swarm_volatile before.
local function swarm_render(s)
  return '{"id":"' .. s.id .. '","objective":' .. s.objective .. ',"strategy":' .. s.strategy
    .. ',"mode":"' .. s.mode .. '","maxAgents":' .. s.maxAgents .. ',"status":"' .. s.status
    .. '","createdAt":' .. s.createdAt .. ',"lastActivity":' .. s.lastActivity
    .. ',"lastHeartbeat":' .. s.heartbeat .. ',"agents":' .. s.agents .. ',"metadata":' .. s.metadata
    .. ',"metrics":{"tasksCompleted":' .. s.tasksCompleted .. ',"tasksFailed":' .. s.tasksFailed
    .. ',"messagesSent":' .. s.messagesSent .. ',"errors":' .. s.errors
    .. '},"activeTasks":' .. s.load .. ',"incarnation":' .. s.incarnation
    .. ',"attached":' .. tostring(s.attached) .. (s.paused == '1' and ',"paused":true}' or '}')
end

-- What Java reads: the fields without the private ones, then attached, heartbeat and load. Needs swarm_volatile before.
local function swarm_fields(swarm)
  local values = {}
  for i = 1, #FIELDS - PRIVATE_FIELDS do
    values[i] = swarm[FIELDS[i]]
  end
  values[#values + 1] = swarm.attached and 1 or 0
  values[#values + 1] = swarm.heartbeat
  values[#values + 1] = swarm.load
  return values
end

-- Writes the record and its view; the roster and the heartbeat must have been written before.
local function swarm_save(record, view, swarm, ttl)
  local pairs_ = {}
  for _, name in ipairs(FIELDS) do
    pairs_[#pairs_ + 1] = name
    pairs_[#pairs_ + 1] = swarm[name]
  end
  redis.call('HSET', record, unpack(pairs_))
  redis.call('PEXPIRE', record, int(2 * ttl))
  swarm_volatile(swarm)
  swarm.json = swarm_render(swarm)
  redis.call('SET', view, swarm.json, 'PX', int(ttl))
end

local function swarm_become(swarm, status)
  redis.call('SREM', STATUSES[swarm.status], swarm.id)
  redis.call('SADD', STATUSES[status], swarm.id)
  swarm.status = status
end

local function swarm_is_final(swarm)
  return swarm.status == 'completed' or swarm.status == 'failed'
end

-- Announces a change; more: further members as JSON text with a comma before each, or ''.
local function swarm_announce(events, type, swarm, more)
  local body = ''
  if swarm.json and #swarm.json <= EVENT_BYTES then
    body = ',"swarm":' .. swarm.json
  end
  event_append(events, 'event', swarm.id, type, '{"swarmId":"' .. swarm.id .. '","status":"' .. swarm.status
    .. '","incarnation":' .. swarm.incarnation .. more .. body .. '}')
end

local function swarm_events(limits, ms)
  return channel_open({ KEYS[13], KEYS[14], KEYS[15], KEYS[16] }, limits, ms)
end

-- Keeps the gauges of the metrics; once a script that changed who exists or a status.
local function swarm_gauge()
  redis.call('HSET', KEYS[5], 'activeSwarms', redis.call('SCARD', STATUSES.active),
    'totalSwarms', redis.call('ZCARD', KEYS[2]))
end

-- Whether a node's lease is good: only then may it take a swarm.
local function node_is_alive(node, ms)
  local ends = redis.call('ZSCORE', KEYS[17], node)
  return ends and tonumber(ends) > ms
end

-- Removes every trace of a swarm but its archive. paused: set, ids of the swarms that are given no tasks
local function swarm_erase(swarm, record, view, paused)
  redis.call('HDEL', KEYS[1], swarm.id)
  redis.call('ZREM', KEYS[2], swarm.id)
  redis.call('ZREM', KEYS[3], swarm.id)
  redis.call('ZREM', KEYS[4], swarm.id)
  for _, set in pairs(STATUSES) do
    redis.call('SREM', set, swarm.id)
  end
  redis.call('SREM', paused, swarm.id)
  redis.call('DEL', record, view)
end
