#!lua flags=allow-oom
-- Interrupts swarms, at most 20 a call: those whose grace is over, or those that their holder leaves for good.
-- Raises the incarnation, so that whoever held them is fenced. Each is announced once: who comes second
-- finds that there is nothing left to do.
--
-- KEYS  [1]-[17] see lib/registry; [18] upkeep (hash, see lib/upkeep)  [19]-[24] see lib/vacancy;
--       for each swarm two: record, view
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] TTL, ms  [5] reason, a plain word or two, when none was noted  [6] signal channel of all nodes
--       [7] node that leaves them; '' for those whose grace is over  [8] token of the upkeep, then
--       then for each swarm two: id, incarnation ('' when its grace is over)
-- Result  [1] OK, or FENCED when another node keeps the fleet up; for each swarm: 1 when it is interrupted now, 0 otherwise

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry
-- #include lib/upkeep
-- #include lib/vacancy

local ms, ttl, node = now_ms(), tonumber(ARGV[4]), ARGV[7]
if node == '' and upkeep_check(KEYS[18], ARGV[8]) ~= 'OK' then
  return { 'FENCED' }
end
local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local events = swarm_events(limits, ms)
local leading = node == '' and redis.call('GET', KEYS[19])
local results, interrupted = { 'OK' }, 0

local function is_due(id, incarnation, entry)
  if node ~= '' then
    -- A holder that was already given up for lost may still say goodbye.
    return entry == incarnation .. ':' .. node or entry == incarnation .. ':'
  end
  local ends = redis.call('ZSCORE', KEYS[4], id)
  return entry and ends and tonumber(ends) <= ms and string.sub(entry, -1) == ':'
end

for i = 1, (#ARGV - 8) / 2 do
  local id, incarnation = ARGV[7 + 2 * i], ARGV[8 + 2 * i]
  local record, view = KEYS[23 + 2 * i], KEYS[24 + 2 * i]
  local entry = redis.call('HGET', KEYS[1], id)
  results[1 + i] = 0
  if is_due(id, incarnation, entry) then
    redis.call('ZREM', KEYS[4], id)
    local swarm = swarm_load(record)
    local noted = swarm and node == '' and #swarm.departure > 1
    local reason = noted and swarm.departure or ARGV[5]
    local next_incarnation = next_identity(string.match(entry, '^(%d+):'))
    redis.call('HSET', KEYS[1], id, next_incarnation .. ':')
    if swarm then
      swarm.departure = ''
      swarm.incarnation = next_incarnation
      swarm.rev = int(swarm.rev + 1)
      local ended = swarm_is_final(swarm)
      local was = swarm.status
      if not ended then
        swarm_become(swarm, 'interrupted')
      end
      swarm_save(record, view, swarm, ttl)
      if not ended and was ~= 'interrupted' then
        swarm_announce(events, 'swarm_interrupted', swarm, ',"reason":"' .. reason .. '"')
        interrupted = interrupted + 1
        results[1 + i] = 1
      end
    end
    if redis.call('EXISTS', record) == 1 then
      -- Whether its attempts at tasks count as failed is asked later: a goodbye's do not. Of a damaged record the status
      -- is written, too: its tasks are for others.
      redis.pcall('HSET', record, 'interruption', reason, 'status', swarm and swarm.status or 'interrupted')
    end
    redis.call('PUBLISH', ARGV[6], 'interrupted ' .. id .. ' ' .. next_incarnation .. ' ' .. reason)
    if id == leading then
      -- Its node passes leadership on before, if it lives; nobody has to wait for the lease.
      vacancy_after(vacancy_keys(19), limits, ARGV[6], id, nil)
    end
  elseif not entry or string.sub(entry, -1) ~= ':' then
    redis.call('ZREM', KEYS[4], id)
  end
end

if interrupted > 0 then
  count_add(KEYS[5], 'totalInterrupted', interrupted)
  swarm_gauge()
end
channel_close(events)
return results
