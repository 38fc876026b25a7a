-- lib/task: a task's hash, and the ledger that turns the moves of a batch into few commands.
-- Needs lib/time, lib/channel and lib/event.
--
-- The first fifteen KEYS of every script that includes this (Java: TaskKeys.common):
--   [1]  roster      hash    swarm id -> '<incarnation>:<node>', an empty node while nobody is attached
--   [2]  pending     zset    places of tasks that may be assigned now, all of score 0: in order by lane, then time
--   [3]  lanes       hash    lane -> number of its places in pending
--   [4]  delayed     zset    places of pending tasks that must wait, by due time, ms
--   [5]  leases      zset    '<swarm>|<task>' by the ms at which the assignment's lease ends
--   [6]  load        hash    swarm id -> unfinished assignments; without those that have none
--   [7]  ended       zset    task id by the ms until which it is kept
--   [8]  stats       hash    counters
--   [9]  signals     channel to all nodes
--   [10] leadership  [11] leader, see lib/leader
--   [12]-[15]        the four of the channel swarm:tasks, see lib/channel
--
-- A place is '<lane>|<µs of submission, 16 digits>|<task id>'; lanes have no '|'. It never changes.
-- A task is a hash; its owner is whoever sweeps 'ended':
--   spec     JSON as submitted, with the defaults; without line breaks
--   state    '<status>:<attempt>:<failures>:<max failures>:<lease ms>:<swarm>'; the swarm that has it, or ended it
--   place    see above
--   history  JSON objects, one a line, the oldest dropped beyond 4 KB
--   from, dedupe, by, result, error, progress, answer   where there is one

local ROSTER, PENDING, LANES, DELAYED, LEASES = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local LOAD, ENDED, STATS, SIGNALS = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local HISTORY_BYTES = 4096

-- more: a further field (answer). Returns nil when there is no such task.
local function task_load(key, more)
  local values = redis.call('HMGET', key, 'state', 'history', 'place', 'from', more or 'answer')
  if not values[1] then
    return nil
  end
  local status, attempt, failures, most, lease, swarm =
    string.match(values[1], '^(%a+):(%d+):(%d+):(%d+):(%d+):(.*)$')
  return { key = key, status = status, attempt = tonumber(attempt), failures = tonumber(failures),
    most = most, lease = tonumber(lease), swarm = swarm, history = values[2], place = values[3],
    from = values[4] or '', more = values[5], id = string.match(values[3], '([^|]*)$') }
end

-- Notes a change in the history. reason: JSON text or nil.
local function task_note(task, ms, status, reason)
  local note = '{"at":' .. int(ms) .. ',"status":"' .. status .. '"'
  if task.attempt > 0 then
    note = note .. ',"attempt":' .. int(task.attempt)
  end
  if task.swarm ~= '' then
    note = note .. ',"swarmId":"' .. task.swarm .. '"'
  end
  if reason then
    note = note .. ',"reason":' .. reason
  end
  local history = task.history == '' and note .. '}' or task.history .. '\n' .. note .. '}'
  if #history > HISTORY_BYTES then
    local cut = string.find(history, '\n', #history - HISTORY_BYTES, true)
    history = cut and string.sub(history, cut + 1) or history
  end
  task.history = history
end

-- Writes status and history, and further fields and values.
local function task_save(task, ...)
  redis.call('HSET', task.key, 'state', task.status .. ':' .. int(task.attempt) .. ':'
    .. int(task.failures) .. ':' .. task.most .. ':' .. int(task.lease) .. ':' .. task.swarm,
    'history', task.history, ...)
end

local ledger = { pend = {}, delay = {}, unpend = {}, undelay = {}, lease = {}, unlease = {}, finish = {},
  lanes = {}, load = {}, stats = {}, moved = {}, unassign = {} }

local function ledger_add(sums, name, n)
  sums[name] = (sums[name] or 0) + n
end

local function ledger_list(lists, name, value)
  local list = lists[name]
  if not list then
    list = {}
    lists[name] = list
  end
  list[#list + 1] = value
end

-- Tells all nodes what became of a task. where: its place, '+<ms>' of delay or lease, or nil.
local function ledger_moved(task, where)
  ledger.moved[#ledger.moved + 1] = task.id .. ' ' .. task.status .. ' ' .. int(task.attempt) .. ' '
    .. (task.swarm == '' and '-' or task.swarm) .. ' ' .. (task.from == '' and '-' or task.from) .. ' '
    .. (where or '-')
end

local function place_lane(place)
  return string.match(place, '^([^|]*)')
end

-- The task may be assigned from now on, or after delay ms.
local function ledger_pend(task, ms, delay)
  if delay > 0 then
    ledger.delay[#ledger.delay + 1] = int(ms + delay)
    ledger.delay[#ledger.delay + 1] = task.place
    ledger_moved(task, '+' .. int(delay))
  else
    ledger.pend[#ledger.pend + 1] = 0
    ledger.pend[#ledger.pend + 1] = task.place
    ledger_add(ledger.lanes, place_lane(task.place), 1)
    ledger_moved(task, task.place)
  end
end

-- The swarm has the task no more. assigned: key of the swarm's hash
local function ledger_unassign(task, swarm, assigned)
  ledger.unlease[#ledger.unlease + 1] = swarm .. '|' .. task.id
  ledger_list(ledger.unassign, assigned, task.id)
  ledger_add(ledger.load, swarm, -1)
end

-- The task ended and is kept until the given time.
local function ledger_end(task, until_ms)
  ledger.finish[#ledger.finish + 1] = int(until_ms)
  ledger.finish[#ledger.finish + 1] = task.id
  ledger_add(ledger.stats, task.status, 1)
  ledger_moved(task)
end

local function ledger_write_loads()
  local swarms = {}
  for swarm in pairs(ledger.load) do
    swarms[#swarms + 1] = swarm
  end
  if #swarms == 0 then
    return
  end
  local loads, set, gone = redis.call('HMGET', LOAD, unpack(swarms)), {}, {}
  for i, swarm in ipairs(swarms) do
    local load = (tonumber(loads[i]) or 0) + ledger.load[swarm]
    ledger.load[swarm] = load
    if load > 0 then
      set[#set + 1] = swarm
      set[#set + 1] = int(load)
    else
      gone[#gone + 1] = swarm
    end
  end
  if #set > 0 then
    redis.call('HSET', LOAD, unpack(set))
  end
  if #gone > 0 then
    redis.call('HDEL', LOAD, unpack(gone))
  end
end

local function ledger_run(command, key, list)
  if #list > 0 then
    redis.call(command, key, unpack(list))
  end
end

-- Tells the node that has the swarm that a task is no longer the swarm's. prefix: of the nodes' signal channels
local function ledger_revoked(entry, prefix, task, swarm, reason)
  local incarnation, node = string.match(entry or '', '^(%d+):(.+)$')
  if node then
    redis.call('PUBLISH', prefix .. node, 'task-revoked ' .. swarm .. ' ' .. incarnation .. ' ' .. task.id .. ' '
      .. int(task.attempt) .. ' ' .. reason)
  end
end

-- Once a script, after all moves: writes them, and signals 'task-moved <swarm>=<load> …', then one line each:
-- '<task> <status> <attempt> <swarm or -> <submitter or -> <place, +ms of delay or lease, or ->'. Afterwards ledger.load has the new loads.
local function ledger_commit()
  ledger_run('ZREM', PENDING, ledger.unpend)
  ledger_run('ZREM', DELAYED, ledger.undelay)
  ledger_run('ZADD', PENDING, ledger.pend)
  ledger_run('ZADD', DELAYED, ledger.delay)
  ledger_run('ZREM', LEASES, ledger.unlease)
  ledger_run('ZADD', LEASES, ledger.lease)
  ledger_run('ZADD', ENDED, ledger.finish)
  for lane, n in pairs(ledger.lanes) do
    if n ~= 0 and redis.call('HINCRBY', LANES, lane, n) <= 0 then
      redis.call('HDEL', LANES, lane)
    end
  end
  for assigned, ids in pairs(ledger.unassign) do
    redis.call('HDEL', assigned, unpack(ids))
  end
  ledger_write_loads()
  for name, n in pairs(ledger.stats) do
    redis.call('HINCRBY', STATS, name, n)
  end
  if #ledger.moved > 0 then
    local loads = {}
    for swarm, load in pairs(ledger.load) do
      loads[#loads + 1] = swarm .. '=' .. int(load)
    end
    redis.call('PUBLISH', SIGNALS,
      'task-moved ' .. table.concat(loads, ' ') .. '\n' .. table.concat(ledger.moved, '\n'))
  end
end
