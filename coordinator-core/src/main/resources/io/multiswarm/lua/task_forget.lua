-- Removes ended tasks whose time is over, at most 100 a call, and tells which are next; by the leader alone.
--
-- KEYS  [1] leadership  [2] leader  [3] ended  [4] index  [5] dedupe; then the hash of each task
-- ARGV  [1] epoch  [2] ids at most in the result; then the ids
-- Result  [1] OK or FENCED  [2] ids whose time is over

-- #include lib/time
-- #include lib/leader

if leader_check(KEYS[1], KEYS[2], ARGV[1]) ~= 'OK' then
  return { 'FENCED' }
end
local ms = now_ms()
for a = 3, #ARGV do
  local kept = redis.call('ZSCORE', KEYS[3], ARGV[a])
  if kept and tonumber(kept) <= ms then
    local dedupe = redis.call('HGET', KEYS[3 + a], 'dedupe')
    if dedupe and redis.call('HGET', KEYS[5], dedupe) == ARGV[a] then
      redis.call('HDEL', KEYS[5], dedupe)
    end
    redis.call('ZREM', KEYS[3], ARGV[a])
    redis.call('ZREM', KEYS[4], ARGV[a])
    redis.call('UNLINK', KEYS[3 + a])
  end
end
return { 'OK', redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', int(ms), 'LIMIT', 0, ARGV[2]) }
