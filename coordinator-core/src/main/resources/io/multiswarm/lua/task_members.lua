-- Reads what the distribution must know of swarms, at most 100 a call, fewer when their metadata is large.
--
-- KEYS  [1] roster  [2] credit  [3] load; then the record of each swarm
-- ARGV  the ids
-- Result  five for each: incarnation, '0' when not attached; metadata (JSON); '<incarnation>:<granted>:<used>' or '';
--         unfinished assignments; 1 when it is paused, else 0. Metadata of a record that is no hash is ''.
--         Who is left out is to be asked about again.

local entries = redis.call('HMGET', KEYS[1], unpack(ARGV))
local credits = redis.call('HMGET', KEYS[2], unpack(ARGV))
local loads = redis.call('HMGET', KEYS[3], unpack(ARGV))
local MOST_BYTES = 65536
local result, bytes = {}, 0
for i = 1, #ARGV do
  if bytes > MOST_BYTES then
    break
  end
  local incarnation = string.match(entries[i] or '', '^(%d+):.') or '0'
  local at, record = 5 * i - 4, {}
  if incarnation ~= '0' then
    record = redis.pcall('HMGET', KEYS[3 + i], 'metadata', 'paused')
    record = record.err and { '' } or record
  end
  result[at], result[at + 1], result[at + 2] = incarnation, record[1] or '{}', credits[i] or ''
  result[at + 3], result[at + 4] = tonumber(loads[i] or 0) or 0, record[2] == '1' and 1 or 0
  bytes = bytes + #result[at + 1]
end
return result
