-- Accepts a batch of tasks; each is idempotent by its id and its dedupe key.
--
-- KEYS  [1]-[20] see lib/task; [21] index (zset: task id by µs of submission)  [22] dedupe (hash: key -> task id,
--       removed with the task)
-- ARGV  [1] pending tasks at most; then for each task six: id, dedupe key or '', lane, spec, delay ms,
--       '<max failures>:<lease ms>:<submitting swarm or nothing>'
-- Result  one for each task: its status, which is an earlier one's when the id is known; '=<id>' of the earlier task that
--         has the dedupe key; or RESOURCE_EXHAUSTED

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local room = tonumber(ARGV[1]) - redis.call('ZCARD', PENDING) - redis.call('ZCARD', DELAYED)
local ids, specs, index, result = {}, {}, {}, {}
local note = task_line('P', '0', '', '')
for a = 2, #ARGV, 6 do
  ids[#ids + 1] = ARGV[a]
end
local records = task_records(ids)

local function accept(a, id, us)
  local delay, terms = tonumber(ARGV[a + 4]), ARGV[a + 5]
  local place = ARGV[a + 2] .. '|' .. us .. '|' .. id
  local status = delay > 0 and 'delayed' or 'pending'
  local record = status .. ':0::0:0:' .. terms .. ':' .. place .. note
  records[id] = record
  ledger_record(id, record)
  specs[#specs + 1] = id
  specs[#specs + 1] = ARGV[a + 3]
  index[#index + 1] = us
  index[#index + 1] = id
  if ARGV[a + 1] ~= '' then
    ledger_detail(id, 'd', ARGV[a + 1])
    redis.call('HSET', KEYS[22], ARGV[a + 1], id)
  end
  ledger_pend(id, '0', match(terms, '^%d+:%d+:(.*)$'), place, delay)
end

for i, id in ipairs(ids) do
  local a = 6 * i - 4
  local record, dedupe = records[id], ARGV[a + 1]
  local first = not record and dedupe ~= '' and redis.call('HGET', KEYS[22], dedupe)
  if record then
    local status = match(record, '^%a+')
    result[i] = status == 'delayed' and 'pending' or status
  elseif first then
    result[i] = '=' .. first
  elseif room <= 0 then
    result[i] = 'RESOURCE_EXHAUSTED'
  else
    room = room - 1
    accept(a, id, string.format('%016d', US + i - 1))
    result[i] = 'pending'
  end
end

if #specs > 0 then
  ledger.stats.submitted = #specs / 2
  redis.call('HSET', SPECS, unpack(specs))
  redis.call('ZADD', KEYS[21], unpack(index))
end
ledger_commit()
return result
