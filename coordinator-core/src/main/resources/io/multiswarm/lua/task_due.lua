#!lua flags=allow-oom
-- Makes delayed tasks assignable whose time has come, at most 100 a call; by the node that keeps the fleet up.
--
-- KEYS  [1]-[21] see lib/task; [22] upkeep (hash, see lib/upkeep)
-- ARGV  [1] token of the upkeep  [2] tasks at most
-- Signals 'task-due', then their places, a line each.
-- Result  [1] OK or FENCED  [2] how many were due  [3] ms until the next is due, or -1

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/upkeep
-- #include lib/task

if upkeep_check(KEYS[22], ARGV[1]) ~= 'OK' then
  return { 'FENCED' }
end
local due = redis.call('ZRANGEBYSCORE', DELAYED, '-inf', AT, 'LIMIT', 0, ARGV[2])
local ids = {}
for i, place in ipairs(due) do
  ids[i] = match(place, '^[^|]*|%d+|(.*)$') or ''
end
local records = task_records(ids)
local promoted = {}
for i, place in ipairs(due) do
  ledger.undelay[i] = place
  local record = records[ids[i]]
  -- Else Redis lost the task: nothing is due, and the others must not wait for it.
  if record and sub(record, 1, 8) == 'delayed:' then
    promoted[#promoted + 1] = place
    ledger.pend[#ledger.pend + 1] = '0'
    ledger.pend[#ledger.pend + 1] = place
    ledger_add(ledger.lanes, place_lane(place), 1)
    ledger_record(ids[i], 'pending' .. sub(record, 8))
  end
end
ledger_commit()
if #promoted > 0 then
  redis.call('PUBLISH', SIGNALS, 'task-due ' .. table.concat(promoted, '\n'))
end
local next_ = redis.call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')
return { 'OK', #due, next_[2] and math.max(0, tonumber(next_[2]) - MS) or -1 }
