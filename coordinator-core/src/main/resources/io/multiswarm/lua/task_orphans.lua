-- Tells which swarms may have tasks that they have no more right to: a page of those that gave credit at a time.
--
-- KEYS  [1] roster  [2] credit (hash: swarm id -> '<incarnation>:<granted>:<used>')
-- ARGV  [1] cursor, '0' at first  [2] about how many a page
-- Result  [1] next cursor, '0' after the last page  [2] ids of the page that are not attached

-- #include lib/owner

local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
local swarms, orphans = {}, {}
for i = 1, #page[2], 2 do
  swarms[#swarms + 1] = page[2][i]
end
-- A small hash comes whole, whatever its size.
for from = 1, #swarms, 1000 do
  local some = { unpack(swarms, from, math.min(from + 999, #swarms)) }
  for i, entry in ipairs(redis.call('HMGET', KEYS[1], unpack(some))) do
    if not owner_attached(entry) then
      orphans[#orphans + 1] = some[i]
    end
  end
end
return { page[1], orphans }
