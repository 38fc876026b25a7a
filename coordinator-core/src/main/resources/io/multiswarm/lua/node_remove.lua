#!lua flags=allow-oom
-- Removes a node that left or died. It leads no more: others are elected at once.
--
-- KEYS  [1] nodes (zset: node id by ms at which its lease ends)  [2] node (string, TTL = lease)
--       [3] upkeep (hash, see lib/upkeep)  [4]-[9] see lib/vacancy  [10] pub/sub channel of signals
--       [11] facts (hash: node id -> what it told)
-- ARGV  [1]-[3] limits of the history  [4] node  [5] token of the upkeep, '' when the node asks itself; otherwise its
--       lease must be over
-- Result  [1] OK: it is gone; ALIVE: it lives; FENCED: another node keeps the fleet up

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/upkeep
-- #include lib/vacancy

local node, token = ARGV[4], ARGV[5]
if token ~= '' then
  local status = upkeep_check(KEYS[3], token)
  if status ~= 'OK' then
    return { status }
  end
  if tonumber(redis.call('ZSCORE', KEYS[1], node) or 0) > now_ms() then
    return { 'ALIVE' }
  end
end
redis.call('ZREM', KEYS[1], node)
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[11], node)
vacancy_after(vacancy_keys(4), { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, KEYS[10], nil, node)
return { 'OK' }
