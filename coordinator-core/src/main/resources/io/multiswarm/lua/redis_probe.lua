#!lua flags=allow-oom
-- Tries commands on a key that holds a text, where most of them do nothing.
--
-- KEYS  [1] string, TTL 10 s: of the node that probes  [2] a key of the fleet, untouched: a cluster must have both
-- ARGV  a command each, its words with a space between them; $ is [1]
-- Result  number of the command and error, for each that failed otherwise than by the type of the key

local result = {}
for i, line in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(line, '[^ ]+') do
    words[#words + 1] = word == '$' and KEYS[1] or word
  end
  local told = redis.pcall(unpack(words))
  if type(told) == 'table' and told.err and not string.find(told.err, '^WRONGTYPE') then
    result[#result + 1] = i
    result[#result + 1] = told.err
  end
end
return result
