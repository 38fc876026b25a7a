-- Reads tasks, at most 100 a call.
--
-- KEYS  [1] tasks  [2] specs  [3] details (see lib/task)
-- ARGV  [1] bytes that may come along in all; then the ids
-- Result  for each: nil, or spec, record, result, error, progress, late results; of one that is too large nil in place of
--         the spec, and the record: the rest is to be read without a script, for Lua reads every byte

local left = tonumber(ARGV[1])
local result, small = {}, {}
local records = redis.call('HMGET', KEYS[1], unpack(ARGV, 2))
for i, record in ipairs(records) do
  result[i] = record and { false, record }
  local bytes = tonumber(string.match(record or '', '^%a+:%d+:[^:]*:%d+:%d+:%d+:%d+:(%d+):') or left + 1)
  if bytes <= left then
    left = left - bytes
    small[#small + 1] = i
  end
end
local ids = {}
for n, i in ipairs(small) do
  ids[n] = ARGV[i + 1]
end
local specs = #ids > 0 and redis.call('HMGET', KEYS[2], unpack(ids)) or {}
for n, i in ipairs(small) do
  local id = ids[n]
  local details = redis.call('HMGET', KEYS[3], id .. '|r', id .. '|e', id .. '|p', id .. '|l')
  result[i] = { specs[n], records[i], unpack(details) }
end
return result
