-- Reads a page of a channel's history, oldest first.
--
-- KEYS  four of the channel (see lib/channel)
-- ARGV  [1] offset after which to read, or '-' for the newest  [2] messages at most  [3] bytes, roughly, at most
--       [4] ms that an empty channel's epoch is kept
-- Result  [1] epoch  [2] last offset  [3] first retained offset, 0 when none
--         [4] a list: offset, envelope, offset, envelope, …

-- #include lib/time

local meta = redis.call('HMGET', KEYS[2], 'epoch', 'last')
if not meta[1] then
  local epoch = int(now_us())
  redis.call('DEL', KEYS[3], KEYS[4])
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'last', '0')
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
  return { epoch, 0, 0, {} }
end

local oldest = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
if not oldest then
  return { meta[1], tonumber(meta[2]), 0, {} }
end

local first = tonumber(string.match(oldest[1], '^(%d+)'))
local from = ARGV[1]
if from == '-' then
  local newest = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', ARGV[2])
  from = string.match(newest[#newest][1], '^(%d+)') - 1
end

-- In steps, so that a page of large messages is cut by its bytes and not read whole first.
local page, count, bytes = {}, 0, 0
local limit, budget = tonumber(ARGV[2]), tonumber(ARGV[3])
local step = math.min(16, limit)
while count < limit and bytes < budget do
  local entries = redis.call('XRANGE', KEYS[3], int(from + 1), '+', 'COUNT', math.min(step, limit - count))
  for _, entry in ipairs(entries) do
    from = tonumber(string.match(entry[1], '^(%d+)'))
    count = count + 1
    bytes = bytes + #entry[2][2]
    page[2 * count - 1] = from
    page[2 * count] = entry[2][2]
    if bytes >= budget then
      break
    end
  end
  if #entries < step then
    break
  end
end
return { meta[1], tonumber(meta[2]), first, page }
