-- Tells who leads.
--
-- KEYS  [1] leader (string, TTL = lease)  [2] leadership (hash, no TTL)
-- ARGV  none
-- Result  leading swarm or nil, epoch, node or '', ms left of the lease; epoch 0 and node '' for a
--         foreign process, -1 ms when its key has no TTL

local held = redis.call('GET', KEYS[1])
if not held then
  return { false, 0, '', 0 }
end
local last = redis.call('HMGET', KEYS[2], 'epoch', 'swarmId', 'node')
if held ~= last[2] then
  return { held, 0, '', redis.call('PTTL', KEYS[1]) }
end
return { held, tonumber(last[1]), last[3], redis.call('PTTL', KEYS[1]) }
