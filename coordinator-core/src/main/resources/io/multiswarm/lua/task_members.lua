-- Reads what the distribution must know of swarms, at most 100 a call, fewer when their metadata is large.
--
-- KEYS  [1] roster  [2] credit  [3] load; then the record of each swarm
-- ARGV  the ids
-- Result  four for each: incarnation, '0' when not attached; metadata (JSON); '<incarnation>:<granted>:<used>' or '';
--         unfinished assignments. Metadata of a record that is no hash is ''.
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
  local at = 4 * i
  result[at - 3], result[at - 2] = incarnation, '{}'
  if incarnation ~= '0' then
    local metadata = redis.pcall('HGET', KEYS[3 + i], 'metadata') or '{}'
    result[at - 2] = type(metadata) == 'string' and metadata or ''
    bytes = bytes + #result[at - 2]
  end
  result[at - 1], result[at] = credits[i] or '', tonumber(loads[i] or 0) or 0
end
return result
