-- Tells where several channels stand, at most 500 a call; begins nothing.
--
-- KEYS  the history-meta of each channel, then the history of each (see lib/channel)
-- ARGV  none
-- Result  two for each channel: epoch, or nil when it has none or its history is lost; last offset

local count, result = #KEYS / 2, {}
for i, meta in ipairs(redis.call('MGET', unpack(KEYS, 1, count))) do
  local epoch, last = string.match(meta or '', '^%d+ (%d+) ?(%d*)$')
  if last == '' then
    local newest = redis.call('XREVRANGE', KEYS[count + i], '+', '-', 'COUNT', 1)[1]
    last = newest and string.match(newest[1], '-(%d+)$')
  end
  result[2 * i - 1] = last and epoch or false
  result[2 * i] = last or 0
end
return result
