#!lua flags=allow-oom
-- Removes a node that left or died.
--
-- KEYS  [1] nodes (zset: node id by ms at which its lease ends)  [2] node (string, TTL = lease)
-- ARGV  [1] node  [2] 1 when it asks itself; otherwise its lease must be over
-- Result  [1] 1 when it is gone, 0 when it lives

-- #include lib/time

local ends = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or 0)
if ARGV[2] ~= '1' and ends > now_ms() then
  return { 0 }
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return { 1 }
