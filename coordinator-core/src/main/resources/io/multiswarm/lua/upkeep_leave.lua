#!lua flags=allow-oom
-- Gives the upkeep of the fleet up, and tells all nodes that it is free.
--
-- KEYS  [1] upkeep (hash, see lib/upkeep)  [2] pub/sub channel of signals
-- ARGV  [1] token
-- Result  'OK' or 'FENCED': it was another's already

-- #include lib/upkeep

local status = upkeep_check(KEYS[1], ARGV[1])
if status == 'OK' then
  redis.call('HSET', KEYS[1], 'until', 0)
  redis.call('PUBLISH', KEYS[2], 'upkeep free')
end
return { status }
