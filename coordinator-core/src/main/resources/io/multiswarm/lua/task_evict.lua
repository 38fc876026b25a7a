#!lua flags=allow-oom
-- Removes the oldest ended tasks before their time, because they take too many bytes; a hundred a call at most. Anybody
-- may.
--
-- KEYS  [1]-[21] see lib/task; [22] index (zset: task id by µs of submission)  [23] dedupe (hash: key -> task id)
-- ARGV  [1] bytes that ended tasks may take
-- Result  [1] bytes that they take  [2] 1 when that is too many still, and some are left

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task
-- #include lib/retention

local most = tonumber(ARGV[1])
local taken = count_read(STATS, 'endedBytes')
local ended, dead = retention_first(ENDED), retention_first(DEAD)
while (ended or dead) and taken - retention.bytes > most and not retention_full() do
  if ended and (not dead or ended.at <= dead.at) then
    retention_take(ENDED, ended)
    ended = retention_first(ENDED)
  else
    retention_take(DEAD, dead)
    dead = retention_first(DEAD)
  end
end
local left = retention_commit()
return { left, left > most and (ended or dead) and 1 or 0 }
