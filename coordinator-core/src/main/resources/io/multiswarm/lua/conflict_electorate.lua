-- Notes a part of those who are asked to vote: of all swarms, the attached ones. Before the conflict is opened.
--
-- KEYS  [1] conflict  [2] electorate (see lib/conflict)  [3] roster
-- ARGV  [1] where the part begins, 0 at first
-- Result  where the next part begins, 0 when this was the last, or the conflict is known

-- #include lib/time
-- #include lib/owner

local DAY_MS, PART = 24 * 3600 * 1000, 500

if redis.call('EXISTS', KEYS[1]) == 1 then
  return '0'
end
local page, attached = redis.call('HSCAN', KEYS[3], ARGV[1], 'COUNT', PART), {}
for i = 1, #page[2], 2 do
  if owner_attached(page[2][i + 1]) then
    attached[#attached + 1] = page[2][i]
  end
end
for from = 1, #attached, 1000 do
  redis.call('SADD', KEYS[2], unpack(attached, from, math.min(from + 999, #attached)))
end
redis.call('PEXPIRE', KEYS[2], int(DAY_MS))
return page[1]
