#!lua flags=allow-oom
-- Renews a node's lease. A lease that was over is given anew, and the node is told: others may have
-- detached its swarms meanwhile.
--
-- KEYS  [1] nodes (zset: node id by ms at which its lease ends)  [2] node (string: ms of its last beat, TTL = lease)
-- ARGV  [1] node  [2] lease, ms
-- Result  [1] 1 when the lease was still good, 0 when it had been over or there was none

-- #include lib/time

local ms = now_ms()
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], int(ms + ARGV[2]), ARGV[1])
redis.call('SET', KEYS[2], int(ms), 'PX', ARGV[2])
return ends and tonumber(ends) > ms and 1 or 0
