#!lua flags=allow-oom
-- Gives up waiting. What was granted meanwhile, and not yet picked up, goes back.
--
-- KEYS  [1]-[6] see lib/resource
-- ARGV  [1] prefix of the nodes' signal channels  [2] waiter
-- Result  [1] 'OK'

-- #include lib/time
-- #include lib/owner
-- #include lib/resource

local r = resource_open(KEYS, ARGV[1], now_ms())
local waiter = waiter_load(r, ARGV[2])
if waiter then
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
