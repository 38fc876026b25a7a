#!lua flags=allow-oom
-- Looks at leases whose time has come, a hundred or so a call, and returns the tasks whose lease is over; by the node
-- that keeps the fleet up. What was renewed is looked at again later; what ended meanwhile is forgotten.
--
-- KEYS  [1]-[21] see lib/task; [22] upkeep (hash, see lib/upkeep)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] token of the upkeep  [5] ms that a dead task is kept
--       [6] prefix of the nodes' signal channels  [7] leases after which no further batch is begun
-- Result  [1] OK or FENCED  [2] ms until there is something to look at, 0 when there is now, or -1

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/upkeep
-- #include lib/task
-- #include lib/attempt

if upkeep_check(KEYS[22], ARGV[4]) ~= 'OK' then
  return { 'FENCED' }
end
local most = tonumber(ARGV[7])
local batches = redis.call('ZRANGEBYSCORE', LEASES, '-inf', AT, 'LIMIT', 0, 20)
local ids, attempts, looked = {}, {}, {}
for i, batch in ipairs(batches) do
  if #ids >= most then
    break
  end
  looked[i] = batch
  for id, attempt in string.gmatch(batch, ' ([^:]+):(%d+)') do
    ids[#ids + 1], attempts[#attempts + 1] = id, attempt
  end
end

local records, count = task_records_some(ids)
local events = channel_open({ KEYS[17], KEYS[18], KEYS[19], KEYS[20] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, MS)

local function expire(task)
  if not task then
    return
  end
  ledger_revoked(ARGV[6], task, 'lease expired')
  attempt_end(task, { cause = 'lease_expired', counts = true, delay = 0, reason = '"lease expired"',
    keep_ms = tonumber(ARGV[5]), events = events })
  ledger_add(ledger.stats, 'expired', 1)
end

for i, id in ipairs(ids) do
  local attempt, due = match(records[id] or '', '^assigned:(%d+):[^:]*:(%d+)')
  if i > count or attempt_full() then
    -- At once, by the next call.
    ledger_look(id, attempts[i], MS)
  elseif attempt == attempts[i] then
    if tonumber(due) > MS then
      ledger_look(id, attempt, tonumber(due))
    else
      expire(task_parse(id, records[id]))
    end
  end
end
channel_close(events)
ledger_run('ZREM', LEASES, looked)
ledger_commit()

local next_ = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')
return { 'OK', next_[2] and math.max(0, tonumber(next_[2]) - MS) or -1 }
