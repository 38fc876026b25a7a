-- Publishes a batch of messages.
--
-- KEYS  [1] roster; then four for each distinct channel (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] ms that are searched for messages marked r  [5] senders  [6] targets
--       then for each sender two: swarm id, incarnation
--       then each target: a swarm id
--       then for each message five: channel (1 = first), sender and target (1 = first, 0 = none), id, envelope
--       id: '' = new, nobody can have sent it before; g<id> = given by the sender, stored once;
--           r<id> = of ours, may have been stored before
-- Result  [1] epochs, one a channel
--         [2] one integer a message: its offset, or -1 target unknown, -2 sender unknown, -3 sender fenced

-- #include lib/time
-- #include lib/channel
-- #include lib/owner

local REFUSALS = { OK = false, NOT_FOUND = -2, FENCED = -3 }
local UNKNOWN_TARGET = -1

local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local senders, targets = tonumber(ARGV[5]), tonumber(ARGV[6])
local a = 7

-- By index: the refusal of what a sender says, of what is said to a target; false when there is none.
local refused_from, refused_to = {}, {}
if senders + targets > 0 then
  local names = {}
  for i = 1, senders do
    names[i] = ARGV[a + 2 * i - 2]
  end
  for i = 1, targets do
    names[senders + i] = ARGV[a + 2 * senders + i - 1]
  end
  local entries = redis.call('HMGET', KEYS[1], unpack(names))
  for i = 1, senders do
    refused_from[i] = REFUSALS[owner_check(entries[i], ARGV[a + 2 * i - 1])]
  end
  for i = 1, targets do
    refused_to[i] = not entries[senders + i] and UNKNOWN_TARGET
  end
  a = a + 2 * senders + targets
end

local ms = now_ms()
local since = ms - tonumber(ARGV[4])
local channels, epochs, results = {}, {}, {}
for k = 2, #KEYS, 4 do
  local ch = channel_open({ KEYS[k], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3] }, limits, ms)
  channels[#channels + 1] = ch
  epochs[#epochs + 1] = ch.epoch
end

local n = 0
for i = a, #ARGV, 5 do
  n = n + 1
  local result = refused_from[tonumber(ARGV[i + 1])] or refused_to[tonumber(ARGV[i + 2])]
  if not result then
    local ch, id = channels[tonumber(ARGV[i])], ARGV[i + 3]
    if id == '' then
      result = channel_append_new(ch, ARGV[i + 4])
    elseif string.sub(id, 1, 1) == 'g' then
      result = channel_append(ch, string.sub(id, 2), ARGV[i + 4])
    else
      result = channel_append_again(ch, string.sub(id, 2), ARGV[i + 4], since)
    end
  end
  results[n] = result
end

for _, ch in ipairs(channels) do
  channel_close(ch)
end
return { epochs, results }
