#!lua flags=allow-oom
-- Renews the leases of a batch of assignments.
--
-- KEYS  [1]-[21] see lib/task
-- ARGV  for each five: task id, swarm, its incarnation ('0': administrator), attempt, progress (JSON) or ''
-- Result  two for each: OK, NOT_FOUND (the task), SWARM_NOT_FOUND or FENCED; the lease, ms. The last ones may be missing,
--         and are to be sent again.

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task

local ids, swarms, result = {}, {}, {}
for a = 1, #ARGV, 5 do
  ids[#ids + 1], swarms[#swarms + 1] = ARGV[a], ARGV[a + 1]
end
local entries = redis.call('HMGET', ROSTER, unpack(swarms))
local records, count = task_records_some(ids)

-- Keeps the progress; returns the record with other bytes. A batch may name a task twice.
local written = {}

local function report(id, record, progress)
  local from, bytes, rest = match(record, '^%a+:%d+:[^:]*:%d+:%d+:%d+:%d+:()(%d+)()')
  local more = #progress - (written[id] or redis.call('HSTRLEN', DETAILS, id .. '|p'))
  written[id] = #progress
  ledger_detail(id, 'p', progress)
  ledger_add(ledger.stats, 'queueBytes', more)
  return sub(record, 1, from - 1) .. int(bytes + more) .. sub(record, rest)
end

for i = 1, count do
  local id, a = ids[i], 5 * i - 4
  local record = records[id]
  local answer, lease = owner_check(entries[i], ARGV[a + 2]), 0
  if answer == 'OK' then
    local head = 'assigned:' .. ARGV[a + 3] .. ':' .. swarms[i] .. ':'
    local rest = record and sub(record, 1, #head) == head
      and match(record, '^%d+(:%d+:%d+:%d+:%d+:.*)$', #head + 1)
    if rest then
      lease = tonumber(match(rest, '^:%d+:%d+:(%d+)'))
      records[id] = head .. int(MS + lease) .. rest
      if ARGV[a + 4] ~= '' then
        records[id] = report(id, records[id], ARGV[a + 3] .. ' ' .. ARGV[a + 4])
      end
      ledger_record(id, records[id])
    else
      answer = record and 'FENCED' or 'NOT_FOUND'
    end
  elseif answer == 'NOT_FOUND' then
    answer = 'SWARM_NOT_FOUND'
  end
  result[2 * i - 1], result[2 * i] = answer, lease
end
ledger_commit()
return result
