-- Tells where several channels stand, at most 500 a call; creates nothing.
--
-- KEYS  history-meta of each channel
-- ARGV  none
-- Result  two for each channel: epoch or nil, last offset

local result = {}
for i, key in ipairs(KEYS) do
  local meta = redis.call('HMGET', key, 'epoch', 'last')
  result[2 * i - 1] = meta[1] or false
  result[2 * i] = tonumber(meta[2] or 0)
end
return result
