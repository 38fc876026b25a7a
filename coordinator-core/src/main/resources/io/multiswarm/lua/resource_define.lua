-- Makes a pool, or changes its total.
--
-- KEYS  [1]-[6] see lib/resource
-- ARGV  [1] prefix of the nodes' signal channels  [2] type  [3] total  [4] 1 when idle holders are to give it back
--       [5] pools at most
-- Result  'OK', available; 'FAILED_PRECONDITION', what is held of it; or 'RESOURCE_EXHAUSTED' for one pool too many

-- #include lib/time
-- #include lib/owner
-- #include lib/resource

local r = resource_open(KEYS, ARGV[1], now_ms())
local type, total = ARGV[2], tonumber(ARGV[3])
local pool = resource_pool(r, type)
local held = pool and pool.total - pool.available or 0
if held > total then
  return { 'FAILED_PRECONDITION', int(held) }
end
if not pool and redis.call('HLEN', r.pool_key) >= tonumber(ARGV[5]) then
  return { 'RESOURCE_EXHAUSTED' }
end
resource_pool_save(r, type, { total = total, available = total - held, reclaim = ARGV[4] })
resource_serve(r, { type })
return { 'OK', int(resource_pool(r, type).available) }
