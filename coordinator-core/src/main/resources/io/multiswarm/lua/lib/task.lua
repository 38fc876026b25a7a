-- lib/task: a task's record, and the ledger that turns the moves of a batch into few commands.
-- Needs lib/time, lib/channel and lib/event.
--
-- The first twenty-one KEYS of every script that includes this (Java: TaskKeys.common):
--   [1]  roster      hash    swarm id -> '<incarnation>:<node>', an empty node while nobody is attached
--   [2]  tasks       hash    task id -> record, see below
--   [3]  specs       hash    task id -> JSON as submitted, with the defaults; without line breaks
--   [4]  details     hash    '<task id>|<letter>' -> r result, e error (JSON), p '<attempt> <progress, JSON>',
--                            a answered report, d dedupe key, h what became of attempts, l late results (see lib/attempt)
--   [5]  pending     zset    places of tasks that may be assigned now, all of score 0: in order by lane, then time
--   [6]  lanes       hash    lane -> number of its places in pending
--   [7]  delayed     zset    places of pending tasks that must wait, by due time, ms
--   [8]  assigned    zset    '<swarm>|<task>|<attempt>' of all assignments, of score 0: in order by swarm
--   [9]  leases      zset    '<unique> <task>:<attempt> …', at most 100, by the ms at which to look at their leases
--   [10] load        hash    swarm id -> unfinished assignments; without those that have none
--   [11] ended       list    '<until ms>:<ended at ms> <task> …': tasks that were completed or cancelled, in the order of
--                            their ends
--   [12] dead        list    likewise
--   [13] stats       hash    counters
--   [14] signals     channel to all nodes
--   [15] leadership  [16] leader, see lib/leader
--   [17]-[20]        the four of the channel swarm:tasks, see lib/channel
--   [21] waiting     hash    label of a principal -> its pending tasks; without those that have none
--
-- A place is '<lane>|<µs of submission, 16 digits>|<task id>'; lanes have no '|'. It never changes.
--
-- A record begins with what changes most:
--   <status>:<attempt>:<swarm>:<due ms>:<failures>:<max failures>:<lease ms>:<bytes>:<submitter>:<place>
-- and, of a task that has a type or a known principal, their labels, with a space before each (Java: TaskHead.labels).
-- bytes    of what was submitted and of the details
-- status   pending, delayed (pending, but not yet), assigned, completed, dead or cancelled
-- swarm    that has it or ended it
-- due      end of the lease of an assigned task; of an ended one, the time until which it is kept
-- Then the notes of its history, a line each, the oldest dropped beyond 4 KB:
--   <letter><ms> <attempt> <swarm or -> <'<leader>:<epoch>:<strategy>' of an assignment; a reason (JSON text); or nothing>
-- letter   P pending, A assigned, F failed, C completed, D dead, X cancelled
--
-- Ended tasks, and leases that were given back, are not taken out of 'leases', 'ended' and 'dead' but passed over when
-- their time comes: the record decides. That saves two commands a task.
--
-- Two counters of 'stats' weigh the tasks: queueBytes those that have not ended, endedBytes the others. What a task
-- weighs follows from its record alone, so that what was added for it is what is subtracted.

local ROSTER, TASKS, SPECS, DETAILS, PENDING, LANES = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local DELAYED, ASSIGNED, LEASES, LOAD, ENDED, DEAD = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local STATS, SIGNALS, WAITING = KEYS[13], KEYS[14], KEYS[21]
local NOTES_BYTES, LOOK_MS, LOOK_TASKS = 4096, 60000, 100
local MANY, PIECE = 16, 8000

-- What a task takes beside its bytes: records, indexes, tables; of one that has ended the record is known.
local QUEUED_BYTES, ENDED_BYTES = 1024, 512

-- Bytes of records after which a script leaves the others of its batch to the next call: each is copied several times,
-- and Lua reads every byte of every copy.
local RECORDS_BYTES, SLICE = 131072, 32

-- Lua turns numbers into text slowly, and Redis those that it is given; so what is used twice is text once.
local US = now_us()
local MS = math.floor(US / 1000)
local AT = int(MS)

local match, sub, find, concat = string.match, string.sub, string.find, table.concat

-- Small numbers come again and again.
local texts = {}

local function text(n)
  local known = texts[n] or int(n)
  texts[n] = known
  return known
end

local ledger = { records = {}, details = {}, pend = {}, delay = {}, unpend = {}, undelay = {}, assign = {}, unassign = {},
  looks = {}, ended = {}, dead = {}, lanes = {}, load = {}, stats = {}, waiting = {}, moved = { '' } }

local function task_line(letter, attempt, swarm, more)
  return '\n' .. letter .. AT .. ' ' .. attempt .. ' ' .. (swarm == '' and '-' or swarm) .. ' ' .. more
end

-- The record as it is to be kept: without its oldest notes, when there are many.
local function task_bounded(record)
  if #record > NOTES_BYTES then
    local head = find(record, '\n', 1, true)
    if #record - head >= NOTES_BYTES then
      local cut = find(record, '\n', #record - NOTES_BYTES, true)
      return cut and sub(record, 1, head - 1) .. sub(record, cut) or record
    end
  end
  return record
end

-- Reads records. Returns a table by id, where what changes is put back, as a batch may name a task twice.
local function task_records(ids)
  local records = {}
  for i, record in ipairs(#ids > 0 and redis.call('HMGET', TASKS, unpack(ids)) or {}) do
    records[ids[i]] = record
  end
  return records
end

-- As task_records, of as many as may be handled in one call. Returns their number, too: at least one, if there is one.
local function task_records_some(ids)
  local records, bytes, read = {}, 0, 0
  while read < #ids and bytes < RECORDS_BYTES do
    local last = math.min(#ids, read + SLICE)
    for i, record in ipairs(redis.call('HMGET', TASKS, unpack(ids, read + 1, last))) do
      records[ids[read + i]] = record
      bytes = bytes + (record and #record or 0)
    end
    read = last
  end
  return records, read
end

-- A record as a table, for moves that are rare; the frequent ones exchange its beginning. nil when there is none, or what
-- is there is none.
local function task_parse(id, record)
  if not record then
    return nil
  end
  local status, attempt, swarm, due, failures, most, lease, bytes, from, place, label, notes =
    match(record, '^(%a+):(%d+):([^:]*):(%d+):(%d+):(%d+):(%d+):(%d+):([^:]*):(%S+|%d+|%S+)([^\n]*)(.*)$')
  return status and { id = id, status = status, attempt = attempt, swarm = swarm, due = due, failures = tonumber(failures),
    most = most, lease = lease, bytes = tonumber(bytes), from = from, place = place, label = label, notes = notes }
end

local function task_load(id)
  return task_parse(id, redis.call('HGET', TASKS, id))
end

local function task_note(task, letter, reason)
  task.notes = task.notes .. task_line(letter, task.attempt, task.swarm, reason or '')
end

local function ledger_record(id, record)
  local records = ledger.records
  records[#records + 1] = id
  records[#records + 1] = record
end

local function ledger_add(sums, name, n)
  sums[name] = (sums[name] or 0) + n
end

local function ended_weight(record, bytes)
  return ENDED_BYTES + #record + bytes
end

local function task_save(task)
  local record = task_bounded(task.status .. ':' .. task.attempt .. ':' .. task.swarm .. ':' .. task.due .. ':'
    .. int(task.failures) .. ':' .. task.most .. ':' .. task.lease .. ':' .. int(task.bytes) .. ':' .. task.from .. ':'
    .. task.place .. task.label .. task.notes)
  ledger_record(task.id, record)
  if task.ends then
    ledger_add(ledger.stats, 'endedBytes', ended_weight(record, task.bytes))
  end
end

local function ledger_detail(id, letter, value)
  local details = ledger.details
  details[#details + 1] = id .. '|' .. letter
  details[#details + 1] = value
end

-- Replaces a detail of a task that has not ended. The caller saves it.
local function task_detail(task, letter, value)
  local more = #value - redis.call('HSTRLEN', DETAILS, task.id .. '|' .. letter)
  ledger_detail(task.id, letter, value)
  task.bytes = task.bytes + more
  ledger_add(ledger.stats, 'queueBytes', more)
end

local function ledger_list(lists, name, value)
  local list = lists[name]
  if not list then
    list = {}
    lists[name] = list
  end
  list[#list + 1] = value
end

-- Publishes lines, of which those after the first belong together by step; more than PIECE bytes in several messages,
-- the later ones with a first line of their own. A text that fits Lua's buffer is put together once, and a longer one
-- three times.
local function publish_lines(channel, lines, step, head)
  local first, bytes = 1, #lines[1]
  for i = 2, #lines, step do
    local more = step
    for l = i, i + step - 1 do
      more = more + #lines[l]
    end
    if bytes + more > PIECE and i > first + 1 then
      redis.call('PUBLISH', channel, concat(lines, '\n', first, i - 1))
      first, lines[i - 1], bytes = i - 1, head, #head
    end
    bytes = bytes + more
  end
  redis.call('PUBLISH', channel, concat(lines, '\n', first))
end

-- Tells all nodes what became of a task. letter: its status; where: its place, '+<ms>' of delay or lease, or '-'.
local function ledger_moved(id, letter, attempt, swarm, from, where)
  local moved = ledger.moved
  moved[#moved + 1] = id .. ' ' .. letter .. ' ' .. attempt .. ' ' .. (swarm == '' and '-' or swarm) .. ' '
    .. (from == '' and '-' or from) .. ' ' .. where
end

-- The principal in a task's labels, with the space before them; nil when none is known.
local function label_principal(label)
  return match(label, '^ %S+ (%S+)')
end

-- So many tasks more, or less, of a principal are pending; nil for nobody's.
local function ledger_waits(principal, n)
  if principal then
    ledger_add(ledger.waiting, principal, n)
  end
end

local function place_lane(place)
  return match(place, '^[^|]*')
end

-- The task may be assigned from now on, or after delay ms.
local function ledger_pend(id, attempt, from, place, delay)
  if delay > 0 then
    ledger.delay[#ledger.delay + 1] = int(MS + delay)
    ledger.delay[#ledger.delay + 1] = place
    ledger_moved(id, 'P', attempt, '', from, '+' .. int(delay))
  else
    local pend = ledger.pend
    pend[#pend + 1] = '0'
    pend[#pend + 1] = place
    ledger_add(ledger.lanes, place_lane(place), 1)
    ledger_moved(id, 'P', attempt, '', from, place)
  end
end

-- The task's lease must be looked at when it is due, or in a minute: so long at most is what ended before kept in mind.
local function ledger_look(id, attempt, due)
  ledger_list(ledger.looks, math.min(due, MS + LOOK_MS), id .. ':' .. attempt)
end

-- The swarm has the task no more.
local function ledger_unassign(id, attempt, swarm)
  ledger.unassign[#ledger.unassign + 1] = swarm .. '|' .. id .. '|' .. attempt
  ledger_add(ledger.load, swarm, -1)
end

-- The task ended as dead or cancelled, and is kept until the given time. The caller saves it.
local function ledger_end(task, until_ms)
  local list = task.status == 'dead' and ledger.dead or ledger.ended
  task.due, task.ends = int(until_ms), true
  list[1] = list[1] or task.due .. ':' .. AT
  list[#list + 1] = task.id
  ledger_add(ledger.stats, 'queueBytes', -QUEUED_BYTES - task.bytes)
  ledger_add(ledger.stats, task.status, 1)
  ledger_moved(task.id, task.status == 'dead' and 'D' or 'X', task.attempt, task.swarm, task.from, '-')
end

local function ledger_run(command, key, list)
  if #list > 0 then
    redis.call(command, key, unpack(list))
  end
end

-- Writes fields of a hash of which so many are wanted. Redis keeps a small hash as a list and searches it from its beginning: when many of a hundred
-- fields are wanted, that is four times the work. A long value makes a table of it, which it stays while it has entries.
-- Where OBJECT is refused, a table may be made of what is one already, which costs a field.
local function hash_write(key, fields, wanted)
  local n = #fields
  if wanted > MANY and redis.pcall('OBJECT', 'ENCODING', key) ~= 'hashtable' then
    fields[n + 1], fields[n + 2] = '', string.rep(' ', 1024)
    redis.call('HSET', key, unpack(fields))
    redis.call('HDEL', key, '')
  else
    ledger_run('HSET', key, fields)
  end
end

-- Adds to the counts of a hash, which has none that are zero.
local function ledger_sum(key, sums)
  for field, n in pairs(sums) do
    if n ~= 0 and count_add(key, field, n) <= 0 then
      redis.call('HDEL', key, field)
    end
  end
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
      set[#set + 1] = text(load)
    else
      gone[#gone + 1] = swarm
    end
  end
  hash_write(LOAD, set, #set / 2)
  ledger_run('HDEL', LOAD, gone)
end

local function ledger_write_looks()
  local looks, unique = {}, int(US)
  for look, tasks in pairs(ledger.looks) do
    for i = 1, #tasks, LOOK_TASKS do
      looks[#looks + 1] = int(look)
      looks[#looks + 1] = unique .. '.' .. #looks .. ' '
        .. concat(tasks, ' ', i, math.min(i + LOOK_TASKS - 1, #tasks))
    end
  end
  ledger_run('ZADD', LEASES, looks)
end

-- Tells the node that has the swarm that a task is no longer the swarm's. prefix: of the nodes' signal channels
local function ledger_revoked(prefix, task, reason)
  local incarnation, node = match(redis.call('HGET', ROSTER, task.swarm) or '', '^(%d+):(.+)$')
  if node then
    redis.call('PUBLISH', prefix .. node, 'task-revoked ' .. task.swarm .. ' ' .. incarnation .. ' ' .. task.id .. ' '
      .. task.attempt .. ' ' .. reason)
  end
end

local SMALL_RESULT = 1024
local completion_middle

-- Tells of a completion on swarm:tasks. events: the opened channel; value: the result, JSON
local function task_announce_completion(events, id, swarm, attempt, value)
  completion_middle = completion_middle or event_middle(AT, 'task', 'task_completed') .. '{"taskId":"'
  local small = #value <= SMALL_RESULT
  channel_append_new(events, event_id() .. swarm .. completion_middle .. id .. '","swarmId":"' .. swarm .. '","attempt":'
    .. attempt .. (small and ',"status":"completed","result":' or ',"status":"completed"') .. (small and value or '') .. '}'
    .. EVENT_END)
end

-- Once a script, after all moves: writes them, and signals 'task-moved <swarm>=<load> …' (in the first message, when the
-- lines are too many for one), then a line each:
-- '<task> <letter of its status> <attempt> <swarm or -> <submitter or -> <place, +ms of delay or lease, or ->'.
-- Afterwards ledger.load has the new loads, and ledger.stats the new values of the counters.
local function ledger_commit()
  ledger_run('HSET', TASKS, ledger.records)
  ledger_run('HSET', DETAILS, ledger.details)
  ledger_run('ZREM', PENDING, ledger.unpend)
  ledger_run('ZREM', DELAYED, ledger.undelay)
  ledger_run('ZADD', PENDING, ledger.pend)
  ledger_run('ZADD', DELAYED, ledger.delay)
  ledger_run('ZREM', ASSIGNED, ledger.unassign)
  ledger_run('ZADD', ASSIGNED, ledger.assign)
  ledger_write_looks()
  if #ledger.ended > 0 then
    redis.call('RPUSH', ENDED, concat(ledger.ended, ' '))
  end
  if #ledger.dead > 0 then
    redis.call('RPUSH', DEAD, concat(ledger.dead, ' '))
  end
  ledger_sum(LANES, ledger.lanes)
  ledger_sum(WAITING, ledger.waiting)
  ledger_write_loads()
  for name, n in pairs(ledger.stats) do
    ledger.stats[name] = count_add(STATS, name, int(n))
  end
  if #ledger.moved > 1 then
    local loads = {}
    for swarm, load in pairs(ledger.load) do
      loads[#loads + 1] = swarm .. '=' .. text(load)
    end
    ledger.moved[1] = 'task-moved ' .. concat(loads, ' ')
    publish_lines(SIGNALS, ledger.moved, 1, 'task-moved ')
  end
end
