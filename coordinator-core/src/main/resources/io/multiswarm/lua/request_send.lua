-- Sends a request: a message on the responder's channel, and a note of who waits for the answer. Who sends the same
-- again waits for the answer to the first, or gets it.
--
-- KEYS  [1] roster  [2] request (hash: to, node; TTL = timeout)  [3]-[6] channel (see lib/channel)
--       [7] reply (string, see request_reply)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] sender  [5] its incarnation  [6] responder  [7] message id  [8] envelope
--       [9] timeout in ms  [10] node that waits  [11] request id
-- Result  status OK, NOT_FOUND (sender or responder, named in [2]), FENCED, NO_RESPONDERS, or OTHER when the message id
--         is that of another message;  when OK: [2] epoch, [3] offset, and [4] the answer if there is one

-- #include lib/time
-- #include lib/channel
-- #include lib/owner

local entries = redis.call('HMGET', KEYS[1], ARGV[4], ARGV[6])
local sender = owner_check(entries[1], ARGV[5])
if sender ~= 'OK' then
  return { sender, ARGV[4] }
end

local limits = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local ch = channel_open({ KEYS[3], KEYS[4], KEYS[5], KEYS[6] }, limits, now_ms())

local function wait()
  redis.call('HSET', KEYS[2], 'to', ARGV[6], 'node', ARGV[10])
  redis.call('PEXPIRE', KEYS[2], ARGV[9])
end

local known = channel_known(ch, ARGV[7])
if known then
  if not string.find(known.body, '"requestId":"' .. ARGV[11] .. '","data":', 1, true) then
    return { 'OTHER', ARGV[7] }
  end
  local answer = redis.call('GET', KEYS[7])
  if answer then
    return { 'OK', ch.epoch, known.offset, string.match(answer, ' (.*)$') }
  end
  wait()
  return { 'OK', ch.epoch, known.offset }
end
if not entries[2] then
  return { 'NOT_FOUND', ARGV[6] }
end
if not owner_attached(entries[2]) then
  return { 'NO_RESPONDERS', ARGV[6] }
end

wait()
local offset = channel_append(ch, ARGV[7], ARGV[8])
channel_close(ch)
return { 'OK', ch.epoch, offset }
