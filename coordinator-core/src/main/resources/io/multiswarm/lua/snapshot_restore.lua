-- Saves what a snapshot or a checkpoint has as a new version of the state, inside Redis; nothing that is
-- not what was copied then.
--
-- KEYS  [1]-[6] see lib/state; [7] index (see lib/copies)  [8] the copy (string)
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] id of the copy  [4] TTL, ms
--       [5] request id, which tells a repetition  [6] signal channel of all nodes
--       [7] 1 when only a lost or damaged state may be replaced, which passes whatever is full
--       [8] bytes of all swarms at most, [9] of one principal's
-- Result  [1] OK, NOT_FOUND, FENCED, NONE when there is no such copy, DAMAGED, CONFLICT when the state is sound,
--             or TOO_LARGE or TOO_LARGE_OF_ONE when there is no room (see lib/state)
--         [2] the new version, the current one with CONFLICT  [3] when it was saved, ms

-- #include lib/time
-- #include lib/owner
-- #include lib/weight
-- #include lib/state
-- #include lib/copies

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
local done, done_at = state_repeated(state, ARGV[5])
if done then
  return { 'OK', done, done_at }
end
if ARGV[7] == '1' and state.exists and state_is_sound(state) then
  return { 'CONFLICT', int(state.version) }
end
local entry = copies_open(KEYS[7], state.life).entries[ARGV[3]]
local _, version, sha1, bytes = copies_entry(entry or '')
local copy = version and redis.call('GET', KEYS[8])
if not copy then
  return { 'NONE' }
end
if redis.sha1hex(copy) ~= sha1 then
  return { 'DAMAGED' }
end
local full = state_refusal(state, ARGV[1], WEIGHT_STATE, tonumber(bytes), ARGV[8], ARGV[9])
if full and ARGV[7] ~= '1' then
  return { full }
end

redis.call('COPY', KEYS[8], STATE, 'REPLACE')
local saved, saved_at = state_commit(state, sha1, bytes, tonumber(version), ARGV[4], ARGV[5])
state_weighed(state, ARGV[1])
state_count('statesRestored')
redis.call('PUBLISH', ARGV[6], 'state ' .. ARGV[1] .. ' ' .. saved)
return { 'OK', saved, saved_at }
