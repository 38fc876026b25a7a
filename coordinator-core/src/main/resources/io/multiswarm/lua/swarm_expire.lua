#!lua flags=allow-oom
-- Removes swarms that gave no sign of life for the TTL, at most 50 a call. An attachment is a sign of life.
--
-- KEYS  [1]-[17] see lib/registry; [18] upkeep (hash, see lib/upkeep)  [19] paused (set)  [20] creators (see lib/creator);
--       then for each swarm three: record, view, incarnation memo (string, TTL)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] TTL, ms  [5] signal channel of all nodes  [6] TTL of the memo, ms  [7] token of the upkeep;
--       then the id of each swarm
-- Result  [1] OK, or FENCED when another node keeps the fleet up  [2] number of swarms removed

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry
-- #include lib/upkeep
-- #include lib/creator

local ms = now_ms()
if upkeep_check(KEYS[18], ARGV[7]) ~= 'OK' then
  return { 'FENCED', 0 }
end
local events = swarm_events({ tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
local expired = 0
for i = 1, #ARGV - 7 do
  local id = ARGV[7 + i]
  local record, view, memo = KEYS[18 + 3 * i], KEYS[19 + 3 * i], KEYS[20 + 3 * i]
  local entry = redis.call('HGET', KEYS[1], id)
  local beat = tonumber(redis.call('ZSCORE', KEYS[3], id) or ms)
  if entry and string.sub(entry, -1) ~= ':' then
    redis.call('ZADD', KEYS[3], 'XX', int(ms), id)
  elseif beat + ARGV[4] <= ms then
    local incarnation = entry and string.match(entry, '^(%d+):') or '0'
    local swarm = swarm_load(record) or { id = id, status = 'interrupted', incarnation = incarnation }
    swarm_erase(swarm, record, view, KEYS[19])
    creator_forget(KEYS[20], id)
    redis.call('SET', memo, incarnation .. ':', 'PX', ARGV[6])
    redis.call('PUBLISH', ARGV[5], 'ended ' .. id .. ' ' .. incarnation .. ' expired')
    swarm_announce(events, 'swarm_expired', swarm, ',"reason":"expired"')
    expired = expired + 1
  end
end
if expired > 0 then
  count_add(KEYS[5], 'totalExpired', expired)
  swarm_gauge()
end
channel_close(events)
return { 'OK', expired }
