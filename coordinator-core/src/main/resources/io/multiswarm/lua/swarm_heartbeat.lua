#!lua flags=allow-oom
-- A sign of life of one swarm.
--
-- KEYS  [1] roster  [2] heartbeats (zset: swarm id by ms of its last heartbeat)
-- ARGV  [1] id  [2] incarnation, 0 = administrator
-- Result  [1] OK, NOT_FOUND or FENCED

-- #include lib/time
-- #include lib/owner

local refusal = owner_check(redis.call('HGET', KEYS[1], ARGV[1]), ARGV[2])
if refusal == 'OK' then
  redis.call('ZADD', KEYS[2], int(now_ms()), ARGV[1])
end
return { refusal }
