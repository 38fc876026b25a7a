-- Reads counters and sizes, as of one moment.
--
-- KEYS  any, at most 100
-- ARGV  for each key the command that reads it: HGETALL, HLEN, SCARD or ZCARD
-- Result  for each key what its command gives: names and values in turn, or a number; nothing, or 0, for a key of another
--         type, which somebody else wrote

local result = {}
for i, key in ipairs(KEYS) do
  local told = redis.pcall(ARGV[i], key)
  if type(told) == 'table' and told.err then
    if not string.find(told.err, 'WRONGTYPE', 1, true) then
      return told
    end
    told = ARGV[i] == 'HGETALL' and {} or 0
  end
  result[i] = told
end
return result
