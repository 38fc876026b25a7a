#!lua flags=allow-oom
-- Assigns pending tasks to swarms that gave credit; by the leader alone. What does not fit any more (the task was
-- cancelled, the swarm left or has no credit) is left as it is and told.
--
-- KEYS  [1]-[20] see lib/task; [21] credit (hash: swarm id -> '<incarnation>:<granted>:<used>')
--       [22] cursors (hash: round-robin ring -> swarm served last); then for each swarm the four of its channel
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] epoch  [5] leading swarm  [6] prefix of the nodes' signal channels
--       [7] number of swarms, [8] of strategies, [9] of cursors  [10] rings at most, beyond which all are forgotten
--       then the swarms, the strategies, and two for each cursor: ring, swarm
--       then for each task three: swarm (1 = first), strategy (1 = first), place
-- Result  [1] OK or FENCED
--         [2] numbers (1 = first) of the tasks that are still pending because their swarm cannot take them
--         [3] for each swarm '<incarnation, 0 when not attached>:<credit granted>:<used>:<unfinished assignments>'

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/leader
-- #include lib/task

if leader_check(KEYS[15], KEYS[16], ARGV[4]) ~= 'OK' then
  return { 'FENCED' }
end

local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local epoch, leader = ARGV[4], ARGV[5]
local count, strategies, cursors = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local first_strategy = 11 + count
local first_cursor = first_strategy + strategies
local first_item = first_cursor + 2 * cursors

-- Who can take how much.
local swarms = {}
local names = { unpack(ARGV, 11, 10 + count) }
local entries = redis.call('HMGET', ROSTER, unpack(names))
local credits = redis.call('HMGET', KEYS[21], unpack(names))
for i, id in ipairs(names) do
  local swarm = { id = id, incarnation = '0', granted = 0, used = 0, first_key = 19 + 4 * i }
  if owner_attached(entries[i]) then
    swarm.incarnation, swarm.node = match(entries[i], '^(%d+):(.*)$')
    local incarnation, granted, used = match(credits[i] or '', '^(%d+):(%d+):(%d+)$')
    if incarnation == swarm.incarnation then
      swarm.granted, swarm.used = tonumber(granted), tonumber(used)
    end
  end
  swarms[i] = swarm
end

-- What a strategy's assignments have in common: the end of the note, and of the message.
local chosen = {}
for s = 1, strategies do
  local strategy = ARGV[first_strategy + s - 1]
  chosen[s] = { name = strategy, by = leader .. ':' .. epoch .. ':' .. strategy,
    data = ',"assignedBy":"' .. leader .. '","epoch":' .. epoch .. ',"strategy":"' .. strategy .. '","swarmId":"' }
end

-- A place has 16 digits between its lane and its task.
local ids, lanes = {}, {}
for a = first_item, #ARGV, 3 do
  local n, place = #ids + 1, ARGV[a + 2]
  local bar = find(place, '|', 1, true)
  lanes[n], ids[n] = sub(place, 1, bar - 1), sub(place, bar + 18)
end
local records = task_records(ids)
local specs = #ids > 0 and redis.call('HMGET', SPECS, unpack(ids)) or {}

-- The ends of leases, by their length, as text.
local dues = {}

local function due_after(lease)
  local due = dues[lease] or int(MS + lease)
  dues[lease] = due
  return due
end

local nodes, rejected, redelivered, distributed = {}, {}, 0, 0

local function assign(swarm, id, spec, place, lane, by)
  local former = records[id]
  local colon = find(former, ':', 9, true)
  -- Nobody has it, and nothing is due: '::0' follows.
  local before, rest = sub(former, 9, colon - 1), sub(former, colon + 3)
  local lease, from = match(rest, '^:%d+:%d+:(%d+):([^:]*)')
  local attempt = before == '0' and '1' or int(before + 1)
  local record = task_bounded('assigned:' .. attempt .. ':' .. swarm.id .. ':' .. due_after(lease) .. rest
    .. '\nA' .. AT .. ' ' .. attempt .. ' ' .. swarm.id .. ' ' .. by.by)
  records[id] = record
  ledger_record(id, record)
  swarm.used = swarm.used + 1
  distributed = distributed + 1
  if attempt ~= '1' then
    redelivered = redelivered + 1
  end
  ledger.unpend[#ledger.unpend + 1] = place
  ledger.assign[2 * distributed - 1] = '0'
  ledger.assign[2 * distributed] = swarm.id .. '|' .. id .. '|' .. attempt
  ledger_add(ledger.lanes, lane, -1)
  ledger_add(ledger.load, swarm.id, 1)
  ledger_look(id, attempt, MS + lease)
  ledger_moved(id, 'A', attempt, swarm.id, from, '+' .. lease)
  if not swarm.channel then
    local k = swarm.first_key
    swarm.channel = channel_open({ KEYS[k], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3] }, limits, MS)
  end
  event_append(swarm.channel, 'task', leader, 'task_assignment', '{"task":', spec,
    ',"attempt":' .. attempt .. ',"leaseMs":' .. lease .. by.data .. swarm.id .. '"}')
  local lines = nodes[swarm.node]
  if not lines then
    lines = { 'task-assigned ' .. leader .. ' ' .. epoch }
    nodes[swarm.node] = lines
  end
  lines[#lines + 1] = swarm.id .. ' ' .. swarm.incarnation .. ' ' .. id .. ' ' .. attempt .. ' ' .. lease
    .. ' ' .. by.name
  lines[#lines + 1] = spec
end

for i, id in ipairs(ids) do
  local a = first_item + 3 * (i - 1)
  local swarm, record = swarms[tonumber(ARGV[a])], records[id]
  if not (record and specs[i]) then
    -- Redis lost the task: nothing waits at its place, and the others must not wait for it.
    if redis.call('ZSCORE', PENDING, ARGV[a + 2]) then
      ledger.unpend[#ledger.unpend + 1] = ARGV[a + 2]
      ledger_add(ledger.lanes, lanes[i], -1)
    end
  elseif sub(record, 1, 8) == 'pending:' then
    if swarm.used >= swarm.granted then
      rejected[#rejected + 1] = i
    else
      assign(swarm, id, specs[i], ARGV[a + 2], lanes[i], chosen[tonumber(ARGV[a + 1])])
    end
  end
end

if distributed > 0 then
  ledger.stats.distributed = distributed
end
if redelivered > 0 then
  ledger.stats.redelivered = redelivered
end
ledger_commit()
local credit, states = {}, {}
for i, swarm in ipairs(swarms) do
  local state = swarm.incarnation .. ':' .. int(swarm.granted) .. ':' .. int(swarm.used)
  if swarm.channel then
    channel_close(swarm.channel)
    credit[#credit + 1] = swarm.id
    credit[#credit + 1] = state
  end
  local load = ledger.load[swarm.id]
  states[i] = state .. ':' .. (load and int(load) or redis.call('HGET', LOAD, swarm.id) or '0')
end
ledger_run('HSET', KEYS[21], credit)
if cursors > 0 then
  if redis.call('HLEN', KEYS[22]) > tonumber(ARGV[10]) then
    redis.call('DEL', KEYS[22])
  end
  redis.call('HSET', KEYS[22], unpack(ARGV, first_cursor, first_item - 1))
end
for node, lines in pairs(nodes) do
  redis.call('PUBLISH', ARGV[6] .. node, table.concat(lines, '\n'))
end
return { 'OK', rejected, table.concat(states, ' ') }
