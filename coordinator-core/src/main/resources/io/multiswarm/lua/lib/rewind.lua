-- lib/rewind: notices that Redis lost the end of a channel's history.
--
-- A Redis that is started from an older file, or a replica that becomes master before it had everything, gives offsets
-- again that were given before: to who had those, new messages look like known ones. Once as many came as were lost, not
-- even the position shows it. So who asks says what it knows, a position and the newest message that it has seen:
--   '<epoch>-<offset> <offset of the message> <how its envelope begins, without its opening brace>'
-- or '' for nothing; offset 0 and no text for no message.

-- Whether the history contradicts what is known of it; such a channel begins another epoch (channel_leave_epoch).
-- history: the stream; epoch, last: where the channel stands.
local function rewind_seen(history, epoch, last, known)
  local of, offset, seen, beginning = string.match(known, '^(%d+)%-(%d+) (%d+) (.*)$')
  if of ~= epoch then
    return false
  end
  if tonumber(last) < tonumber(offset) then
    return true
  end
  local id = of .. '-' .. seen
  local entry = seen ~= '0' and redis.pcall('XRANGE', history, id, id)[1]
  return entry and string.sub(entry[2][4] or '', 1, #beginning) ~= beginning
end

-- Where an opened channel stands, as channel_position tells; one that lost its end begins another epoch before. Needs
-- lib/channel.
local function rewind_position(ch, known)
  local last, first = channel_position(ch)
  if rewind_seen(ch.keys[3], ch.epoch, last, known) then
    channel_leave_epoch(ch)
    return channel_position(ch)
  end
  return last, first
end
