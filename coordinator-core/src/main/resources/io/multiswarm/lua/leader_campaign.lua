#!lua flags=allow-oom
-- Takes the leadership when nobody holds it, or passes it on inside the node that holds it. Runs when
-- memory is full too: what it stores replaces what the last leadership stored.
--
-- KEYS  [1] leader (string, TTL = lease)  [2] leadership (hash, no TTL)  [3] roster (hash)
--       [4] pub/sub channel of signals  [5..8] four of swarm:coordination (see lib/channel)
-- ARGV  [1..3] limits of the history  [4] candidate's swarm id  [5] its incarnation  [6] node
--       [7] nonce, grows with each campaign of the node; a repetition has the same  [8] lease in ms
--       [9] newest epoch that the node has seen, 0 for none
-- Result  'OK', epoch, ms left of the lease: the node leads; the same nonce gets the same answer
--         'HELD', leading swarm, epoch, node or '', ms left: somebody else leads; epoch 0 and node ''
--         for a foreign process, -1 ms when its key has no TTL
--         'FENCED': the candidate is not attached to the node with this incarnation
--         'SPENT': what this nonce won is over, or a later campaign of the node has run already

-- #include lib/time
-- #include lib/channel
-- #include lib/event

local swarm_id, node, nonce = ARGV[4], ARGV[6], tonumber(ARGV[7])

local held = redis.call('GET', KEYS[1])
local last = redis.call('HMGET', KEYS[2], 'epoch', 'swarmId', 'node', 'nonce')
local ours = held and held == last[2]
if held and not ours then
  return { 'HELD', held, 0, '', redis.call('PTTL', KEYS[1]) }
end
if ours and last[3] ~= node then
  return { 'HELD', held, tonumber(last[1]), last[3], redis.call('PTTL', KEYS[1]) }
end
if last[3] == node and nonce == tonumber(last[4]) and ours then
  return { 'OK', tonumber(last[1]), redis.call('PTTL', KEYS[1]) }
end
if last[3] == node and nonce <= (tonumber(last[4]) or 0) then
  return { 'SPENT' }
end
if redis.call('HGET', KEYS[3], swarm_id) ~= ARGV[5] .. ':' .. node then
  return { 'FENCED' }
end

local epoch = next_identity(math.max(tonumber(last[1]) or 0, tonumber(ARGV[9])))
redis.call('HSET', KEYS[2], 'epoch', epoch, 'swarmId', swarm_id, 'node', node, 'nonce', ARGV[7])
redis.call('SET', KEYS[1], swarm_id, 'PX', ARGV[8])

local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local ch = channel_open({ KEYS[5], KEYS[6], KEYS[7], KEYS[8] }, limits, now_ms())
event_append(ch, 'coordination', swarm_id, 'leadership_announcement',
  '{"swarmId":"' .. swarm_id .. '","epoch":' .. epoch .. ',"node":"' .. node .. '"}')
channel_close(ch)
redis.call('PUBLISH', KEYS[4], 'leader taken ' .. epoch .. ' ' .. ARGV[8] .. ' ' .. node .. ' ' .. swarm_id)
return { 'OK', tonumber(epoch), tonumber(ARGV[8]) }
