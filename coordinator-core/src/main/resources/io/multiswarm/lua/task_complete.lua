#!lua flags=allow-oom
-- Accepts a batch of completions. One that was accepted before gets the same answer. One that comes too late is refused,
-- and kept with the task.
--
-- KEYS  [1]-[21] see lib/task; then for each completion the swarm's record
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] ms that the task is kept
--       then for each completion five: task id, swarm, its incarnation ('0': administrator), attempt, result (JSON)
-- Result  [1] bytes that ended tasks take, 0 when nothing changed
--         then one for each: OK, NOT_FOUND (the task), SWARM_NOT_FOUND, or FENCED; the last ones may be missing, and are
--         to be sent again

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task
-- #include lib/attempt

local kept = int(MS + ARGV[4])
local events = channel_open({ KEYS[17], KEYS[18], KEYS[19], KEYS[20] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, MS)
local completed, result, ended = {}, {}, ledger.ended

local ids, swarms = {}, {}
for a = 5, #ARGV, 5 do
  ids[#ids + 1], swarms[#swarms + 1] = ARGV[a], ARGV[a + 1]
end
local entries = redis.call('HMGET', ROSTER, unpack(swarms))
local records, count = task_records_some(ids)

-- from: who submitted the task; terms and rest: of the record, before and after its bytes
local function complete(id, swarm, attempt, from, terms, bytes, rest, value)
  local more = value == 'null' and 0 or #value
  local record = task_bounded('completed:' .. attempt .. ':' .. swarm .. ':' .. kept .. terms
    .. (more == 0 and bytes or int(bytes + more)) .. rest .. '\nC' .. AT .. ' ' .. attempt .. ' ' .. swarm .. ' ')
  records[id] = record
  ledger_add(ledger.stats, 'queueBytes', -QUEUED_BYTES - bytes)
  ledger_add(ledger.stats, 'endedBytes', ended_weight(record, bytes + more))
  ledger_record(id, record)
  ledger_unassign(id, attempt, swarm)
  ended[#ended + 1] = id
  ledger_moved(id, 'C', attempt, swarm, from, '-')
  if value ~= 'null' then
    ledger_detail(id, 'r', value)
  end
  task_announce_completion(events, id, swarm, attempt, value)
end

for i = 1, count do
  if attempt_full() then
    break
  end
  local id, a = ids[i], 5 * i
  local record = records[id]
  local swarm, attempt, incarnation = swarms[i], ARGV[a + 3], ARGV[a + 2]
  local status, current, holder, terms, bytes, at, from =
    match(record or '', '^(%a+):(%d+):([^:]*):%d+(:%d+:%d+:%d+:)(%d+)():([^:]*)')
  local holds = current == attempt and holder == swarm
  if not status then
    result[i] = 'NOT_FOUND'
  elseif holds and status == 'completed' then
    result[i] = 'OK'
  else
    local owner = owner_check(entries[i], incarnation)
    if owner ~= 'OK' then
      result[i] = owner == 'NOT_FOUND' and 'SWARM_NOT_FOUND' or owner
    elseif not holds or status ~= 'assigned' then
      attempt_keep_late(id, records, attempt, swarm, ARGV[a + 4])
      result[i] = 'FENCED'
    else
      complete(id, swarm, attempt, from, terms, bytes, sub(record, at), ARGV[a + 4])
      ledger_add(completed, KEYS[21 + i], 1)
      result[i] = 'OK'
    end
  end
end

channel_close(events)
if #ended > 0 then
  ledger.stats.completed = #ended
  table.insert(ended, 1, kept .. ':' .. AT)
end
ledger_commit()
for record, n in pairs(completed) do
  -- A record that is none concerns nobody's task.
  redis.pcall('HINCRBY', record, 'tasksCompleted', n)
end
return { ledger.stats.endedBytes or 0, unpack(result) }
