-- Reads pools and who holds what, in one step.
--
-- KEYS  [1] pools  [2] holdings (see lib/resource)
-- ARGV  [1] type, '' for all  [2] swarm, '' for all
-- Result  [1] type and pool in turn  [2] swarm and holding in turn

local function entries(key, field)
  if field == '' then
    return redis.call('HGETALL', key)
  end
  local value = redis.call('HGET', key, field)
  return value and { field, value } or {}
end

return { entries(KEYS[1], ARGV[1]), entries(KEYS[2], ARGV[2]) }
