-- Tells which nodes live, as far as their leases say.
--
-- KEYS  [1] nodes (zset: node id by ms at which its lease ends)  [2] facts (hash: node id -> '<ms of its start> <what it
--       tells>')  [3] leadership (hash)  [4] leader (string); see lib/leader
-- ARGV  [1] nodes at most
-- Result  [1] the leading node, '' when there is none  [2] two for each node: its id, its facts or ''

-- #include lib/time

local held, last = redis.call('GET', KEYS[4]), redis.call('HMGET', KEYS[3], 'swarmId', 'node')
local result = {}
local nodes = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. int(now_ms()), '+inf', 'LIMIT', 0, ARGV[1])
table.sort(nodes)
for i, facts in ipairs(#nodes > 0 and redis.call('HMGET', KEYS[2], unpack(nodes)) or {}) do
  result[2 * i - 1], result[2 * i] = nodes[i], facts or ''
end
return { held and held == last[1] and last[2] or '', result }
