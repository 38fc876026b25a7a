#!lua flags=allow-oom
-- Removes ended tasks whose time is over; by the node that keeps the fleet up.
--
-- KEYS  [1]-[21] see lib/task; [22] index (zset: task id by µs of submission)  [23] dedupe (hash: key -> task id)
--       [24] upkeep (hash, see lib/upkeep)
-- ARGV  [1] token of the upkeep  [2] tasks at most
-- Result  [1] OK or FENCED  [2] 1 when there may be more

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/upkeep
-- #include lib/task
-- #include lib/retention

if upkeep_check(KEYS[24], ARGV[1]) ~= 'OK' then
  return { 'FENCED' }
end
retention.most = tonumber(ARGV[2])
for _, list in ipairs({ ENDED, DEAD }) do
  local batch = retention_first(list)
  while batch and batch.until_ms <= MS and not retention_full() do
    retention_take(list, batch)
    batch = retention_first(list)
  end
end
retention_commit()
return { 'OK', retention_full() and 1 or 0 }
