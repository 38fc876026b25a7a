-- Publishes a batch of messages, each idempotent by its id.
--
-- KEYS  [1] roster; then four for each distinct channel (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] n, then n swarm ids that are looked up in the roster
--       then for each message six: channel (1 = first), sender (index of id, 0 = none), sender's
--       incarnation, target (index of id, 0 = none), message id, envelope
-- Result  [1] epochs, one a channel
--         [2] one integer a message: its offset, or -1 target unknown, -2 sender unknown, -3 sender fenced

-- #include lib/time
-- #include lib/channel
-- #include lib/owner

local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local names = tonumber(ARGV[4])
local entries = {}
if names > 0 then
  entries = redis.call('HMGET', KEYS[1], unpack(ARGV, 5, 4 + names))
end

local ms = now_ms()
local channels, epochs, results = {}, {}, {}
for k = 2, #KEYS, 4 do
  local ch = channel_open({ KEYS[k], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3] }, limits, ms)
  channels[#channels + 1] = ch
  epochs[#epochs + 1] = ch.epoch
end

local REFUSALS = { NOT_FOUND = -2, FENCED = -3 }

for a = 5 + names, #ARGV, 6 do
  local sender, target = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 3])
  local refusal = sender > 0 and REFUSALS[owner_check(entries[sender], ARGV[a + 2])]
  if not refusal and target > 0 and not entries[target] then
    refusal = -1
  end
  results[#results + 1] = refusal
    or channel_append(channels[tonumber(ARGV[a])], ARGV[a + 4], ARGV[a + 5])
end

for _, ch in ipairs(channels) do
  channel_close(ch)
end
return { epochs, results }
