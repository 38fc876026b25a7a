#!lua flags=allow-oom
-- Removes what is saved for a swarm that is not registered any more.
--
-- KEYS  [1] roster  [2] statistics  [3] weights (see lib/weight)  [4] all that is to go
-- ARGV  [1] swarm
-- Result  how many keys were removed; 0 when the id is registered again

-- #include lib/time
-- #include lib/weight

if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  return { 0 }
end
local before = weight_read(KEYS[3], ARGV[1])
weight_write(KEYS[3], KEYS[2], ARGV[1], before, { 0, 0, 0, principal = before.principal })
return { redis.call('UNLINK', unpack(KEYS, 4)) }
