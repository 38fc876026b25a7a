-- lib/event: system messages in the envelope that users see. Needs lib/time and lib/channel.

-- The script's own moment, and how many ids it has made: together they never repeat. Of sixteen ids in a row the
-- beginning is the same text, for Lua is slow in making text of numbers.
local EVENT_DIGITS = '0123456789abcdef'
local event_moment, event_stem, event_count = nil, '', 0

-- An envelope is event_id, the sender, what event_middle gives, the data and EVENT_END. Who sends many puts them
-- together with one '..': Lua reads every byte of each text that it makes.
local EVENT_END = '},"metadata":{}}'

-- In front of an envelope, in place of its brace, that is published and not stored: news of what a record in Redis says
-- anyway, which whoever missed it reads there.
local EVENT_LIVE = '{"live":true,'

local function event_id()
  local digit = event_count % 16
  if digit == 0 then
    event_moment = event_moment or int(now_us())
    event_stem = '"id":"sys-' .. event_moment .. '-' .. int(event_count / 16)
  end
  event_count = event_count + 1
  return event_stem .. string.sub(EVENT_DIGITS, digit + 1, digit + 1) .. '","swarmId":"'
end

-- at: ms, as text; kind: the messageType
local function event_middle(at, kind, type)
  return '","timestamp":' .. at .. ',"messageType":"' .. kind
    .. '","target":null,"targetAgent":null,"payload":{"type":"' .. type .. '","data":'
end

-- Appends {"type":type,"data":data} to an opened channel as a message of messageType kind.
-- data: JSON text, passed through.
-- swarm_id: the sender; never user text, an id needs no escaping.
local function event_append(ch, kind, swarm_id, type, data)
  return channel_append_new(ch, event_id() .. swarm_id .. event_middle(ch.limits.at, kind, type) .. data .. EVENT_END)
end
