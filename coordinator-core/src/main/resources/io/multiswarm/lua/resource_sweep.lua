#!lua flags=allow-oom
-- Returns what swarms held that are gone, and finds more of them, a page at a time; serves the lines; by the node that
-- keeps the fleet up. A swarm is gone when it is not registered any more, or when nobody was attached for the recovery
-- window after its grace.
--
-- KEYS  [1]-[6] see lib/resource; [7] upkeep (hash, see lib/upkeep)  [8] detached (zset, see lib/registry)
--       [9] gone (zset: '<swarm>|<incarnation>' by the ms at which that interruption was first found)
--       [10]-[13] the four of the channel swarm:events; then for each swarm its memo
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] prefix of the nodes' signal channels  [5] token of the upkeep  [6] cursor, '0' at first, '' to find no more
--       [7] recovery window, ms  [8] ms between sweeps after which all windows begin anew; then swarms to return
-- Result  'OK', next cursor ('0' after the last page), swarms that are gone; or 'FENCED'

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/upkeep
-- #include lib/resource

local FIRST_SWARM, PAGE, RETURNED_TTL_MS = 9, 100, 24 * 3600 * 1000

if upkeep_check(KEYS[7], ARGV[5]) ~= 'OK' then
  return { 'FENCED' }
end
local ms, gone = now_ms(), KEYS[9]
local r = resource_open(KEYS, ARGV[4], ms)

-- After an outage every window would be over at once.
local function pulse()
  local last = tonumber(redis.call('HGET', r.statistics, 'swept')) or ms
  if ms - last > tonumber(ARGV[8]) then
    redis.call('DEL', gone)
  else
    -- Whoever is gone for so long was returned by a sweep since; the rest came back, and held nothing.
    redis.call('ZREMRANGEBYSCORE', gone, '-inf', int(ms - ARGV[7] - ARGV[8]))
  end
  redis.call('HSET', r.statistics, 'swept', int(ms))
end

local function is_gone(swarm)
  local entry = redis.call('HGET', r.roster, swarm)
  if not entry then
    return true
  end
  if owner_attached(entry) or redis.call('ZSCORE', KEYS[8], swarm) then
    return false
  end
  local interruption = swarm .. '|' .. (string.match(entry, '^%d+') or '')
  redis.call('ZADD', gone, 'NX', int(ms), interruption)
  return redis.call('ZSCORE', gone, interruption) + ARGV[7] <= ms
end

-- Who comes back is told what it has no more.
local function note_returned(swarm, held, memo)
  if redis.call('HEXISTS', r.roster, swarm) == 1 then
    redis.call('HSET', memo, 'returned', amounts_format(held))
    redis.call('PEXPIRE', memo, int(RETURNED_TTL_MS))
  end
end

-- Grants that nobody picked up stay with the swarm; only the note of them goes.
local function sweep_waiters()
  local page = redis.call('HSCAN', r.waiters, redis.call('HGET', r.statistics, 'waiters-cursor') or '0',
    'COUNT', PAGE)
  redis.call('HSET', r.statistics, 'waiters-cursor', page[1])
  for i = 1, #page[2], 2 do
    local waiter = waiter_load(r, page[2][i])
    if waiter and waiter.state == 'w' and waiter_is_lost(r, waiter)
        or waiter and waiter.state == 'g' and waiter.deadline + ARGV[8] <= ms then
      waiter_leave(r, waiter)
    end
  end
end

local events = channel_open({ KEYS[10], KEYS[11], KEYS[12], KEYS[13] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
for a = FIRST_SWARM, #ARGV do
  local swarm = ARGV[a]
  if is_gone(swarm) then
    local memo = KEYS[14 + a - FIRST_SWARM]
    local held = resource_return(r, swarm, memo)
    if held then
      note_returned(swarm, held, memo)
      event_append(events, 'event', swarm, 'resource_returned',
        '{"swarmId":"' .. swarm .. '","resources":' .. amounts_json(held) .. ',"reason":"swarm is gone"}')
    end
  end
end
channel_close(events)

if ARGV[6] == '' then
  return { 'OK', '0', {} }
end
if ARGV[6] == '0' then
  pulse()
  sweep_waiters()
  resource_serve(r, redis.call('HKEYS', r.pool_key))
end
local page, found = redis.call('HSCAN', r.holdings, ARGV[6], 'COUNT', PAGE), {}
for i = 1, #page[2], 2 do
  if is_gone(page[2][i]) then
    found[#found + 1] = page[2][i]
  end
end
return { 'OK', page[1], found }
