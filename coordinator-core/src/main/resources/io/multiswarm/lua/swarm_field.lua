-- Reads one field of swarms, at most 500 a call, fewer when they are large.
--
-- KEYS  the record of each swarm
-- ARGV  [1] field
-- Result  a text for each swarm: the field's JSON, '' of one that has none, '\' of a record that is no hash. Who is left
--         out is to be asked about again.

local MOST_BYTES, bytes, result = 262144, 0, {}
for i, record in ipairs(KEYS) do
  if bytes > MOST_BYTES then
    break
  end
  local text = redis.pcall('HGET', record, ARGV[1])
  result[i] = type(text) == 'table' and '\\' or text or ''
  bytes = bytes + #result[i]
end
return result
