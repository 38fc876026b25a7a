-- Finds the swarms that are attached to a node, a part of the roster a call.
--
-- KEYS  [1] roster (hash: swarm id -> '<incarnation>:<node>')
-- ARGV  [1] node  [2] cursor, '0' to begin  [3] entries to look at, roughly
-- Result  [1] next cursor, '0' at the end  [2] a list: id, incarnation, id, incarnation, …

local page = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
local held = {}
for i = 1, #page[2], 2 do
  local incarnation, node = string.match(page[2][i + 1], '^(%d+):(.*)$')
  if node == ARGV[1] then
    held[#held + 1] = page[2][i]
    held[#held + 1] = incarnation
  end
end
return { page[1], held }
