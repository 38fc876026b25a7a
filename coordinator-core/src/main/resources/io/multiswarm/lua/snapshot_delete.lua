#!lua flags=allow-oom
-- Deletes a snapshot or a checkpoint.
--
-- KEYS  [1]-[5] see lib/state; [6] index (see lib/copies)  [7] the copy
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator  [3] id of the copy
-- Result  [1] OK, NOT_FOUND or FENCED  [2] 1 when there was one

-- #include lib/time
-- #include lib/owner
-- #include lib/state

local refusal = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
redis.call('DEL', KEYS[7])
return { 'OK', redis.call('HDEL', KEYS[6], ARGV[3]) }
