#!lua flags=allow-oom
-- Deletes a snapshot or a checkpoint.
--
-- KEYS  [1]-[5] see lib/state; [6] index (see lib/copies)  [7] the copy
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] id of the copy  [4] TTL, ms
--       [5] request id, which tells a repetition
-- Result  [1] OK, NOT_FOUND or FENCED  [2] 1 when there was one

-- #include lib/time
-- #include lib/owner
-- #include lib/state

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
if state_repeated(state, ARGV[5]) then
  return { 'OK', 1 }
end
redis.call('DEL', KEYS[7])
if redis.call('HDEL', KEYS[6], ARGV[3]) == 0 then
  return { 'OK', 0 }
end
state_remember(state, ARGV[5], ARGV[4])
return { 'OK', 1 }
