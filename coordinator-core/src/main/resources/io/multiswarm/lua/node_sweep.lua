#!lua flags=allow-oom
-- Finds what is due: nodes whose lease is over, swarms whose grace is over, swarms that expired. One node
-- sweeps, the leader's or whoever did last; another takes over when the pulse of the sweep stops.
--
-- The pulse also tells that Redis was away, or that nobody was there: then every deadline has passed at once,
-- and nothing is judged until those concerned had the time to come back.
--
-- KEYS  [1] nodes (zset: node id by ms at which its lease ends)  [2] detached (zset: swarm id by ms at which
--       its grace ends)  [3] heartbeats (zset)  [4] pulse (hash: node, last and quiet in ms; TTL 7 days)
-- ARGV  [1] node  [2] period of the sweep, ms  [3] ms of quiet after an outage  [4] TTL of a swarm, ms
--       [5] 1 when the node leads
-- Result  [1] 1 when this node swept, 0 when another does  [2] ms until the next deadline, or until the other
--         counts as gone; -1 when there is none
--         [3] dead nodes  [4] swarms whose grace is over  [5] expired swarms

-- #include lib/time

local PULSE_TTL_MS = 7 * 24 * 3600 * 1000
local MOST_NODES, MOST_SWARMS = 10, 500

local node, period, ms = ARGV[1], tonumber(ARGV[2]), now_ms()
local pulse = redis.call('HMGET', KEYS[4], 'node', 'last', 'quiet')
local gap = ms - (pulse[2] or ms)
if pulse[1] and pulse[1] ~= node and ARGV[5] ~= '1' and gap < 1.5 * period then
  return { 0, math.ceil(1.5 * period - gap), {}, {}, {} }
end

local quiet = tonumber(pulse[3] or 0)
if gap > 3 * period then
  quiet = ms + ARGV[3]
end
redis.call('HSET', KEYS[4], 'node', node, 'last', int(ms), 'quiet', int(quiet))
if gap > 3 * period or not pulse[1] or pulse[1] ~= node then
  redis.call('PEXPIRE', KEYS[4], int(PULSE_TTL_MS))
end
if quiet > ms then
  return { 1, quiet - ms, {}, {}, {} }
end

local first_node = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local first_swarm = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local oldest = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
local next_due, dead, due, expired = -1, {}, {}, {}

local function look(score, key, until_ms, most)
  if not score then
    return {}
  end
  local left = score - until_ms
  if left <= 0 then
    next_due = 0
    return redis.call('ZRANGEBYSCORE', key, '-inf', int(until_ms), 'LIMIT', 0, most)
  end
  next_due = next_due < 0 and left or math.min(next_due, left)
  return {}
end

dead = look(first_node[2], KEYS[1], ms, MOST_NODES)
due = look(first_swarm[2], KEYS[2], ms, MOST_SWARMS)
expired = look(oldest[2], KEYS[3], ms - ARGV[4], MOST_SWARMS)
return { 1, math.floor(next_due), dead, due, expired }
