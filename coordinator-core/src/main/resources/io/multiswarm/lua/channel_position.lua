-- Tells where a channel stands; begins an epoch for one that has none, or lost its history, or its newest messages.
--
-- KEYS  four of the channel (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] what is known of it (see lib/rewind)
-- Result  [1] epoch  [2] last offset, 0 when nothing was said yet  [3] first retained offset, 0 when none is retained

-- #include lib/time
-- #include lib/channel
-- #include lib/rewind

local ch = channel_open({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, now_ms())
local last, first = rewind_position(ch, ARGV[4])
return { ch.epoch, last, first }
