-- The least that a publish which keeps a history can be: the next offset, the append, the wake-up.
-- KEYS[1]   hash: channel -> last offset
-- KEYS[1+i] stream: the history of the channel ARGV[2i-1], the last 1000 or so
-- ARGV[2i-1] a channel
-- ARGV[2i]   the message for it
-- Result: the offsets, in the order of the messages
local offsets = {}
for i = 1, #KEYS - 1 do
  local channel, message = ARGV[2 * i - 1], ARGV[2 * i]
  local offset = string.format('%.0f', redis.call('HINCRBY', KEYS[1], channel, 1))
  redis.call('XADD', KEYS[1 + i], 'MAXLEN', '~', 1000, offset .. '-0', 'm', message)
  redis.call('PUBLISH', channel, offset .. ':' .. message)
  offsets[i] = tonumber(offset)
end
return offsets
