-- Grants credit for a batch of swarms. A grant is a total since the swarm was attached, so that a repeated or
-- overtaken call changes nothing; an administrator's (incarnation '0') is an addition.
--
-- KEYS  [1] roster  [2] credit (hash: swarm id -> '<incarnation>:<granted>:<used>')  [3] signals (channel to all nodes)
-- ARGV  [1] unused credit at most; then for each three: swarm, incarnation, credit
-- Signals 'task-credit', then a line each: '<swarm> <incarnation>:<granted>:<used>'.
-- Result  two for each: OK, NOT_FOUND, FENCED, or DETACHED for an administrator's; the unused credit

-- #include lib/time
-- #include lib/owner

local most = tonumber(ARGV[1])
local swarms, lines, set, result = {}, {}, {}, {}
for a = 2, #ARGV, 3 do
  swarms[#swarms + 1] = ARGV[a]
end
local entries = redis.call('HMGET', KEYS[1], unpack(swarms))
local credits = redis.call('HMGET', KEYS[2], unpack(swarms))
local latest = {}

for i, swarm in ipairs(swarms) do
  local incarnation, n = ARGV[3 * i], tonumber(ARGV[3 * i + 1])
  local answer, unused = owner_check(entries[i], incarnation), 0
  if answer == 'OK' and not owner_attached(entries[i]) then
    answer = incarnation == '0' and 'DETACHED' or 'FENCED'
  end
  if answer == 'OK' then
    local current = string.match(entries[i], '^(%d+)')
    local of, granted, used = string.match(latest[swarm] or credits[i] or '', '^(%d+):(%d+):(%d+)$')
    granted, used = tonumber(granted) or 0, tonumber(used) or 0
    if of ~= current then
      granted, used = 0, 0
    end
    local total = incarnation == '0' and granted + n or math.max(granted, n)
    granted = math.max(granted, math.min(total, used + most))
    unused = granted - used
    latest[swarm] = current .. ':' .. int(granted) .. ':' .. int(used)
    set[#set + 1] = swarm
    set[#set + 1] = latest[swarm]
    lines[#lines + 1] = swarm .. ' ' .. latest[swarm]
  end
  result[2 * i - 1], result[2 * i] = answer, unused
end
if #set > 0 then
  redis.call('HSET', KEYS[2], unpack(set))
  redis.call('PUBLISH', KEYS[3], 'task-credit ' .. table.concat(lines, '\n'))
end
return result
