-- Reads a page of a channel's history, oldest first; begins an epoch as channel_position does.
--
-- KEYS  four of the channel (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] offset after which to read, or '-' for the newest  [5] messages at most  [6] bytes, roughly, at most
--       [7] what is known of the channel (see lib/rewind)
-- Result  [1] epoch  [2] last offset  [3] first retained offset, 0 when none
--         [4] a list: offset, envelope without its opening brace, offset, envelope, …; what has no envelope is left out

-- #include lib/time
-- #include lib/channel
-- #include lib/rewind

local ch = channel_open({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, now_ms())
local last, first = rewind_position(ch, ARGV[7])
local MOST_AT_ONCE = 64
local limit, budget = tonumber(ARGV[5]), tonumber(ARGV[6])
local after = ARGV[4] == '-' and math.max(0, last - limit) or tonumber(ARGV[4])
local from = '(' .. ch.epoch .. '-' .. int(after)

-- In steps that grow while messages are small, so that a page of large ones is cut by its bytes and not read whole
-- first.
local page, count, bytes = {}, 0, 0
local step = 1
while first > 0 and count < limit and bytes < budget do
  step = math.min(step, limit - count)
  local entries, before = redis.call('XRANGE', KEYS[3], from, '+', 'COUNT', step), bytes
  for _, entry in ipairs(entries) do
    from = '(' .. entry[1]
    local _, body = entry_parts(entry)
    if body ~= '' then
      count = count + 1
      bytes = bytes + #body
      page[2 * count - 1] = channel_offset(entry[1])
      page[2 * count] = body
    end
    if bytes >= budget then
      break
    end
  end
  if #entries < step then
    break
  end
  step = (bytes - before) * 4 < budget and math.min(2 * step, MOST_AT_ONCE) or 1
end
return { ch.epoch, last, first, page }
