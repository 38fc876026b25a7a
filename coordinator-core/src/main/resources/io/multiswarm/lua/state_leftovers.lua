-- A page of the swarms that saved something and are not registered any more.
--
-- KEYS  [1] roster  [2] weights (see lib/weight)
-- ARGV  [1] cursor, '0' at first  [2] about how many a page
-- Result  [1] next cursor, '0' after the last page  [2] their ids

local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
local gone = {}
for i = 1, #page[2], 2 do
  local id = page[2][i]
  if string.sub(id, 1, 1) ~= '|' and redis.call('HEXISTS', KEYS[1], id) == 0 then
    gone[#gone + 1] = id
  end
end
return { page[1], gone }
