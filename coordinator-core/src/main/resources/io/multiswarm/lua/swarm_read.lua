-- Reads swarms, at most 200 a call, fewer when they are large.
--
-- KEYS  [1] roster  [2] heartbeats  [3] load; then the record of each swarm
-- ARGV  the id of each swarm
-- Result  one for each swarm: nil, or what swarm_fields of lib/registry gives; an empty list for a record that is no hash.
--         Who is left out is to be asked about again.

-- #include lib/time

local FIELDS = { 'id', 'objective', 'strategy', 'mode', 'maxAgents', 'status', 'createdAt', 'lastActivity',
  'agents', 'metadata', 'tasksCompleted', 'tasksFailed', 'messagesSent', 'errors', 'incarnation', 'rev', 'paused' }

local result = {}
if #ARGV == 0 then
  return result
end
local entries = redis.call('HMGET', KEYS[1], unpack(ARGV))
local beats = redis.call('ZMSCORE', KEYS[2], unpack(ARGV))
local loads = redis.call('HMGET', KEYS[3], unpack(ARGV))
local MOST_BYTES, bytes = 262144, 0
for i = 1, #ARGV do
  if bytes > MOST_BYTES then
    break
  end
  local values = entries[i] and redis.pcall('HMGET', KEYS[3 + i], unpack(FIELDS))
  if values and values.err then
    result[i] = {}
  elseif values and values[1] then
    local n = #FIELDS
    bytes = bytes + #(values[2] or '') + #(values[9] or '') + #(values[10] or '')
    values[n] = values[n] or '0'
    values[n + 1] = string.sub(entries[i], -1) ~= ':' and 1 or 0
    values[n + 2] = beats[i] and int(beats[i]) or values[7]
    values[n + 3] = loads[i] or '0'
    result[i] = values
  else
    result[i] = false
  end
end
return result
