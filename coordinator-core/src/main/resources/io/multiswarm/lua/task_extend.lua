#!lua flags=allow-oom
-- Renews the leases of a batch of assignments.
--
-- KEYS  [1]-[15] see lib/task; then for each two: the task's hash, the swarm's assigned hash
-- ARGV  for each five: task id, swarm, its incarnation ('0': administrator), attempt, progress (JSON) or ''
-- Result  two for each: OK, NOT_FOUND (the task), SWARM_NOT_FOUND or FENCED; the lease, ms

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/task

local ms = now_ms()
local swarms, result = {}, {}
for a = 1, #ARGV, 5 do
  swarms[#swarms + 1] = ARGV[a + 1]
end
local entries = redis.call('HMGET', ROSTER, unpack(swarms))

for a = 1, #ARGV, 5 do
  local i = (a - 1) / 5
  local key, id, swarm = KEYS[16 + 2 * i], ARGV[a], ARGV[a + 1]
  local answer, lease = owner_check(entries[i + 1], ARGV[a + 2]), 0
  if answer == 'OK' then
    local held = redis.call('HGET', KEYS[17 + 2 * i], id)
    local attempt, ttl = string.match(held or '', '^(%d+):(%d+)$')
    if attempt == ARGV[a + 3] then
      lease = tonumber(ttl)
      ledger.lease[#ledger.lease + 1] = int(ms + lease)
      ledger.lease[#ledger.lease + 1] = swarm .. '|' .. id
      if ARGV[a + 4] ~= '' then
        redis.call('HSET', key, 'progress', ARGV[a + 4])
      end
    else
      answer = redis.call('EXISTS', key) == 1 and 'FENCED' or 'NOT_FOUND'
    end
  elseif answer == 'NOT_FOUND' then
    answer = 'SWARM_NOT_FOUND'
  end
  result[2 * i + 1], result[2 * i + 2] = answer, lease
end
ledger_commit()
return result
