#!lua flags=allow-oom
-- Removes swarms that gave no sign of life for the TTL, at most 50 a call. An attachment is a sign of life.
--
-- KEYS  [1]-[17] see lib/registry; for each swarm three: record, view, incarnation memo (string, TTL)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] TTL, ms  [5] signal channel of all nodes  [6] TTL of the memo, ms; then the id of each swarm
-- Result  for each swarm: 1 when it was removed, 0 otherwise

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry

local ms = now_ms()
local events = swarm_events({ tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
local results, expired = {}, 0
for i = 1, #ARGV - 6 do
  local id = ARGV[6 + i]
  local record, view, memo = KEYS[15 + 3 * i], KEYS[16 + 3 * i], KEYS[17 + 3 * i]
  local entry = redis.call('HGET', KEYS[1], id)
  local beat = tonumber(redis.call('ZSCORE', KEYS[3], id) or ms)
  results[i] = 0
  if entry and string.sub(entry, -1) ~= ':' then
    redis.call('ZADD', KEYS[3], 'XX', int(ms), id)
  elseif beat + ARGV[4] <= ms then
    local incarnation = entry and string.match(entry, '^(%d+):') or '0'
    local swarm = swarm_load(record) or { id = id, status = 'interrupted', incarnation = incarnation }
    swarm_erase(swarm, record, view)
    redis.call('SET', memo, incarnation .. ':', 'PX', ARGV[6])
    redis.call('PUBLISH', ARGV[5], 'ended ' .. id .. ' ' .. incarnation .. ' expired')
    swarm_announce(events, 'swarm_expired', swarm, ',"reason":"expired"')
    expired = expired + 1
    results[i] = 1
  end
end
if expired > 0 then
  redis.call('HINCRBY', KEYS[5], 'totalExpired', expired)
  swarm_gauge()
end
channel_close(events)
return results
