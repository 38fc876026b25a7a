#!lua flags=allow-oom
-- Detaches swarms from their node, at most 40 a call: they keep everything until their grace is over.
-- Passes over those that are not held by that node with that incarnation.
--
-- KEYS  [1]-[17] see lib/registry; [18] upkeep (hash, see lib/upkeep); for each swarm two: record, view
-- ARGV  [1] node  [2] ms of grace  [3] lease of a node, ms, when the node is given up for dead; '' when it asks itself
--       [4] reason, a plain word or two  [5] token of the upkeep, with the lease; then for each swarm two: id, incarnation
-- Result  [1] OK; ALIVE when the node has renewed its lease meanwhile; FENCED when another keeps the fleet up
--         [2] number of swarms detached

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/registry
-- #include lib/upkeep

local node, ms = ARGV[1], now_ms()
local ends = ms + ARGV[2]
if ARGV[3] ~= '' then
  if upkeep_check(KEYS[18], ARGV[5]) ~= 'OK' then
    return { 'FENCED', 0 }
  end
  local lease = tonumber(redis.call('ZSCORE', KEYS[17], node) or 0)
  if lease > ms then
    return { 'ALIVE', 0 }
  end
  -- Grace counts from the node's last sign of life, which was one lease before the lease's end.
  if lease > 0 then
    ends = math.max(lease, lease - ARGV[3] + ARGV[2])
  end
end

local count = 0
for i = 1, (#ARGV - 5) / 2 do
  local id, incarnation = ARGV[4 + 2 * i], ARGV[5 + 2 * i]
  local record, view = KEYS[17 + 2 * i], KEYS[18 + 2 * i]
  if redis.call('HGET', KEYS[1], id) == incarnation .. ':' .. node then
    redis.call('HSET', KEYS[1], id, incarnation .. ':')
    redis.call('ZADD', KEYS[4], int(ends), id)
    local swarm = swarm_load(record)
    if swarm then
      redis.call('HSET', record, 'departure', ARGV[4], 'left', node)
      swarm_volatile(swarm)
      redis.call('SET', view, swarm_render(swarm), 'XX', 'KEEPTTL')
    end
    count = count + 1
  end
end
return { 'OK', count }
