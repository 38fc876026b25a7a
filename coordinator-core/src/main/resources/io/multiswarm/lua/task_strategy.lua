-- Chooses the strategy for the tasks that name none, from now on.
--
-- KEYS  [1] strategy (string)  [2] signals (channel to all nodes)
-- ARGV  [1] name
-- Result  [1] OK

redis.call('SET', KEYS[1], ARGV[1])
redis.call('PUBLISH', KEYS[2], 'task-strategy ' .. ARGV[1])
return { 'OK' }
