-- Assigns pending tasks to swarms that gave credit; by the leader alone. What does not fit any more (the task was
-- cancelled, the swarm left or has no credit) is left as it is and told.
--
-- KEYS  [1]-[15] see lib/task; [16] credit (hash: swarm id -> '<incarnation>:<granted>:<used>')
--       [17] holders (set: swarms that may have tasks)  [18] cursors (hash: round-robin ring -> swarm served last)
--       then for each swarm five: assigned (hash: task id -> '<attempt>:<lease ms>'), and the four of its channel;
--       then the hash of each task
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] epoch  [5] leading swarm  [6] prefix of the nodes' signal channels
--       [7] number of swarms, then their ids; number of cursors, then two each: ring, swarm id
--       then for each task four: swarm (1 = first), id, place, strategy
-- Result  [1] OK or FENCED
--         [2] for each task: 1 assigned, 0 not pending, -1 the swarm cannot take it
--         [3] four for each swarm: incarnation or '0' when not attached, credit granted, used, unfinished assignments

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/leader
-- #include lib/task

if leader_check(KEYS[10], KEYS[11], ARGV[4]) ~= 'OK' then
  return { 'FENCED' }
end

local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local epoch, leader, ms = ARGV[4], ARGV[5], now_ms()
local count = tonumber(ARGV[7])
local cursors = tonumber(ARGV[8 + count])
local first_item = 9 + count + 2 * cursors
local first_task_key = 19 + 5 * count

-- Who can take how much.
local swarms = {}
local names = { unpack(ARGV, 8, 7 + count) }
local entries = redis.call('HMGET', ROSTER, unpack(names))
local credits = redis.call('HMGET', KEYS[16], unpack(names))
for i, id in ipairs(names) do
  local swarm = { id = id, incarnation = '0', granted = 0, used = 0, key = 14 + 5 * i, given = {} }
  if owner_attached(entries[i]) then
    swarm.incarnation, swarm.node = string.match(entries[i], '^(%d+):(.*)$')
    local incarnation, granted, used = string.match(credits[i] or '', '^(%d+):(%d+):(%d+)$')
    if incarnation == swarm.incarnation then
      swarm.granted, swarm.used = tonumber(granted), tonumber(used)
    end
  end
  swarms[i] = swarm
end

local places = {}
for a = first_item, #ARGV, 4 do
  places[#places + 1] = ARGV[a + 2]
end
local waiting = #places > 0 and redis.call('ZMSCORE', PENDING, unpack(places)) or {}

local taken, nodes, result = {}, {}, {}

local function assign(swarm, task, place, strategy)
  local spec = task.more
  task.status, task.swarm, task.attempt = 'assigned', swarm.id, task.attempt + 1
  swarm.used = swarm.used + 1
  task_note(task, ms, 'assigned')
  task_save(task, 'by', leader .. ':' .. epoch .. ':' .. strategy)
  taken[place] = true
  ledger.unpend[#ledger.unpend + 1] = place
  ledger_add(ledger.lanes, place_lane(place), -1)
  ledger.lease[#ledger.lease + 1] = int(ms + task.lease)
  ledger.lease[#ledger.lease + 1] = swarm.id .. '|' .. task.id
  ledger_add(ledger.load, swarm.id, 1)
  ledger_add(ledger.stats, 'distributed', 1)
  if task.attempt > 1 then
    ledger_add(ledger.stats, 'redelivered', 1)
  end
  ledger_moved(task, '+' .. int(task.lease))
  local given = swarm.given
  given[#given + 1] = task.id
  given[#given + 1] = int(task.attempt) .. ':' .. int(task.lease)
  if not swarm.channel then
    local k = swarm.key
    swarm.channel = channel_open({ KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4] }, limits, ms)
  end
  event_append(swarm.channel, 'task', leader, 'task_assignment', '{"task":' .. spec .. ',"attempt":'
    .. int(task.attempt) .. ',"leaseMs":' .. int(task.lease) .. ',"assignedBy":"' .. leader .. '","epoch":' .. epoch
    .. ',"strategy":"' .. strategy .. '","swarmId":"' .. swarm.id .. '"}')
  ledger_list(nodes, swarm.node, swarm.id .. ' ' .. swarm.incarnation .. ' ' .. task.id .. ' ' .. int(task.attempt)
    .. ' ' .. int(task.lease) .. ' ' .. strategy .. '\n' .. spec)
end

for i, place in ipairs(places) do
  local a = first_item + 4 * (i - 1)
  local swarm = swarms[tonumber(ARGV[a])]
  local task = waiting[i] and not taken[place] and task_load(KEYS[first_task_key + i - 1], 'spec')
  if not task or task.status ~= 'pending' then
    result[i] = 0
  elseif swarm.used >= swarm.granted then
    result[i] = -1
  else
    assign(swarm, task, place, ARGV[a + 3])
    result[i] = 1
  end
end

ledger_commit()
local credit, holders, state = {}, {}, {}
for i, swarm in ipairs(swarms) do
  if swarm.channel then
    channel_close(swarm.channel)
    redis.call('HSET', KEYS[swarm.key], unpack(swarm.given))
    credit[#credit + 1] = swarm.id
    credit[#credit + 1] = swarm.incarnation .. ':' .. int(swarm.granted) .. ':' .. int(swarm.used)
    holders[#holders + 1] = swarm.id
  end
  local load = ledger.load[swarm.id] or tonumber(redis.call('HGET', LOAD, swarm.id) or 0)
  local at = 4 * i
  state[at - 3], state[at - 2], state[at - 1], state[at] = swarm.incarnation, swarm.granted, swarm.used, load
end
ledger_run('HSET', KEYS[16], credit)
ledger_run('SADD', KEYS[17], holders)
if cursors > 0 then
  redis.call('HSET', KEYS[18], unpack(ARGV, 9 + count, 8 + count + 2 * cursors))
end
for node, lines in pairs(nodes) do
  redis.call('PUBLISH', ARGV[6] .. node,
    'task-assigned ' .. leader .. ' ' .. epoch .. '\n' .. table.concat(lines, '\n'))
end
return { 'OK', result, state }
