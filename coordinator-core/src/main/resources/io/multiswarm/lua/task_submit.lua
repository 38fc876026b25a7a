-- Accepts a batch of tasks; each is idempotent by its id and its dedupe key.
--
-- KEYS  [1]-[15] see lib/task; [16] index (zset: task id by µs of submission)  [17] dedupe (hash: key -> task id,
--       removed with the task); then the hash of each task
-- ARGV  [1] pending tasks at most; then for each task eight: id, dedupe key or '', lane, spec, max failures,
--       lease ms, delay ms, submitting swarm or ''
-- Result  two for each task: the id of the accepted task, which is an earlier one's when the dedupe key is known;
--         its status, '' when it is such an earlier one, or RESOURCE_EXHAUSTED

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task

local us = now_us()
local ms = math.floor(us / 1000)
local room = tonumber(ARGV[1]) - redis.call('ZCARD', PENDING) - redis.call('ZCARD', DELAYED)
local known = redis.call('EXISTS', unpack(KEYS, 18)) > 0
local seen, index, result = {}, {}, {}

local function accept(a, key, number)
  local id, dedupe, from = ARGV[a], ARGV[a + 1], ARGV[a + 7]
  local task = { key = key, id = id, status = 'pending', attempt = 0, failures = 0, most = ARGV[a + 4],
    lease = tonumber(ARGV[a + 5]), swarm = '', history = '', from = from,
    place = ARGV[a + 2] .. '|' .. string.format('%016.0f', us + number) .. '|' .. id }
  task_note(task, ms, 'pending')
  local more = {}
  if from ~= '' then
    more[1], more[2] = 'from', from
  end
  if dedupe ~= '' then
    more[#more + 1] = 'dedupe'
    more[#more + 1] = dedupe
    redis.call('HSET', KEYS[17], dedupe, id)
  end
  task_save(task, 'spec', ARGV[a + 3], 'place', task.place, unpack(more))
  index[#index + 1] = int(us + number)
  index[#index + 1] = id
  seen[id] = true
  ledger_pend(task, ms, tonumber(ARGV[a + 6]))
  ledger_add(ledger.stats, 'submitted', 1)
end

for a = 2, #ARGV, 8 do
  local number = (a - 2) / 8
  local id, key = ARGV[a], KEYS[18 + number]
  local first = id
  local status = (known or seen[id]) and redis.call('HGET', key, 'state')
  if not status and ARGV[a + 1] ~= '' then
    first = redis.call('HGET', KEYS[17], ARGV[a + 1]) or id
  end
  if status then
    status = string.match(status, '^%a+')
  elseif first ~= id then
    status = ''
  elseif room <= 0 then
    status = 'RESOURCE_EXHAUSTED'
  else
    room = room - 1
    accept(a, key, number)
    status = 'pending'
  end
  result[#result + 1] = first
  result[#result + 1] = status
end

ledger_run('ZADD', KEYS[16], index)
ledger_commit()
return result
