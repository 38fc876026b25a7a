#!lua flags=allow-oom
-- Takes back what a swarm holds of one type, or a part of it. The same request id gets the same answer.
--
-- KEYS  [1]-[6] see lib/resource; [7] memo of the swarm
-- ARGV  [1] prefix of the nodes' signal channels  [2] swarm  [3] its incarnation, 0 = administrator
--       [4] request id  [5] type  [6] amount, '' for all
-- Result  'OK', answer (see resource_answer);  'NOT_FOUND' or 'FENCED': the swarm;  'UNKNOWN': the type;
--         'FAILED_PRECONDITION', what it holds;  'OTHER': the request id is that of another release

-- #include lib/time
-- #include lib/owner
-- #include lib/resource

local r = resource_open(KEYS, ARGV[1], now_ms())
local swarm, request, type, memo = ARGV[2], ARGV[4], ARGV[5], KEYS[7]
local owner = owner_check(redis.call('HGET', r.roster, swarm), ARGV[3])
if owner ~= 'OK' then
  return { owner }
end
local known = memo_get(memo, RELEASES, request)
if known then
  local same = string.match(known, '^([^ ]+) ') == type
    and (ARGV[6] == '' or answer_is_to(known, { [type] = tonumber(ARGV[6]) }))
  return { same and 'OK' or 'OTHER', known }
end
if not resource_pool(r, type) then
  return { 'UNKNOWN' }
end
local held = resource_held(r, swarm)[type] or 0
local amount = ARGV[6] == '' and held or tonumber(ARGV[6])
if amount > held then
  return { 'FAILED_PRECONDITION', int(held) }
end
if amount > 0 then
  resource_move(r, swarm, { [type] = amount }, -1)
  resource_count(r, 'released', 1)
  resource_serve(r, { type })
end
local answer = resource_answer(r, { [type] = amount })
memo_put(memo, RELEASES, request, answer)
return { 'OK', answer }
