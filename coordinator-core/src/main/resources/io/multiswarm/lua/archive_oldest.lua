-- The oldest archives of swarms, if these take too many bytes or the time of the oldest is over.
--
-- KEYS  [1]-[3] see lib/archive
-- ARGV  [1] bytes that they may take  [2] ms that they are kept  [3] how many at most
-- Result  [1] ids and ms of archiving of those that may have to go, none when none has to

-- #include lib/time
-- #include lib/archive

local oldest = redis.call('ZRANGE', KEYS[1], 0, ARGV[3] - 1, 'WITHSCORES')
if not oldest[2] or archive_bytes(KEYS[3]) <= tonumber(ARGV[1]) and oldest[2] + ARGV[2] > now_ms() then
  return { {} }
end
return { oldest }
