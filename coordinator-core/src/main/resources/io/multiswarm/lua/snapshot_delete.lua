#!lua flags=allow-oom
-- Deletes a snapshot or a checkpoint.
--
-- KEYS  [1]-[6] see lib/state; [7] index (see lib/copies)  [8] the copy
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] id of the copy  [4] TTL, ms
--       [5] request id, which tells a repetition  [6] part of what the swarm saves that it belongs to (see lib/weight)
-- Result  [1] OK, NOT_FOUND or FENCED  [2] 1 when there was one

-- #include lib/time
-- #include lib/owner
-- #include lib/weight
-- #include lib/state
-- #include lib/copies

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
if state_repeated(state, ARGV[5]) then
  return { 'OK', 1 }
end
redis.call('DEL', KEYS[8])
local copies = copies_open(KEYS[7], state.life)
local _, _, _, bytes = copies_entry(copies.entries[ARGV[3]] or '')
if redis.call('HDEL', KEYS[7], ARGV[3]) == 0 then
  return { 'OK', 0 }
end
state_weigh(state, ARGV[1], tonumber(ARGV[6]), copies_bytes(copies, #copies.ids + 1) - (bytes or 0))
state_weighed(state, ARGV[1])
state_remember(state, ARGV[5], ARGV[4])
return { 'OK', 1 }
