-- Reads tasks, at most 100 a call.
--
-- KEYS  [1] tasks  [2] specs  [3] details (see lib/task)
-- ARGV  the ids
-- Result  for each: nil, or spec, record, result, error, progress

local result = {}
local records = redis.call('HMGET', KEYS[1], unpack(ARGV))
local specs = redis.call('HMGET', KEYS[2], unpack(ARGV))
for i, id in ipairs(ARGV) do
  if records[i] then
    local details = redis.call('HMGET', KEYS[3], id .. '|r', id .. '|e', id .. '|p')
    result[i] = { specs[i], records[i], details[1], details[2], details[3] }
  else
    result[i] = false
  end
end
return result
