-- Reads what the distribution must know of swarms, at most 100 a call.
--
-- KEYS  [1] roster  [2] credit  [3] load; then the record of each swarm
-- ARGV  the ids
-- Result  four for each: incarnation, '0' when not attached; metadata (JSON); '<incarnation>:<granted>:<used>' or '';
--         unfinished assignments

local entries = redis.call('HMGET', KEYS[1], unpack(ARGV))
local credits = redis.call('HMGET', KEYS[2], unpack(ARGV))
local loads = redis.call('HMGET', KEYS[3], unpack(ARGV))
local result = {}
for i = 1, #ARGV do
  local incarnation = string.match(entries[i] or '', '^(%d+):.') or '0'
  local at = 4 * i
  result[at - 3], result[at - 2] = incarnation, '{}'
  if incarnation ~= '0' then
    result[at - 2] = redis.call('HGET', KEYS[3 + i], 'metadata') or '{}'
  end
  result[at - 1], result[at] = credits[i] or '', tonumber(loads[i] or 0)
end
return result
