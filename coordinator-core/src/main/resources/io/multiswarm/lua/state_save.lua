-- Saves a swarm's state as a new version.
--
-- KEYS  [1]-[6] see lib/state
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] version that must be the current one, 0 for none yet,
--       '' for any  [4] state, JSON  [5] its SHA-1  [6] TTL, ms  [7] request id, which tells a repetition
--       [8] signal channel of all nodes  [9] bytes of all swarms at most, [10] of one principal's
-- Result  [1] OK, NOT_FOUND, FENCED, CONFLICT, or TOO_LARGE or TOO_LARGE_OF_ONE when there is no room (see lib/state)
--         [2] version, the new one when OK, the current one with CONFLICT  [3] when it was saved, ms

-- #include lib/time
-- #include lib/owner
-- #include lib/weight
-- #include lib/state

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
local version, saved_at = state_repeated(state, ARGV[7])
if version then
  return { 'OK', version, saved_at }
end
local current = state.exists and state.version or 0
if ARGV[3] ~= '' and tonumber(ARGV[3]) ~= current then
  return { 'CONFLICT', current }
end
local full = state_refusal(state, ARGV[1], WEIGHT_STATE, #ARGV[4], ARGV[9], ARGV[10])
if full then
  return { full }
end

redis.call('SET', STATE, ARGV[4])
state_weighed(state, ARGV[1])
version, saved_at = state_commit(state, ARGV[5], #ARGV[4], 0, ARGV[6], ARGV[7])
state_count('statesSaved')
redis.call('PUBLISH', ARGV[8], 'state ' .. ARGV[1] .. ' ' .. version)
return { 'OK', version, saved_at }
