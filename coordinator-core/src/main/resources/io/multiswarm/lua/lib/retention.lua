-- lib/retention: removes ended tasks, the oldest first. Needs lib/task; KEYS [22] index, [23] dedupe.
--
-- A call is bounded by tasks and by the bytes that it frees; a batch of a list that is not done with stays, shorter.

local RETENTION_BYTES = 4194304
local retention = { tasks = {}, bytes = 0, most = 100 }

local function retention_full()
  return #retention.tasks >= retention.most or retention.bytes >= RETENTION_BYTES
end

-- The first batch of a list: the ms until which it is kept, the ms of its end, its tasks; nil when there is none. What is
-- no batch goes, so that it does not keep the others.
local function retention_first(list)
  local batch, until_ms, at, ids
  repeat
    batch = redis.call('LINDEX', list, 0)
    if not batch then
      return nil
    end
    until_ms, at, ids = match(batch, '^(%d+):(%d+)()')
  until until_ms or not redis.call('LPOP', list)
  return { until_ms = tonumber(until_ms), at = tonumber(at), head = until_ms .. ':' .. at, ids = sub(batch, ids) }
end

-- Takes the tasks of a batch until the call is full. What was revived since, or ended again, is in a later batch.
local function retention_take(list, batch)
  local ids, last = {}, 0
  for id, next_ in string.gmatch(batch.ids, ' ([^ ]+)()') do
    if #ids == retention.most then
      break
    end
    ids[#ids + 1], last = id, next_
  end
  local taken = 0
  local records = task_records(ids)
  for i, id in ipairs(ids) do
    if retention_full() then
      break
    end
    taken = i
    local status, due, bytes = match(records[id] or '', '^(%a+):%d+:[^:]*:(%d+):%d+:%d+:%d+:(%d+):')
    local ended = status == 'completed' or status == 'dead' or status == 'cancelled'
    if ended and tonumber(due) == batch.until_ms then
      retention.tasks[#retention.tasks + 1] = id
      retention.bytes = retention.bytes + ended_weight(records[id], bytes)
    end
  end
  local rest = {}
  for i = taken + 1, #ids do
    rest[#rest + 1] = ' ' .. ids[i]
  end
  local left = concat(rest) .. sub(batch.ids, last)
  if left == '' then
    redis.call('LPOP', list)
  else
    redis.call('LSET', list, 0, batch.head .. left)
  end
end

local function retention_forget_dedupe_keys()
  local fields = {}
  for i, id in ipairs(retention.tasks) do
    fields[i] = id .. '|d'
  end
  for i, key in ipairs(#fields > 0 and redis.call('HMGET', DETAILS, unpack(fields)) or {}) do
    if key and redis.call('HGET', KEYS[23], key) == retention.tasks[i] then
      redis.call('HDEL', KEYS[23], key)
    end
  end
end

-- Removes what was taken. Returns the bytes that ended tasks take then.
local function retention_commit()
  local details = {}
  for _, id in ipairs(retention.tasks) do
    for letter in string.gmatch('repadhl', '.') do
      details[#details + 1] = id .. '|' .. letter
    end
  end
  retention_forget_dedupe_keys()
  ledger_run('HDEL', TASKS, retention.tasks)
  ledger_run('HDEL', SPECS, retention.tasks)
  ledger_run('HDEL', DETAILS, details)
  ledger_run('ZREM', KEYS[22], retention.tasks)
  return count_add(STATS, 'endedBytes', int(-retention.bytes))
end
