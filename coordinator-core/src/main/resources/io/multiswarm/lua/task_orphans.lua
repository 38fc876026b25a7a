-- Tells which swarms may have tasks that they have no more right to: a page of holders at a time.
--
-- KEYS  [1] roster  [2] holders (set: swarms that may have tasks)
-- ARGV  [1] cursor, '0' at first  [2] about how many a page
-- Result  [1] next cursor, '0' after the last page  [2] ids of the page that are not attached

-- #include lib/owner

local page = redis.call('SSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
local orphans = {}
if #page[2] > 0 then
  local entries = redis.call('HMGET', KEYS[1], unpack(page[2]))
  for i, swarm in ipairs(page[2]) do
    if not owner_attached(entries[i]) then
      orphans[#orphans + 1] = swarm
    end
  end
end
return { page[1], orphans }
