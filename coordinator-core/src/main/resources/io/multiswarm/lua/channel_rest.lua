#!lua flags=allow-oom
-- Puts channels to rest that said nothing for so long that all of their history is too old: the history goes, their
-- place in the order stays. Without it the TTL of the history would end their epoch.
--
-- KEYS  for each channel its four (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
-- Result  how many were put to rest

-- #include lib/time
-- #include lib/channel

local limits, ms = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, now_ms()
local rested = 0

for k = 1, #KEYS, 4 do
  local ch = channel_open({ KEYS[k], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3] }, limits, ms)
  -- Who was renewed later than that cannot be too old; the others are looked at.
  local quiet = ch.auto and redis.call('PTTL', ch.keys[3]) < limits[3]
  local newest = quiet and channel_newest(ch.keys[3])
  if newest and entry_parts(newest) < ms - limits[3] then
    channel_put_to_rest(ch, newest[1])
    rested = rested + 1
  end
end
return rested
