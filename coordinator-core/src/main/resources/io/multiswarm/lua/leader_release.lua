#!lua flags=allow-oom
-- Ends a leadership and tells everybody that there is none.
--
-- KEYS  [1] leader (string, TTL = lease)  [2] leadership (hash, no TTL)  [3] pub/sub channel of signals
--       [4..7] four of swarm:coordination (see lib/channel)
-- ARGV  [1..3] limits of the history  [4] epoch
-- Result  'OK': released
--         'FENCED': it was over already

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/leader

local epoch = ARGV[4]
local status = leader_check(KEYS[2], KEYS[1], epoch)
if status ~= 'OK' then
  return { status }
end
redis.call('DEL', KEYS[1])

local last = redis.call('HMGET', KEYS[2], 'swarmId', 'node')
local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local ch = channel_open({ KEYS[4], KEYS[5], KEYS[6], KEYS[7] }, limits, now_ms())
event_append(ch, 'coordination', last[1], 'leadership_released',
  '{"swarmId":"' .. last[1] .. '","epoch":' .. epoch .. ',"node":"' .. last[2] .. '"}')
channel_close(ch)
redis.call('PUBLISH', KEYS[3], 'leader released ' .. epoch)
return { 'OK' }
