#!lua flags=allow-oom
-- Assigns pending tasks to swarms that gave credit; by the leader alone. What does not fit any more (the task was
-- cancelled, the swarm left or has no credit) is left as it is and told.
--
-- KEYS  [1]-[21] see lib/task; [22] credit (hash: swarm id -> '<incarnation>:<granted>:<used>')
--       [23] cursors (hash: round-robin ring -> swarm served last)
--       [24] paused (set: ids of the swarms that are given no tasks, '*' for all)
-- ARGV  [1] epoch  [2] leading swarm  [3] prefix of the nodes' signal channels, [4] of the swarms' channels
--       [5] number of swarms, [6] of cursors  [7] rings at most, beyond which all are forgotten
--       then the swarms, and two for each cursor: ring, swarm
--       then for each task three: one of the swarms, strategy, place
-- Publishes 'task_assignment' on each swarm's channel, live: the record has it, so no history needs to. And signals
-- 'task-assigned <leader> <epoch>' to the nodes of the swarms, then for each assignment two lines:
-- '<swarm> <incarnation> <task> <attempt> <lease ms> <bytes> <strategy>', of a later attempt with what became of those
-- before (a JSON array) as a further word, and the task.
-- A large task stays where it is, and so does what became of its attempts: its line is empty, and they are for others to
-- read and to publish, without a script.
-- Result  [1] OK, FENCED, or PAUSED when nobody may be given tasks
--         [2] numbers (1 = first) of the tasks that are still pending: their swarm cannot take them, or the call was full
--         [3] for each swarm '<incarnation, 0 when not attached or paused>:<credit granted>:<used>:<unfinished assignments>'
--         [4] for each assignment of a large task '<its number> <attempt> <lease ms>'  [5] ms of the assignments
--         [6] for each assignment the ms since when its task had waited: since its submission; of a later attempt, with a
--             plus before it, since the end of the one before

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/leader
-- #include lib/task

if leader_check(KEYS[15], KEYS[16], ARGV[1]) ~= 'OK' then
  return { 'FENCED' }
end

local epoch, leader = ARGV[1], ARGV[2]
local count, cursors = tonumber(ARGV[5]), tonumber(ARGV[6])
local first_swarm = 8
local first_cursor = first_swarm + count
local paused = redis.call('SMISMEMBER', KEYS[24], '*', unpack(ARGV, first_swarm, first_cursor - 1))
if paused[1] == 1 then
  return { 'PAUSED' }
end
local first_item = first_cursor + 2 * cursors

-- Who can take how much, and the channel on which it is told.
local swarms = {}

local function read_swarms()
  local entries = redis.call('HMGET', ROSTER, unpack(ARGV, first_swarm, first_cursor - 1))
  local credits = redis.call('HMGET', KEYS[22], unpack(ARGV, first_swarm, first_cursor - 1))
  for i = 1, count do
    local id = ARGV[first_swarm + i - 1]
    local swarm = { id = id, incarnation = '0', granted = '0', used = 0, free = 0, given = 0, node = false,
      channel = ARGV[4] .. id }
    if owner_attached(entries[i]) and paused[i + 1] == 0 then
      swarm.incarnation, swarm.node = match(entries[i], '^(%d+):(.*)$')
      local incarnation, granted, used = match(credits[i] or '', '^(%d+):(%d+):(%d+)$')
      if incarnation == swarm.incarnation then
        swarm.granted, swarm.used, swarm.free = granted, tonumber(used), granted - used
      end
    end
    swarms[i], swarms[id] = swarm, swarm
  end
end

if count > 0 then
  hash_write(ROSTER, {}, count)
  read_swarms()
end

-- What a strategy's assignments have in common: the end of the note, and of the message.
local message = leader .. event_middle(AT, 'task', 'task_assignment') .. '{"task":'
local chosen = {}

local function choice(strategy)
  local by = { note = ' ' .. leader .. ':' .. epoch .. ':' .. strategy, name = ' ' .. strategy,
    data = ',"assignedBy":"' .. leader .. '","epoch":' .. epoch .. ',"strategy":"' .. strategy .. '","swarmId":"' }
  chosen[strategy] = by
  return by
end

-- A place has 16 digits between its lane and its task.
local ids, lanes, submitted = {}, {}, {}
for a = first_item + 2, #ARGV, 3 do
  local place = ARGV[a]
  local n, bar = #ids + 1, find(place, '|', 1, true)
  lanes[n], ids[n], submitted[n] = sub(place, 1, bar - 1), sub(place, bar + 18), sub(place, bar + 1, bar + 13)
end
local records, count_read = task_records_some(ids)

-- What comes along is copied three times.
local SMALL, SMALL_TOGETHER = 16384, 131072
local specs, late = {}, {}

local function read_specs()
  local small, numbers, bytes = {}, {}, 0
  for i = 1, count_read do
    local size = tonumber(match(records[ids[i]] or '', '^pending:%d+::0:%d+:%d+:%d+:(%d+):'))
    if size and size <= SMALL then
      bytes = bytes + size
      if bytes <= SMALL_TOGETHER then
        small[#small + 1], numbers[#numbers + 1] = ids[i], i
      else
        late[i] = true
      end
    elseif size then
      specs[i] = redis.call('HEXISTS', SPECS, ids[i]) == 1 and ''
    end
  end
  for n, spec in ipairs(#small > 0 and redis.call('HMGET', SPECS, unpack(small)) or {}) do
    specs[numbers[n]] = spec
  end
end

read_specs()

-- The ends of leases, by their length, as text.
local dues = {}

local function due_after(lease)
  local due = dues[lease] or int(MS + lease)
  dues[lease] = due
  return due
end

local nodes, rejected, large, since, redelivered, distributed = {}, {}, {}, {}, 0, 0
local head = 'task-assigned ' .. leader .. ' ' .. epoch
local unpend, assigned, moved = ledger.unpend, ledger.assign, ledger.moved

-- What became of the attempts before, as a further word of a header: a JSON array.
local function earlier(id)
  local told = redis.call('HGET', DETAILS, id .. '|h')
  return told and ' [' .. string.gsub(told, '\n', ',') .. ']' or ''
end

-- before: the attempt before; lease, bytes and from: of the record; rest: all of it from the failures on
local function assign(i, swarm, by, before, lease, bytes, from, rest)
  local id, spec, place = ids[i], specs[i], ARGV[first_item + 3 * i - 1]
  local attempt = before == '0' and '1' or int(before + 1)
  local record = task_bounded('assigned:' .. attempt .. ':' .. swarm.id .. ':' .. due_after(lease) .. rest
    .. '\nA' .. AT .. ' ' .. attempt .. ' ' .. swarm.id .. by.note)
  records[id] = record
  ledger_record(id, record)
  swarm.given, swarm.free = swarm.given + 1, swarm.free - 1
  distributed = distributed + 1
  since[distributed] = attempt == '1' and submitted[i] or '+' .. (match(rest, '.*\n%a(%d+)') or AT)
  if attempt ~= '1' then
    redelivered = redelivered + 1
  end
  unpend[#unpend + 1] = place
  ledger_waits(match(rest, '^%S+ %S+ (%S+)'), -1)
  assigned[2 * distributed - 1] = '0'
  assigned[2 * distributed] = swarm.id .. '|' .. id .. '|' .. attempt
  ledger_look(id, attempt, MS + lease)
  moved[#moved + 1] = id .. ' A ' .. attempt .. ' ' .. swarm.id .. (from == '' and ' - +' or ' ') .. from
    .. (from == '' and '' or ' +') .. lease
  if spec == '' then
    large[#large + 1] = text(i) .. ' ' .. attempt .. ' ' .. lease
  else
    redis.call('PUBLISH', swarm.channel, EVENT_LIVE .. event_id() .. message .. spec .. ',"attempt":' .. attempt
      .. ',"leaseMs":' .. lease .. by.data .. swarm.id .. '"}' .. EVENT_END)
  end
  local lines = nodes[swarm.node]
  if not lines then
    lines = { head }
    nodes[swarm.node] = lines
  end
  local n = #lines
  lines[n + 1] = swarm.id .. ' ' .. swarm.incarnation .. ' ' .. id .. ' ' .. attempt .. ' ' .. lease .. ' ' .. bytes .. by.name
    .. ((attempt == '1' or spec == '') and '' or earlier(id))
  lines[n + 2] = spec
end

for i, id in ipairs(ids) do
  local a, record = first_item + 3 * (i - 1), records[id]
  local swarm, place = swarms[ARGV[a]], ARGV[a + 2]
  if i > count_read or late[i] then
    rejected[#rejected + 1] = i
  else
    -- Nobody has a pending task, and nothing of it is due.
    local before, at, lease, bytes, from = match(record or '', '^pending:(%d+)::0():%d+:%d+:(%d+):(%d+):([^:]*)')
    if not before or specs[i] == false then
      -- Redis lost the task, or has something else in its place: the others must not wait for it.
      if redis.call('ZSCORE', PENDING, place) then
        unpend[#unpend + 1] = place
        ledger_add(ledger.lanes, lanes[i], -1)
      end
    elseif swarm.free <= 0 then
      rejected[#rejected + 1] = i
    else
      assign(i, swarm, chosen[ARGV[a + 1]] or choice(ARGV[a + 1]), before, lease, bytes, from, sub(record, at))
      ledger_add(ledger.lanes, lanes[i], -1)
    end
  end
end

if distributed > 0 then
  ledger.stats.distributed = distributed
end
if redelivered > 0 then
  ledger.stats.redelivered = redelivered
end
for i = 1, count do
  if swarms[i].given > 0 then
    ledger.load[swarms[i].id] = swarms[i].given
  end
end
ledger_commit()
local credit, states = {}, {}
for i = 1, count do
  local swarm = swarms[i]
  local id, state = swarm.id, swarm.incarnation .. ':' .. swarm.granted .. ':' .. int(swarm.used + swarm.given)
  if swarm.given > 0 then
    credit[#credit + 1] = id
    credit[#credit + 1] = state
    states[i] = state .. ':' .. text(ledger.load[id])
  else
    states[i] = state .. ':' .. (redis.call('HGET', LOAD, id) or '0')
  end
end
hash_write(KEYS[22], credit, #credit / 2)
if cursors > 0 then
  if redis.call('HLEN', KEYS[23]) > tonumber(ARGV[7]) then
    redis.call('DEL', KEYS[23])
  end
  redis.call('HSET', KEYS[23], unpack(ARGV, first_cursor, first_item - 1))
end
for node, lines in pairs(nodes) do
  publish_lines(ARGV[3] .. node, lines, 2, head)
end
return { 'OK', rejected, concat(states, ' '), large, AT, concat(since, ' ') }
