-- Records that a swarm was recovered, or that there was nothing to recover it from: counts and announces it,
-- once. What is recovered by itself is recorded with the proof of the upkeep,
-- for one interruption.
--
-- KEYS  [1] roster  [2] recovery (hash: incarnation, request, at in ms, success; TTL)  [3] statistics (hash)
--       [4] upkeep (hash, see lib/upkeep)  [5]-[8] the four of the channel swarm:events (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] swarm  [5] incarnation: the holder's, 0 = administrator, with a token the interrupted one's
--       [6] token of the upkeep, '' by hand  [7] 1 when recovered  [8] damaged sources that were found
--       [9] data of the event, JSON  [10] TTL, ms  [11] request id, which tells a repetition
-- Result  [1] OK, NOT_FOUND, FENCED, or SKIPPED when that interruption is over or was recovered before

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/upkeep

local id, ms = ARGV[4], now_ms()
if ARGV[6] ~= '' and upkeep_check(KEYS[4], ARGV[6]) ~= 'OK' then
  return { 'FENCED' }
end
local entry = redis.call('HGET', KEYS[1], id)
local recovery = redis.call('HMGET', KEYS[2], 'incarnation', 'request')
if recovery[2] == ARGV[11] then
  return { 'OK' }
end
if ARGV[6] ~= '' and (entry ~= ARGV[5] .. ':' or recovery[1] == ARGV[5]) then
  return { 'SKIPPED' }
end
local refusal = owner_check(entry, ARGV[5])
if refusal ~= 'OK' then
  return { refusal }
end

redis.call('HSET', KEYS[2], 'incarnation', string.match(entry, '^(%d+):'), 'request', ARGV[11], 'at', int(ms),
  'success', ARGV[7])
redis.call('PEXPIRE', KEYS[2], ARGV[10])
count_add(KEYS[3], ARGV[7] == '1' and 'recoveriesPerformed' or 'recoveriesFailed', 1)
if ARGV[8] ~= '0' then
  count_add(KEYS[3], 'errors', ARGV[8])
end
local events = channel_open({ KEYS[5], KEYS[6], KEYS[7], KEYS[8] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, ms)
event_append(events, 'event', id, ARGV[7] == '1' and 'swarm_recovered' or 'swarm_recovery_failed', ARGV[9])
channel_close(events)
return { 'OK' }
