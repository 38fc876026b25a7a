#!lua flags=allow-oom
-- Renews a node's lease, and keeps what it tells of itself. A lease that was over is given anew, and the node is told:
-- others may have detached its swarms meanwhile.
--
-- KEYS  [1] nodes (zset: node id by ms at which its lease ends)  [2] node (string: ms of its last beat, TTL = lease)
--       [3] facts (hash: node id -> '<ms of its start> <what it tells>')
-- ARGV  [1] node  [2] lease, ms  [3] ms of its start, '' when it does not know that yet  [4] what it tells, a text
-- Result  [1] 1 when the lease was still good, 0 when it had been over or there was none  [2] ms of the node's start

-- #include lib/time

local ms = now_ms()
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
local started = ARGV[3] ~= '' and ARGV[3] or int(ms)
redis.call('ZADD', KEYS[1], int(ms + ARGV[2]), ARGV[1])
redis.call('SET', KEYS[2], int(ms), 'PX', ARGV[2])
redis.call('HSET', KEYS[3], ARGV[1], started .. ' ' .. ARGV[4])
return { ends and tonumber(ends) > ms and 1 or 0, tonumber(started) }
