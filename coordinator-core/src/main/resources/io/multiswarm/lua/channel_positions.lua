-- Tells where several channels stand, at most 500 a call, fewer when their newest messages are large; begins nothing.
--
-- KEYS  the history-meta of each channel, then the history of each (see lib/channel)
-- ARGV  for each channel what is known of it (see lib/rewind)
-- Result  three for each channel: epoch, or nil when it has none or its history is lost or none; last offset;
--         1 when it lost what is known of it. Who is left out is to be asked about again.

-- #include lib/rewind

local MOST_BYTES = 262144
local count, result, bytes = #KEYS / 2, {}, 0
for i, meta in ipairs(redis.call('MGET', unpack(KEYS, 1, count))) do
  local history = KEYS[count + i]
  local epoch, last = string.match(meta or '', '^%d+ (%d+) ?(%d*)$')
  if last == '' then
    local newest = redis.pcall('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
    last = newest and string.match(newest[1], '-(%d+)$')
    -- The comparison reads it once more.
    bytes = bytes + (newest and 2 * #(newest[2][4] or '') or 0)
  end
  local lost = last and rewind_seen(history, epoch, last, ARGV[i])
  result[3 * i - 2] = last and epoch or false
  result[3 * i - 1] = last or 0
  result[3 * i] = lost and 1 or 0
  if bytes > MOST_BYTES then
    break
  end
end
return result
