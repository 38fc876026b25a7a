-- Reads what a swarm holds, and what it held when it was found gone, unless it has been given something since.
--
-- KEYS  [1] holdings (see lib/resource)  [2] memo of the swarm
-- ARGV  [1] swarm
-- Result  [1] held  [2] returned, '<type>=<amount>;...' each

local holding = redis.call('HGET', KEYS[1], ARGV[1])
return { holding and string.match(holding, '|(.*)$') or '', redis.call('HGET', KEYS[2], 'returned') or '' }
