#!lua flags=allow-oom
-- Finds swarms that hold resources and do nothing, a page at a time, and deals with those found before: tells of
-- them once, asks them to give back what their pools want back, and takes that later; by the leader alone.
--
-- KEYS  [1]-[6] see lib/resource; [7] leadership  [8] leader  [9] load (hash: swarm id -> unfinished assignments)
--       [10] idle (zset: swarm id by the ms at which it was told of)  [11]-[14] the four of swarm:events
--       then for each swarm six: record, memo, the four of its own channel
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] prefix of the nodes' signal channels  [5] epoch  [6] leading swarm
--       [7] cursor, '0' at first, '' to find no more  [8] ms without activity that make a swarm idle
--       [9] ms between asking and taking; then the swarms
-- Result  'OK', next cursor ('0' after the last page), swarms that may be idle; or 'FENCED'

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/leader
-- #include lib/resource

local FIRST_SWARM, PAGE = 10, 100

if leader_check(KEYS[7], KEYS[8], ARGV[5]) ~= 'OK' then
  return { 'FENCED' }
end
local ms, idle, idle_ms, patience = now_ms(), KEYS[10], tonumber(ARGV[8]), tonumber(ARGV[9])
local r = resource_open(KEYS, ARGV[4], ms)
local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local events = channel_open({ KEYS[11], KEYS[12], KEYS[13], KEYS[14] }, limits, ms)

local function touched(swarm)
  return tonumber(string.match(redis.call('HGET', r.holdings, swarm) or '', '^%d+'))
end

-- What it holds of pools that want it back.
local function reclaimable(held)
  local some = {}
  for type, amount in pairs(held) do
    local pool = resource_pool(r, type)
    if pool and pool.reclaim == '1' then
      some[type] = amount
    end
  end
  return some
end

local function tell(swarm, quiet, key)
  local held = resource_held(r, swarm)
  local wanted = reclaimable(held)
  redis.call('ZADD', idle, int(ms), swarm)
  resource_count(r, 'idle', 1)
  event_append(events, 'event', swarm, 'resource_idle', '{"swarmId":"' .. swarm .. '","resources":'
    .. amounts_json(held) .. ',"idleMs":' .. int(quiet) .. '}')
  if next(wanted) then
    local channel = channel_open({ KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3] }, limits, ms)
    event_append(channel, 'coordination', ARGV[6], 'resource_release_request', '{"resources":' .. amounts_json(wanted)
      .. ',"reclaimAfterMs":' .. int(patience) .. '}')
    channel_close(channel)
  end
end

local function reclaim(swarm, memo)
  local wanted = reclaimable(resource_held(r, swarm))
  if next(wanted) then
    redis.call('DEL', memo)
    resource_move(r, swarm, wanted, -1)
    resource_count(r, 'reclaimed', 1)
    resource_serve(r, amounts_types(wanted))
    event_append(events, 'event', swarm, 'resource_reclaimed', '{"swarmId":"' .. swarm .. '","resources":'
      .. amounts_json(wanted) .. ',"reason":"idle"}')
  end
end

for a = FIRST_SWARM, #ARGV do
  local swarm, key = ARGV[a], 15 + 6 * (a - FIRST_SWARM)
  local known = redis.pcall('HGET', KEYS[key], 'lastActivity')
  local active = type(known) == 'string' and tonumber(known) or ms
  local quiet = ms - math.max(active, touched(swarm) or ms)
  local told = tonumber(redis.call('ZSCORE', idle, swarm) or nil)
  if quiet < idle_ms or redis.call('HEXISTS', KEYS[9], swarm) == 1 then
    redis.call('ZREM', idle, swarm)
  elseif not told or told < ms - quiet then
    tell(swarm, quiet, key + 2)
  elseif told + patience <= ms then
    reclaim(swarm, KEYS[key + 1])
  end
end
channel_close(events)

if ARGV[7] == '' then
  return { 'OK', '0', {} }
end
if ARGV[7] == '0' then
  redis.call('ZREMRANGEBYSCORE', idle, '-inf', int(ms - 7 * 24 * 3600 * 1000))
end
local page, found = redis.call('HSCAN', r.holdings, ARGV[7], 'COUNT', PAGE), {}
for i = 1, #page[2], 2 do
  local swarm, since = page[2][i], tonumber(string.match(page[2][i + 1], '^%d+'))
  if since and since + idle_ms <= ms
      and redis.call('HEXISTS', KEYS[9], swarm) == 0 then
    found[#found + 1] = swarm
  else
    redis.call('ZREM', idle, swarm)
  end
end
return { 'OK', page[1], found }
