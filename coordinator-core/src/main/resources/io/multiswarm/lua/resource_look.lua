-- Tells which waiters are not in their lines any more, at most 500 a call: they were served, or passed over. Serves the
-- lines before, for who was first in one may be gone without a word.
--
-- KEYS  [1]-[6] see lib/resource
-- ARGV  [1] prefix of the nodes' signal channels; then waiters
-- Result  [1] those that do not wait any more

-- #include lib/time
-- #include lib/owner
-- #include lib/resource

local r = resource_open(KEYS, ARGV[1], now_ms())
resource_serve(r, redis.call('HKEYS', r.pool_key))
local waiters, gone = { unpack(ARGV, 2) }, {}
for i, value in ipairs(redis.call('HMGET', r.waiters, unpack(waiters))) do
  if not value or string.sub(value, 1, 2) ~= 'w|' then
    gone[#gone + 1] = waiters[i]
  end
end
return { gone }
