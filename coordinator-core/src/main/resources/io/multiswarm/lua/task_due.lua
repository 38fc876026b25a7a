#!lua flags=allow-oom
-- Makes delayed tasks assignable whose time has come, at most 100 a call; by the leader alone.
--
-- KEYS  [1]-[20] see lib/task
-- ARGV  [1] epoch  [2] tasks at most
-- Signals 'task-due', then their places, a line each.
-- Result  [1] OK or FENCED  [2] how many became assignable  [3] ms until the next is due, or -1

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/leader
-- #include lib/task

if leader_check(KEYS[15], KEYS[16], ARGV[1]) ~= 'OK' then
  return { 'FENCED' }
end
local due = redis.call('ZRANGEBYSCORE', DELAYED, '-inf', AT, 'LIMIT', 0, ARGV[2])
local ids = {}
for i, place in ipairs(due) do
  ids[i] = match(place, '^[^|]*|%d+|(.*)$')
end
local records = task_records(ids)
for i, place in ipairs(due) do
  ledger.undelay[i] = place
  ledger.pend[2 * i - 1] = '0'
  ledger.pend[2 * i] = place
  ledger_add(ledger.lanes, place_lane(place), 1)
  ledger_record(ids[i], 'pending' .. sub(records[ids[i]], 8))
end
ledger_commit()
if #due > 0 then
  redis.call('PUBLISH', SIGNALS, 'task-due ' .. table.concat(due, '\n'))
end
local next_ = redis.call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')
return { 'OK', #due, next_[2] and math.max(0, tonumber(next_[2]) - MS) or -1 }
