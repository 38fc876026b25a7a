#!lua flags=allow-oom
-- Renews the TTLs of swarms that a node holds, at most 100 a call.
--
-- KEYS  for each swarm two: record, view
-- ARGV  [1] TTL of a view, ms
-- Result  [1] number of keys renewed

local count = 0
for i = 1, #KEYS, 2 do
  count = count + redis.call('PEXPIRE', KEYS[i], string.format('%.0f', 2 * ARGV[1]))
    + redis.call('PEXPIRE', KEYS[i + 1], ARGV[1])
end
return { count }
