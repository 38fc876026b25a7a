-- Accepts a batch of tasks; each is idempotent by its id and its dedupe key.
--
-- KEYS  [1]-[21] see lib/task; [22] index (zset: task id by µs of submission)  [23] dedupe (hash: key, with that of a known
--       principal before it -> task id, removed with the task)
-- ARGV  [1] pending tasks at most  [2] of one principal  [3] bytes that tasks may take that have not ended
--       [4] kinds; then for each kind three: lane, delay ms, '<max failures>:<lease ms>:<submitting swarm or nothing>', and its labels behind it, with a
--       space before each
--       then for each task three: id, its kind (1 = first), with a dedupe key ':<key>' behind it, spec
-- Result  one for each task: its status, which is an earlier one's when the id is known; '=<id>' of the earlier task that
--         has the dedupe key; TAKEN when the id is that of a task that another principal submitted; TOO_MANY, TOO_MANY_OF_ONE or
--         TOO_LARGE when it finds no room

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local room = tonumber(ARGV[1]) - redis.call('ZCARD', PENDING) - redis.call('ZCARD', DELAYED)
local bytes_left = tonumber(ARGV[3]) - count_read(STATS, 'queueBytes')
local first = 5 + 3 * ARGV[4]
local ids, specs, index, result, queued = {}, {}, {}, {}, 0
for a = first, #ARGV, 3 do
  ids[#ids + 1] = ARGV[a]
end
local records = task_records(ids)

-- No two tasks are of one moment, so that a listing can go on after any of them. What is no moment came from somebody
-- else: a place has 16 digits for it.
local moment = math.max(US, newest_score(KEYS[22], 2 ^ 53 - 1000) + 1) - 1

-- By their numbers as text: what the tasks of a kind have in common, and the beginning and the end of their records.
local kinds = {}
for i = 1, tonumber(ARGV[4]) do
  local lane, delay, terms = ARGV[3 * i + 2], tonumber(ARGV[3 * i + 3]), ARGV[3 * i + 4]
  local limits, from, label = match(terms, '^(%d+:%d+:)(%S*)(.*)$')
  kinds[int(i)] = { lane = lane .. '|', delay = delay, from = from,
    start = (delay > 0 and 'delayed' or 'pending') .. ':0::0:0:' .. limits, middle = ':' .. from .. ':' .. lane .. '|',
    tail = label .. task_line('P', '0', '', ''), principal = label_principal(label) }
end

-- How many more each principal may have, of those that were asked about.
local own_room = {}

local function room_of(principal)
  own_room[principal] = own_room[principal] or ARGV[2] - count_read(WAITING, principal)
  return own_room[principal]
end

local function accept(id, kind, dedupe, spec, us, bytes)
  local record = kind.start .. text(bytes) .. kind.middle .. us .. '|' .. id .. kind.tail
  records[id] = record
  ledger_record(id, record)
  local n = #index
  specs[n + 1], specs[n + 2] = id, spec
  index[n + 1], index[n + 2] = us, id
  if dedupe then
    ledger_detail(id, 'd', dedupe)
    redis.call('HSET', KEYS[23], dedupe, id)
  end
  ledger_pend(id, '0', kind.from, kind.lane .. us .. '|' .. id, kind.delay)
  if kind.principal then
    own_room[kind.principal] = own_room[kind.principal] - 1
    ledger_waits(kind.principal, 1)
  end
end

for i, id in ipairs(ids) do
  local a = first + 3 * (i - 1)
  local record, kind, dedupe = records[id], kinds[ARGV[a + 1]], nil
  -- What is no record is no task either.
  record = record and find(record, '^%a+:%d+:') and record
  if not kind then
    local number, key = match(ARGV[a + 1], '^(%d+):(.*)$')
    kind, dedupe = kinds[number], key
  end
  local earlier = not record and dedupe and redis.call('HGET', KEYS[23], dedupe)
  if record and kind.principal and kind.principal ~= match(record, '^%S+ %S+ (%S+)') then
    result[i] = 'TAKEN'
  elseif record then
    local status = match(record, '^%a+')
    result[i] = status == 'delayed' and 'pending' or status
  elseif earlier then
    result[i] = '=' .. earlier
  else
    local bytes = #ARGV[a + 2] + 2 * #(dedupe or '')
    if room <= 0 then
      result[i] = 'TOO_MANY'
    elseif kind.principal and room_of(kind.principal) <= 0 then
      result[i] = 'TOO_MANY_OF_ONE'
    elseif bytes_left < QUEUED_BYTES + bytes then
      result[i] = 'TOO_LARGE'
    else
      room, bytes_left, queued = room - 1, bytes_left - QUEUED_BYTES - bytes, queued + QUEUED_BYTES + bytes
      accept(id, kind, dedupe, ARGV[a + 2], string.format('%016d', moment + i), bytes)
      result[i] = 'pending'
    end
  end
end

if #specs > 0 then
  ledger.stats.submitted, ledger.stats.queueBytes = #specs / 2, queued
  redis.call('HSET', SPECS, unpack(specs))
  redis.call('ZADD', KEYS[22], unpack(index))
end
ledger_commit()
return result
