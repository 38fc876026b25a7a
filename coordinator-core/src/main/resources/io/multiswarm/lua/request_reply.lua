-- Answers a request, once. The same call again gets the same answer.
--
-- KEYS  [1] request (hash: to, node)  [2] roster  [3] reply (string: nonce, space, answer; TTL [6])
-- ARGV  [1] responder  [2] its incarnation  [3] request id  [4] answer as JSON: {from, data} or {from, error}
--       [5] nonce of this call  [6] ms that the answer can be fetched  [7] prefix of nodes' signal channels
-- Result  status OK, NOT_FOUND (answered already, or its time is over), PERMISSION_DENIED (another swarm was
--         asked) or FENCED

-- #include lib/owner

local request = redis.call('HMGET', KEYS[1], 'to', 'node')
if not request[1] then
  local given = redis.call('GET', KEYS[3])
  local same = given and string.sub(given, 1, #ARGV[5] + 1) == ARGV[5] .. ' '
  return { same and 'OK' or 'NOT_FOUND' }
end
if request[1] ~= ARGV[1] then
  return { 'PERMISSION_DENIED' }
end
local owner = owner_check(redis.call('HGET', KEYS[2], ARGV[1]), ARGV[2])
if owner ~= 'OK' then
  return { owner }
end

redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[3], ARGV[5] .. ' ' .. ARGV[4], 'PX', ARGV[6])
redis.call('PUBLISH', ARGV[7] .. request[2], 'reply ' .. ARGV[3] .. ' ' .. ARGV[4])
return { 'OK' }
