-- lib/event: system messages in the envelope that users see. Needs lib/time and lib/channel.

-- Appends {"type":type,"data":data} to an opened channel as a message of messageType kind.
-- data: JSON text, passed through. swarm_id: the sender; never user text, an id needs no escaping.
-- Its id says where it stands, so no message before it can have had it.
local function event_append(ch, kind, swarm_id, type, data)
  local id = 'sys-' .. ch.epoch .. '-' .. int(ch.last + 1)
  return channel_append_new(ch, '{"id":"' .. id .. '","swarmId":"' .. swarm_id .. '","timestamp":'
    .. int(ch.ms) .. ',"messageType":"' .. kind .. '","target":null,"targetAgent":null,"payload":{"type":"'
    .. type .. '","data":' .. data .. '},"metadata":{}}')
end
