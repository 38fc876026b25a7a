#!lua flags=allow-oom
-- Makes delayed tasks assignable whose time has come, at most 100 a call; by the leader alone.
--
-- KEYS  [1]-[15] see lib/task
-- ARGV  [1] epoch  [2] tasks at most
-- Signals 'task-due', then their places, a line each.
-- Result  [1] OK or FENCED  [2] how many became assignable  [3] ms until the next is due, or -1

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/leader
-- #include lib/task

if leader_check(KEYS[10], KEYS[11], ARGV[1]) ~= 'OK' then
  return { 'FENCED' }
end
local ms = now_ms()
local due = redis.call('ZRANGEBYSCORE', DELAYED, '-inf', int(ms), 'LIMIT', 0, ARGV[2])
for _, place in ipairs(due) do
  ledger.undelay[#ledger.undelay + 1] = place
  ledger.pend[#ledger.pend + 1] = 0
  ledger.pend[#ledger.pend + 1] = place
  ledger_add(ledger.lanes, place_lane(place), 1)
end
ledger_commit()
if #due > 0 then
  redis.call('PUBLISH', SIGNALS, 'task-due ' .. table.concat(due, '\n'))
end
local next_ = redis.call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')
return { 'OK', #due, next_[2] and math.max(0, tonumber(next_[2]) - ms) or -1 }
