-- Takes a snapshot: copies the current state inside Redis; the oldest beyond the limit goes.
--
-- KEYS  [1]-[6] see lib/state; [7] index (see lib/copies)  [8] the new snapshot (string, TTL)
--       then the snapshots that may have to go
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] snapshot id, which also tells a repetition
--       [4] label, JSON  [5] manual or automatic; an automatic one is taken only when the state has changed
--       [6] most that are kept  [7] TTL, ms  [8] bytes of all swarms at most, [9] of one principal's
--       then the ids of the snapshots that may have to go
-- Result  [1] OK, NOT_FOUND, FENCED, NONE when nothing is saved, DAMAGED when it is not what was saved, UNCHANGED,
--             STALE when other keys are needed, or TOO_LARGE or TOO_LARGE_OF_ONE when there is no room (see lib/state)
--         [2] entry when OK (see lib/copies); with STALE the ids of all snapshots, oldest first

-- #include lib/time
-- #include lib/owner
-- #include lib/weight
-- #include lib/state
-- #include lib/copies

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
local snapshots = copies_open(KEYS[7], state.life)
if snapshots.entries[ARGV[3]] then
  return { 'OK', snapshots.entries[ARGV[3]] }
end
if not state.exists then
  return { 'NONE' }
end
if not state_is_sound(state) then
  return { 'DAMAGED' }
end
local newest = snapshots.ids[#snapshots.ids]
if ARGV[5] == 'automatic' and newest then
  local _, version = copies_entry(snapshots.entries[newest])
  if tonumber(version or -1) == state.version then
    return { 'UNCHANGED' }
  end
end
local most, passed = tonumber(ARGV[6]), copies_passed(10, 9)
if not copies_can_admit(snapshots, most, passed) then
  return { 'STALE', snapshots.ids }
end
local full = state_refusal(state, ARGV[1], WEIGHT_SNAPSHOTS, copies_bytes(snapshots, most) + state.bytes, ARGV[8], ARGV[9])
if full then
  return { full }
end

redis.call('COPY', STATE, KEYS[8], 'REPLACE')
copies_admit(snapshots, most, passed, { id = ARGV[3], key = KEYS[8], created_at = int(now_ms()),
  version = int(state.version), sha1 = state.sha1, bytes = int(state.bytes), kind = ARGV[5],
  label = ARGV[4] }, ARGV[7])
state_weighed(state, ARGV[1])
state_count('snapshotsCreated')
return { 'OK', redis.call('HGET', KEYS[7], ARGV[3]) }
