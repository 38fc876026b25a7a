-- Stores a checkpoint: what the swarm itself wants to resume from; the oldest beyond the limit goes.
--
-- KEYS  [1]-[6] see lib/state; [7] index (see lib/copies)  [8] the new checkpoint (string, TTL)
--       then the checkpoints that may have to go
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] checkpoint id, which also tells a repetition
--       [4] label, JSON  [5] data, JSON  [6] its SHA-1  [7] most that are kept  [8] TTL, ms
--       [9] bytes of all swarms at most, [10] of one principal's
--       then the ids of the checkpoints that may have to go
-- Result  [1] OK, NOT_FOUND, FENCED, STALE when other keys are needed, or
--             TOO_LARGE or TOO_LARGE_OF_ONE when there is no room (see lib/state)
--         [2] entry when OK (see lib/copies), with the version of the state at that time; with STALE the ids of
--             all checkpoints, oldest first

-- #include lib/time
-- #include lib/owner
-- #include lib/weight
-- #include lib/state
-- #include lib/copies

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
local checkpoints = copies_open(KEYS[7], state.life)
if checkpoints.entries[ARGV[3]] then
  return { 'OK', checkpoints.entries[ARGV[3]] }
end
local most, passed = tonumber(ARGV[7]), copies_passed(11, 9)
if not copies_can_admit(checkpoints, most, passed) then
  return { 'STALE', checkpoints.ids }
end
local full = state_refusal(state, ARGV[1], WEIGHT_CHECKPOINTS, copies_bytes(checkpoints, most) + #ARGV[5], ARGV[9], ARGV[10])
if full then
  return { full }
end

redis.call('SET', KEYS[8], ARGV[5])
copies_admit(checkpoints, most, passed, { id = ARGV[3], key = KEYS[8], created_at = int(now_ms()),
  version = int(state.version), sha1 = ARGV[6], bytes = #ARGV[5], kind = 'manual', label = ARGV[4] }, ARGV[8])
state_weighed(state, ARGV[1])
state_count('checkpointsCreated')
return { 'OK', redis.call('HGET', KEYS[7], ARGV[3]) }
