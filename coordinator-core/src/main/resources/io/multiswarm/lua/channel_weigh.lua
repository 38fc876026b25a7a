#!lua flags=allow-oom
-- Weighs histories of channels, and cuts those that take more than they may, the oldest messages first. Passes when
-- memory is full: it gives memory back. It ends when it has done enough for one script: who is left out, or still takes
-- too much, is to be asked about again.
--
-- KEYS  [1] upkeep (see lib/upkeep)  [2] roster  [3] metrics of the registry; then for each channel its four (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] token of the upkeep  [5] bytes that each may take, '' = any number
--       [6] bytes that all take, to be told, '' = not known yet
--       then for each channel the swarm that is gone, whose history goes unless it is registered again, or ''
-- Result  [1] OK, or FENCED when another node keeps the fleet up
--         [2] bytes, about, that the histories of the first channels take now

-- #include lib/time
-- #include lib/channel
-- #include lib/upkeep

if upkeep_check(KEYS[1], ARGV[4]) ~= 'OK' then
  return { 'FENCED', {} }
end
if ARGV[6] ~= '' then
  -- What is no hash keeps nobody from the rest.
  redis.pcall('HSET', KEYS[3], 'historyBytes', ARGV[6])
end

-- Bytes of messages that a script reads, about; so many times as much is measured in the same time. Messages of more
-- than LARGE are taken away unread, each for as much work as DROPPED; ASKED is that of a history that is there.
local WORK, MEASURED, ASKED = 65536, 512, 400
local LARGE, DROPPED = 16384, 4096
local ID_BYTES, NODE_BYTES = 96, 4608

local limits, ms = { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, now_ms()
local most, work, weights = tonumber(ARGV[5]), 0, {}

-- Where Redis refuses to tell: as if all messages were like the oldest and the newest. A part of a stream has room for
-- more than it holds, and only goes as a whole.
local function estimate(keys)
  local history, newest = keys[3], channel_newest(keys[3])
  if not newest then
    return 0
  end
  local _, first = entry_parts(redis.call('XRANGE', history, '-', '+', 'COUNT', 1)[1])
  local _, last = entry_parts(newest)
  work = work + #first + #last
  return NODE_BYTES + redis.call('XLEN', history) * ((#first + #last) / 2 + ENTRY_BYTES)
    + (tonumber(redis.pcall('HLEN', keys[4])) or 0) * ID_BYTES
end

local function weigh(keys)
  local bytes = channel_bytes({ keys = keys })
  if type(bytes) == 'table' then
    return estimate(keys)
  end
  return bytes and bytes + (redis.call('MEMORY', 'USAGE', keys[4]) or 0) or 0
end

-- Takes the oldest messages away until about so many bytes are gone, or enough was done; one at least. A channel with
-- none left is at rest.
local function cut_oldest(ch, excess, page)
  local from, count, gone, oldest, ids = '-', math.ceil(page / 8), 0, nil, {}
  repeat
    local entries = redis.call('XRANGE', ch.keys[3], from, '+', 'COUNT', count)
    for _, entry in ipairs(entries) do
      if gone > 0 and (excess <= 0 or work >= WORK) then
        oldest = entry[1]
        break
      end
      local _, body, given = entry_parts(entry)
      ids[#ids + 1] = given
      excess, work = excess - #body - ENTRY_BYTES, work + #body + ENTRY_BYTES
      from, gone = '(' .. entry[1], gone + 1
    end
    count = math.min(2 * count, page)
  until oldest or #entries == 0
  if #ids > 0 then
    redis.pcall('HDEL', ch.keys[4], unpack(ids))
  end
  if oldest then
    redis.call('XTRIM', ch.keys[3], 'MINID', oldest)
  else
    channel_put_to_rest(ch, string.sub(from, 2))
  end
end

-- What is left of a history that takes too much. One without a message, or that no meta knows, is lost already; so is
-- what is no history at all.
local function cut(ch, bytes, allowed)
  local length = ch.auto and redis.pcall('XLEN', ch.keys[3])
  if type(length) ~= 'number' or length == 0 then
    redis.call('UNLINK', ch.keys[3], ch.keys[4])
    return 0
  end
  if allowed == 0 then
    channel_put_to_rest(ch, redis.call('XREVRANGE', ch.keys[3], '+', '-', 'COUNT', 1)[1][1])
    return 0
  end
  local unread = redis.call('EXISTS', ch.keys[4]) == 0
  repeat
    if unread and length > 1 and bytes > length * LARGE then
      redis.call('XTRIM', ch.keys[3], 'MAXLEN', length - 1)
      work = work + DROPPED
    else
      cut_oldest(ch, bytes - allowed, math.max(1, math.min(PAGE, math.floor(PAGE_BYTES * length / bytes))))
    end
    bytes, length = weigh(ch.keys), redis.call('XLEN', ch.keys[3])
  until bytes <= allowed or work >= WORK
  return bytes
end

for i = 1, #ARGV - 6 do
  local k, swarm = 4 * i, ARGV[6 + i]
  local keys = { KEYS[k], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3] }
  local bytes = weigh(keys)
  local gone = bytes > 0 and swarm ~= '' and redis.call('HEXISTS', KEYS[2], swarm) == 0
  local allowed = gone and 0 or most or bytes
  work = work + (bytes > 0 and ASKED or 0) + bytes / MEASURED
  if bytes > allowed then
    bytes = cut(channel_open(keys, limits, ms), bytes, allowed)
  end
  weights[i] = int(bytes)
  if work >= WORK then
    break
  end
end
return { 'OK', weights }
