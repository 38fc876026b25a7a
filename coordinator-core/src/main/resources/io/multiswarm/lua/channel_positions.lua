-- Tells where several channels stand, at most 500 a call; begins nothing.
--
-- KEYS  the history-meta of each channel, then the history of each (see lib/channel)
-- ARGV  two for each channel: an offset at which it stood once, and how the message at that offset begins, or ''
-- Result  three for each channel: epoch, or nil when it has none or its history is lost; last offset;
--         1 when another message has the offset that was asked for, if the epoch is the same

-- #include lib/time
-- #include lib/channel

local count, result = #KEYS / 2, {}
for i, meta in ipairs(redis.call('MGET', unpack(KEYS, 1, count))) do
  local history = KEYS[count + i]
  local epoch, last = string.match(meta or '', '^%d+ (%d+) ?(%d*)$')
  if last == '' then
    local newest = redis.call('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
    last = newest and string.match(newest[1], '-(%d+)$')
  end
  local other = last and channel_is_other(history, epoch .. '-' .. ARGV[2 * i - 1], ARGV[2 * i])
  result[3 * i - 2] = last and epoch or false
  result[3 * i - 1] = last or 0
  result[3 * i] = other and 1 or 0
end
return result
