-- Tells which conflicts are not open any more, at most 500 a call.
--
-- KEYS  [1] open (zset, see lib/conflict)
-- ARGV  conflicts
-- Result  [1] those that are decided, or not known

local ended = {}
for _, id in ipairs(ARGV) do
  if not redis.call('ZSCORE', KEYS[1], id) then
    ended[#ended + 1] = id
  end
end
return { ended }
