#!lua flags=allow-oom
-- Removes what is saved for a swarm that is not registered any more.
--
-- KEYS  [1] roster  [2] all that is to go
-- ARGV  [1] swarm
-- Result  how many keys were removed; 0 when the id is registered again

if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  return { 0 }
end
return { redis.call('UNLINK', unpack(KEYS, 2)) }
