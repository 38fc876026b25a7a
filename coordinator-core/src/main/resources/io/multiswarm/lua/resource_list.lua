-- Reads pools and who holds what: in one step when there are few holders, else a page of them.
--
-- KEYS  [1] pools  [2] holdings (see lib/resource)
-- ARGV  [1] type, '' for all  [2] swarm, '' for all  [3] where the page begins, 0 at first
-- Result  [1] type and pool in turn  [2] swarm and holding in turn; with pages, one may come twice
--         [3] where the next page begins, 0 when this was the last

local FEW = 500

local function entries(key, field)
  if field == '' then
    return redis.call('HGETALL', key)
  end
  local value = redis.call('HGET', key, field)
  return value and { field, value } or {}
end

local pools = entries(KEYS[1], ARGV[1])
if ARGV[2] ~= '' or ARGV[3] == '0' and redis.call('HLEN', KEYS[2]) <= FEW then
  return { pools, entries(KEYS[2], ARGV[2]), '0' }
end
local page = redis.call('HSCAN', KEYS[2], ARGV[3], 'COUNT', FEW)
return { pools, page[2], page[1] }
