-- Gives a swarm amounts of one or several types, all or none, or a place in their lines. The same request id gets
-- the same answer; while it waits the call is repeated, to learn whether its turn has come.
--
-- KEYS  [1]-[6] see lib/resource; [7] memo of the swarm
-- ARGV  [1] prefix of the nodes' signal channels  [2] swarm  [3] its incarnation, 0 = administrator
--       [4] request id  [5] amounts, '<type>=<amount>;...'  [6] ms to wait  [7] deadline of a former answer, or 0
--       [8] node that waits  [9] waiters at most
-- Result  'OK', answer (see resource_answer)
--         'WAITING', deadline, ms left
--         'NOT_FOUND' or 'FENCED': the swarm;  'UNKNOWN', type
--         'TOO_MUCH', type, total: more than there is
--         'EXHAUSTED', type, available, 1 when others were first
--         'LINE_FULL', waiters
--         'OTHER': the request id is that of a call with other amounts

-- #include lib/time
-- #include lib/owner
-- #include lib/resource

local ms, swarm, request, memo = now_ms(), ARGV[2], ARGV[4], KEYS[7]
local r = resource_open(KEYS, ARGV[1], ms)
local owner = owner_check(redis.call('HGET', r.roster, swarm), ARGV[3])
if owner ~= 'OK' then
  return { owner }
end
local amounts = amounts_parse(ARGV[5])
local known = memo_get(memo, ALLOCATIONS, request)
if known then
  return { answer_is_to(known, amounts) and 'OK' or 'OTHER', known }
end
local types = amounts_types(amounts)
for _, type in ipairs(types) do
  if not resource_pool(r, type) then
    return { 'UNKNOWN', type }
  end
end

local function granted(what)
  local answer = resource_answer(r, what)
  redis.call('HDEL', memo, 'returned')
  memo_put(memo, ALLOCATIONS, request, answer)
  resource_count(r, 'allocated', 1)
  return { 'OK', answer }
end

local function refused(...)
  resource_count(r, 'refused', 1)
  return { ... }
end

-- What stands in the way: a type, and whether it is somebody who was first.
local function obstacle()
  for _, type in ipairs(types) do
    if line_head(r, type) then
      return type, 1
    elseif amounts[type] > resource_pool(r, type).available then
      return type, 0
    end
  end
end

-- Who repeats the request of a former owner takes its place, before that is found to be nobody's any more.
local id = swarm .. '|' .. request
local waiter = waiter_load(r, id)
if waiter and amounts_format(waiter.amounts) ~= amounts_format(amounts) then
  return { 'OTHER' }
end
if waiter and (waiter.node ~= ARGV[8] or waiter.incarnation ~= ARGV[3]) then
  waiter.node, waiter.incarnation = ARGV[8], ARGV[3]
  waiter_save(r, waiter)
end
resource_serve(r, types)
waiter = waiter and waiter_load(r, id)
if waiter and waiter.state == 'g' then
  redis.call('HDEL', r.waiters, id)
  return granted(waiter.amounts)
end
for _, type in ipairs(types) do
  local total = resource_pool(r, type).total
  if amounts[type] > total then
    return refused('TOO_MUCH', type, int(total))
  end
end
if waiter then
  return { 'WAITING', int(waiter.deadline), int(waiter.deadline - ms) }
end
local short, behind = obstacle()
if not short then
  resource_move(r, swarm, amounts, 1)
  return granted(amounts)
end
local deadline = ARGV[7] == '0' and ms + tonumber(ARGV[6]) or tonumber(ARGV[7])
if deadline <= ms then
  return refused('EXHAUSTED', short, int(resource_pool(r, short).available), behind)
end
local waiting = redis.call('HLEN', r.waiters)
if waiting >= tonumber(ARGV[9]) then
  return refused('LINE_FULL', waiting)
end
waiter_enter(r, { id = id, swarm = swarm, state = 'w', incarnation = ARGV[3], node = ARGV[8], deadline = deadline,
  amounts = amounts })
return { 'WAITING', int(deadline), int(deadline - ms) }
