#!lua flags=allow-oom
-- Grants credit for a batch of swarms. A grant is a total since the swarm was attached, so that a repeated or
-- overtaken call changes nothing; an administrator's (incarnation '0') is an addition, and has a memo of its own. Passes
-- when memory is full, for what workers take makes room: a swarm has one field, whatever it is granted.
--
-- KEYS  [1] roster  [2] credit (hash: swarm id -> '<incarnation>:<granted>:<used>')  [3] signals (channel to all nodes)
--       then for each grant of an administrator a memo (string: the answer, TTL a minute)
-- ARGV  [1] unused credit at most at a time; what is granted beyond is honoured as it is used up; then for each three: swarm, incarnation, credit
-- Signals 'task-credit', then a line each: '<swarm> <incarnation>:<granted>:<used>'.
-- Result  two for each: OK, NOT_FOUND, FENCED, or DETACHED for an administrator's; the unused credit

-- #include lib/time
-- #include lib/owner

local MEMO_MS = 60000
local most = tonumber(ARGV[1])
local swarms, lines, set, result = {}, {}, {}, {}
for a = 2, #ARGV, 3 do
  swarms[#swarms + 1] = ARGV[a]
end
local entries = redis.call('HMGET', KEYS[1], unpack(swarms))
local credits = redis.call('HMGET', KEYS[2], unpack(swarms))
local latest, memos = {}, 3

-- Returns the unused credit.
local function grant(swarm, current, incarnation, n)
  local of, granted, used = string.match(latest[swarm] or '', '^(%d+):(%d+):(%d+)$')
  granted, used = tonumber(granted) or 0, tonumber(used) or 0
  if of ~= current then
    granted, used = 0, 0
  end
  granted = incarnation == '0' and granted + n or math.max(granted, n)
  latest[swarm] = current .. ':' .. int(granted) .. ':' .. int(used)
  set[#set + 1] = swarm
  set[#set + 1] = latest[swarm]
  lines[#lines + 1] = swarm .. ' ' .. latest[swarm]
  return math.min(most, granted - used)
end

for i, swarm in ipairs(swarms) do
  local incarnation, n = ARGV[3 * i], tonumber(ARGV[3 * i + 1])
  local answer, unused, memo, known = owner_check(entries[i], incarnation), 0, nil, nil
  if incarnation == '0' then
    memos = memos + 1
    memo = KEYS[memos]
    known = redis.call('GET', memo)
  end
  if answer == 'OK' and not owner_attached(entries[i]) then
    answer = memo and 'DETACHED' or 'FENCED'
  end
  if known then
    answer, unused = 'OK', tonumber(known)
  elseif answer == 'OK' then
    latest[swarm] = latest[swarm] or credits[i] or ''
    unused = grant(swarm, string.match(entries[i], '^%d+'), incarnation, n)
    if memo then
      redis.call('SET', memo, int(unused), 'PX', MEMO_MS)
    end
  end
  result[2 * i - 1], result[2 * i] = answer, unused
end
if #set > 0 then
  redis.call('HSET', KEYS[2], unpack(set))
  redis.call('PUBLISH', KEYS[3], 'task-credit ' .. table.concat(lines, '\n'))
end
return result
