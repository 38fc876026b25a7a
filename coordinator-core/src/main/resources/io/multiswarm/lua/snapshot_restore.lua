-- Saves what a snapshot or a checkpoint has as a new version of the state, inside Redis; nothing that is
-- not what was copied then.
--
-- KEYS  [1]-[5] see lib/state; [6] index (see lib/copies)  [7] the copy (string)
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] id of the copy  [4] TTL, ms
--       [5] request id, which tells a repetition  [6] signal channel of all nodes
--       [7] 1 when only a lost or damaged state may be replaced
-- Result  [1] OK, NOT_FOUND, FENCED, NONE when there is no such copy, DAMAGED, or CONFLICT when the state is sound
--         [2] the new version, the current one with CONFLICT  [3] when it was saved, ms

-- #include lib/time
-- #include lib/owner
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
local entry = copies_open(KEYS[6], state.life).entries[ARGV[3]]
local _, version, sha1, bytes = copies_entry(entry or '')
local copy = version and redis.call('GET', KEYS[7])
if not copy then
  return { 'NONE' }
end
if redis.sha1hex(copy) ~= sha1 then
  return { 'DAMAGED' }
end

redis.call('COPY', KEYS[7], STATE, 'REPLACE')
local saved, saved_at = state_commit(state, sha1, bytes, tonumber(version), ARGV[4], ARGV[5])
state_count('statesRestored')
redis.call('PUBLISH', ARGV[6], 'state ' .. ARGV[1] .. ' ' .. saved)
return { 'OK', saved, saved_at }
