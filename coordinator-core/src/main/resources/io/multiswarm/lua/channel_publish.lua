-- Publishes a batch of messages, channel by channel.
--
-- KEYS  [1] roster, then the history-meta of each channel, then for each the other three of its keys (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] ms that are searched for messages marked r  [5] senders  [6] channels
--       then for each sender two: swarm id, incarnation
--       then for each channel the swarm that must exist, or ''
--       then for each channel: how many messages, and for each of them two:
--           '<sender, 1 = first, 0 = none>:<id>', and the envelope without its opening brace
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
local senders, count = tonumber(ARGV[5]), tonumber(ARGV[6])

-- By index: the refusal of what a sender says, of what is said on a channel.
local refused_from, refused_on, refusing = {}, {}, false
local a = 7
local names = {}
for i = 1, senders do
  names[i] = ARGV[a + 2 * i - 2]
end
a = a + 2 * senders
for i = 1, count do
  names[senders + i] = ARGV[a + i - 1]
end
local entries = redis.call('HMGET', KEYS[1], unpack(names))
for i = 1, senders do
  refused_from[i] = REFUSALS[owner_check(entries[i], ARGV[6 + 2 * i])]
  refusing = refusing or refused_from[i]
end
for i = 1, count do
  if not entries[senders + i] and names[senders + i] ~= '' then
    refused_on[i], refusing = UNKNOWN_TARGET, true
  end
end
a = a + count

local ms = now_ms()
local metas = redis.call('MGET', unpack(KEYS, 2, count + 1))
local epochs, results, n = {}, {}, 0

local function publish(ch, id, body)
  local how = string.sub(id, 1, 1)
  if how == 'g' then
    return channel_append(ch, string.sub(id, 2), body)
  end
  return channel_append_again(ch, string.sub(id, 2), body, ms - tonumber(ARGV[4]))
end

for c = 1, count do
  local k = 3 * c + count - 1
  local ch = channel_of({ KEYS[k], KEYS[c + 1], KEYS[k + 1], KEYS[k + 2] }, metas[c], limits, ms)
  for i = a + 1, a + 2 * ARGV[a], 2 do
    local head, result = ARGV[i], nil
    if refusing then
      result = refused_on[c] or refused_from[tonumber(string.match(head, '^%d+'))]
    end
    if not result then
      -- The first colon ends the sender; an id may have more of them.
      local colon = string.find(head, ':', 1, true)
      result = colon == #head and channel_append_new(ch, ARGV[i + 1])
        or publish(ch, string.sub(head, colon + 1), ARGV[i + 1])
    end
    n = n + 1
    results[n] = result
  end
  a = a + 2 * ARGV[a] + 1
  channel_close(ch)
  epochs[c] = ch.epoch
end
return { epochs, results }
