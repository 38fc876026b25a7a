-- Casts a ballot, one a swarm; the same ballot again changes nothing. Decides when that was the last one needed.
--
-- KEYS  [1]-[9] see lib/conflict; [10] roster
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] swarm  [5] its incarnation, 0 = administrator  [6] choice  [7] ballot
-- Result  [1] 'OK';  'NOT_FOUND' or 'FENCED': the swarm;  'UNKNOWN': the conflict, or there is no vote on it;
--         'PERMISSION_DENIED': was not asked;  'INVALID_ARGUMENT', a, b: no such choice;  'ALREADY_EXISTS', earlier
--         choice;  'FAILED_PRECONDITION': the vote has ended

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/conflict

local ms, limits = now_ms(), { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local swarm, choice, field = ARGV[4], ARGV[6], 'v:' .. ARGV[4]
local owner = owner_check(redis.call('HGET', KEYS[10], swarm), ARGV[5])
if owner ~= 'OK' then
  return { owner }
end
local c = conflict_load()
if not c then
  return { 'UNKNOWN' }
end
local cast, before = choice .. '|' .. ARGV[7], redis.call('HGET', KEYS[1], field)
if before == cast then
  return { 'OK' }
end
if c.winner or conflict_is_due(c, ms) then
  conflict_state(c, ms, limits)
  return { 'FAILED_PRECONDITION' }
end
if redis.call('SISMEMBER', KEYS[2], swarm) == 0 then
  return { 'PERMISSION_DENIED' }
end
if choice ~= c.a and choice ~= c.b then
  return { 'INVALID_ARGUMENT', c.a, c.b }
end
if before then
  return { 'ALREADY_EXISTS', string.match(before, '^[^|]*') }
end

local votes = choice == c.a and 'votes-a' or 'votes-b'
c[votes] = int(c[votes] + 1)
redis.call('HSET', KEYS[1], field, cast, votes, c[votes])
conflict_state(c, ms, limits)
return { 'OK' }
