#!lua flags=allow-oom
-- Gives up waiting. What was granted meanwhile, and not yet picked up, goes back. Who waits in the same place by now,
-- because the swarm was attached anew and repeated the request, goes on waiting.
--
-- KEYS  [1]-[6] see lib/resource
-- ARGV  [1] prefix of the nodes' signal channels  [2] waiter  [3] incarnation that gives up, 0 = administrator  [4] its node
-- Result  [1] 'OK'

-- #include lib/time
-- #include lib/owner
-- #include lib/resource

local r = resource_open(KEYS, ARGV[1], now_ms())
local waiter = waiter_load(r, ARGV[2])
if waiter and waiter.incarnation == ARGV[3] and waiter.node == ARGV[4] then
  waiter_leave(r, waiter)
  local held = resource_held(r, waiter.swarm)
  if waiter.state == 'g' then
    local back = {}
    for type, amount in pairs(waiter.amounts) do
      local some = math.min(amount, held[type] or 0)
      back[type] = some > 0 and some or nil
    end
    resource_move(r, waiter.swarm, back, -1)
  end
  resource_serve(r, amounts_types(waiter.amounts))
end
return { 'OK' }
