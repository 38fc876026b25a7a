#!lua flags=allow-oom
-- Cancels or revives those of some tasks, at most 100 a call, that are still as they were when they were found.
--
-- KEYS  [1]-[21] see lib/task; [22] memo (string: the first two of the answer, TTL a minute), for a call that comes twice
-- ARGV  [1] 'cancel' or 'retry'  [2] ms that a cancelled task is kept  [3] prefix of the nodes' signal channels
--       [4] status that they must have, [5] swarm that must have or have ended them; '' for any
--       then for each two: task id, place
-- Result  [1] how many were changed  [2] of how many that was decided; the others are to be sent again
--         [3] when some were changed, the bytes that ended tasks take

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/task
-- #include lib/decision

local MEMO_MS = 60000
local known = redis.call('GET', KEYS[22])
if known then
  local changed, count = match(known, '^(%d+) (%d+)$')
  return { tonumber(changed), tonumber(count), 0 }
end
local ids, changed = {}, 0
for a = 6, #ARGV, 2 do
  ids[#ids + 1] = ARGV[a]
end
local records, count = task_records_some(ids)

local function is_wanted(task, place)
  local status = task.status == 'delayed' and 'pending' or task.status
  return task.place == place and (ARGV[4] == '' or ARGV[4] == status) and (ARGV[5] == '' or ARGV[5] == task.swarm)
end

for i = 1, count do
  local id = ids[i]
  local task = task_parse(id, records[id])
  if task and is_wanted(task, ARGV[5 + 2 * i]) then
    local done
    if ARGV[1] == 'cancel' then
      done = decision_cancel(task, ARGV[3], tonumber(ARGV[2]), '')
    else
      done = decision_retry(task, records[id], 'retry')
    end
    changed = changed + (done and 1 or 0)
  end
end
if changed > 0 then
  ledger_commit()
  redis.call('SET', KEYS[22], int(changed) .. ' ' .. int(count), 'PX', MEMO_MS)
end
return { changed, count, ledger.stats.endedBytes or 0 }
