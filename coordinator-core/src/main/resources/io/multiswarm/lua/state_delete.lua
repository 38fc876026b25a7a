#!lua flags=allow-oom
-- Deletes a swarm's state. Its version is kept, so that the next state goes on counting.
--
-- KEYS  [1]-[6] see lib/state
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] signal channel of all nodes  [4] TTL, ms
--       [5] request id, which tells a repetition
-- Result  [1] OK, NOT_FOUND or FENCED  [2] 1 when there was one

-- #include lib/time
-- #include lib/owner
-- #include lib/weight
-- #include lib/state

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
if state_repeated(state, ARGV[5]) then
  return { 'OK', 1 }
end
if not state.exists then
  return { 'OK', 0 }
end
redis.call('DEL', STATE)
state_weigh(state, ARGV[1], WEIGHT_STATE, 0)
state_weighed(state, ARGV[1])
state_remember(state, ARGV[5], ARGV[4])
state_count('statesDeleted')
redis.call('PUBLISH', ARGV[3], 'state ' .. ARGV[1] .. ' ' .. int(state.version + 1))
return { 'OK', 1 }
