#!lua flags=allow-oom
-- Renews leases for a swarm whose node does that by itself. A lease that is over stays over.
--
-- KEYS  [1] roster  [2] leases (zset, see lib/task)
-- ARGV  [1] swarm  [2] its incarnation; then for each task two: id, lease ms
-- Result  [1] OK, NOT_FOUND or FENCED

-- #include lib/time
-- #include lib/owner

local owner = owner_check(redis.call('HGET', KEYS[1], ARGV[1]), ARGV[2])
if owner ~= 'OK' then
  return { owner }
end
local ms, leases = now_ms(), {}
for a = 3, #ARGV, 2 do
  leases[#leases + 1] = int(ms + ARGV[a + 1])
  leases[#leases + 1] = ARGV[1] .. '|' .. ARGV[a]
end
if #leases > 0 then
  redis.call('ZADD', KEYS[2], 'XX', unpack(leases))
end
return { 'OK' }
