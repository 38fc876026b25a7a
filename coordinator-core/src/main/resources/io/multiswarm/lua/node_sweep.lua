-- Finds what is due: nodes whose lease is over, swarms whose grace is over, swarms that expired; by the node that keeps
-- the fleet up. After an outage every deadline has passed at once, and nothing is judged while the quiet lasts.
--
-- KEYS  [1] nodes (zset: node id by ms at which its lease ends)  [2] detached (zset: swarm id by ms at which
--       its grace ends)  [3] heartbeats (zset)  [4] upkeep (hash, see lib/upkeep)
-- ARGV  [1] token of the upkeep  [2] TTL of a swarm, ms
-- Result  [1] OK or FENCED  [2] ms until the next deadline, or until the quiet is over; -1 when there is none
--         [3] dead nodes  [4] swarms whose grace is over  [5] expired swarms

-- #include lib/time
-- #include lib/upkeep

local MOST_NODES, MOST_SWARMS = 10, 500

local ms = now_ms()
local status, quiet = upkeep_check(KEYS[4], ARGV[1])
if status ~= 'OK' then
  return { status }
end
if quiet > ms then
  return { 'OK', quiet - ms, {}, {}, {} }
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
expired = look(oldest[2], KEYS[3], ms - ARGV[2], MOST_SWARMS)
return { 'OK', math.floor(next_due), dead, due, expired }
