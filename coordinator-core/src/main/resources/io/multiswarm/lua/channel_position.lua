-- Tells where a channel stands; gives an epoch to one that never had a message.
--
-- KEYS  four of the channel (see lib/channel)
-- ARGV  [1] ms that an empty channel's epoch is kept
-- Result  [1] epoch  [2] last offset, 0 when empty  [3] first retained offset, 0 when none is retained

-- #include lib/time

local meta = redis.call('HMGET', KEYS[2], 'epoch', 'last')
if not meta[1] then
  local epoch = int(now_us())
  redis.call('DEL', KEYS[3], KEYS[4])
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'last', '0')
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
  return { epoch, 0, 0 }
end
local oldest = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
local first = oldest and tonumber(string.match(oldest[1], '^(%d+)')) or 0
return { meta[1], tonumber(meta[2]), first }
