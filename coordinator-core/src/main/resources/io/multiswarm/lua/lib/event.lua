-- lib/event: system messages in the envelope that users see. Needs lib/time and lib/channel.

-- The script's own moment, and how many ids it has made: together they never repeat.
local event_moment, event_count = nil, 0

-- Appends {"type":type,"data":data} to an opened channel as a message of messageType kind.
-- data: JSON text, passed through, in up to three parts, so that a large text is put together once.
-- swarm_id: the sender; never user text, an id needs no escaping.
local function event_append(ch, kind, swarm_id, type, data, more, rest)
  event_moment = event_moment or int(now_us())
  event_count = event_count + 1
  return channel_append_new(ch, '"id":"sys-' .. event_moment .. '-' .. event_count .. '","swarmId":"' .. swarm_id
    .. '","timestamp":' .. ch.limits.at .. ',"messageType":"' .. kind
    .. '","target":null,"targetAgent":null,"payload":{"type":"' .. type .. '","data":' .. data .. (more or '') .. (rest or '')
    .. '},"metadata":{}}')
end
