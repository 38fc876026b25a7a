#!lua flags=allow-oom
-- Removes archives of swarms, the oldest first, until the others take few enough bytes and their time is not over. Anybody may.
--
-- KEYS  [1]-[3] see lib/archive; then the archive of each swarm (string, TTL)
-- ARGV  [1] bytes that they may take  [2] ms that they are kept; then for each swarm two: id, ms of archiving
-- Result  how many were removed

-- #include lib/time
-- #include lib/archive

local keys, ms, removed = { KEYS[1], KEYS[2], KEYS[3] }, now_ms(), 0
for i = 4, #KEYS do
  local id, at = ARGV[2 * i - 5], ARGV[2 * i - 4]
  if archive_bytes(KEYS[3]) <= tonumber(ARGV[1]) and at + ARGV[2] > ms then
    break
  end
  -- What was archived again since is not the oldest any more.
  if redis.call('ZSCORE', KEYS[1], id) == at then
    redis.call('UNLINK', KEYS[i])
    archive_remove(keys, id)
    removed = removed + 1
  end
end
return { removed }
