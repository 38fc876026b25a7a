-- Reads counters and sizes, as of one moment.
--
-- KEYS  any, at most 100
-- ARGV  for each key the command that reads it: HGETALL, HLEN, SCARD or ZCARD
-- Result  for each key what its command gives: names and values in turn, or a number

local result = {}
for i, key in ipairs(KEYS) do
  result[i] = redis.call(ARGV[i], key)
end
return result
