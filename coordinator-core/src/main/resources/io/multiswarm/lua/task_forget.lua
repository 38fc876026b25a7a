-- Removes ended tasks whose time is over, a hundred or so a call; by the node that keeps the fleet up.
--
-- KEYS  [1]-[20] see lib/task; [21] index (zset: task id by µs of submission)  [22] dedupe (hash: key -> task id)
--       [23] upkeep (hash, see lib/upkeep)
-- ARGV  [1] token of the upkeep  [2] tasks after which no further batch is begun
-- Result  [1] OK or FENCED  [2] 1 when there may be more

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/upkeep
-- #include lib/task

if upkeep_check(KEYS[23], ARGV[1]) ~= 'OK' then
  return { 'FENCED' }
end

local tasks, details, seen, most = {}, {}, 0, tonumber(ARGV[2])

local function forget(id, record)
  local status, due = match(record or '', '^(%a+):%d+:[^:]*:(%d+)')
  local ended = status == 'completed' or status == 'dead' or status == 'cancelled'
  -- A dead task that was revived and ended again is in a later batch.
  if ended and tonumber(due) <= MS then
    tasks[#tasks + 1] = id
    for letter in string.gmatch('repad', '.') do
      details[#details + 1] = id .. '|' .. letter
    end
  end
end

-- Whether the list's oldest batch was over; then it is gone.
local function forget_batch(list)
  local batch = redis.call('LINDEX', list, 0)
  if not batch or tonumber(match(batch, '^%d+')) > MS then
    return false
  end
  local ids = {}
  for id in string.gmatch(batch, ' ([^ ]+)') do
    ids[#ids + 1] = id
  end
  local records = task_records(ids)
  for _, id in ipairs(ids) do
    forget(id, records[id])
  end
  redis.call('LPOP', list)
  seen = seen + #ids
  return true
end

local function forget_dedupe_keys()
  local fields = {}
  for i, id in ipairs(tasks) do
    fields[i] = id .. '|d'
  end
  for i, key in ipairs(#fields > 0 and redis.call('HMGET', DETAILS, unpack(fields)) or {}) do
    if key and redis.call('HGET', KEYS[22], key) == tasks[i] then
      redis.call('HDEL', KEYS[22], key)
    end
  end
end

for _, list in ipairs({ ENDED, DEAD }) do
  local more = true
  while more and seen < most do
    more = forget_batch(list)
  end
end
forget_dedupe_keys()
ledger_run('HDEL', TASKS, tasks)
ledger_run('HDEL', SPECS, tasks)
ledger_run('HDEL', DETAILS, details)
ledger_run('ZREM', KEYS[21], tasks)
return { 'OK', seen >= most and 1 or 0 }
