-- lib/channel: append to a channel's history and publish, in one total order a channel.
-- Needs lib/time.
--
-- A channel is four keys, as Keys.history gives them:
--   [1] pub/sub channel
--   [2] history-meta  string  '<ms of the last renewal> <epoch>', of 13 and 16 digits, and ' <last offset>' while the
--                             channel is at rest; TTL 7 days, or that of the history if it is longer
--   [3] history       stream  id <epoch>-<offset>, fields t = ms of appending, m = envelope without its opening brace
--                             and, when the sender gave one, i = message id; TTL twice the greatest age
--   [4] history-ids   hash    message id that a sender gave -> offset; TTL as the history
--
-- Redis counts the offsets: entries are added as <epoch>-*, so that a message costs XADD and PUBLISH and nothing else.
-- The meta is written when an epoch begins, and once in a 64th of the greatest age while messages come.
--
-- A channel is at rest when it has no history: nothing was said yet, or all of it was too old (channel_rest). A stream
-- that is missing otherwise was deleted, or had its TTL end with nobody there to put the channel to rest: then another
-- epoch begins. So it does when a channel turns out to have lost its newest messages (channel_leave_epoch): Redis came back
-- with less than it had told. An epoch is the time in microseconds at which it began, so that none repeats.
--
-- What somebody put in place of one of the keys, and is no meta or no history, counts as nothing: the channel begins an
-- epoch, and scripts that tell of something on it come to their end.

local META_TTL_MS = 7 * 24 * 3600 * 1000
local META_FORM, LAST = '^%d%d%d%d%d%d%d%d%d%d%d%d%d %d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d ?%d*$', 32
local TRIM_EVERY, LARGE_PART = 64, 256
local PAGE, PAGE_BYTES, ENTRY_BYTES = 64, 65536, 64
local DROPS = 32

-- The part after <epoch>- of an entry's id.
local function channel_offset(id)
  return string.sub(id, 18)
end

-- keys: of the channel; meta: what [2] has; limits: {count, bytes, age in ms}; ms: now.
-- The result is for the functions below; its fields are theirs, but for the epoch.
local function channel_of(keys, meta, limits, ms)
  limits.at = limits.at or int(ms)
  limits.renewed = limits.renewed or int(ms - limits[3] / 64)
  local epoch, rest = false, false
  meta = meta and string.find(meta, META_FORM) and meta
  if meta then
    epoch, rest = string.sub(meta, 15, 30), #meta >= LAST and string.sub(meta, LAST)
  end
  return { keys = keys, limits = limits, ms = ms, epoch = epoch, rest = rest, auto = epoch and not rest and epoch .. '-*',
    renew = meta and meta < limits.renewed, large = false, given = false, last = false, appended = 0 }
end

-- Opens one channel; who opens several reads their metas with one command.
local function channel_open(keys, limits, ms)
  return channel_of(keys, redis.call('MGET', keys[2])[1], limits, ms)
end

-- Writes the meta, and renews what there is of a history.
local function channel_save(ch)
  local ttl = 2 * ch.limits[3]
  redis.call('SET', ch.keys[2], ch.limits.at .. ' ' .. ch.epoch .. (ch.rest and ' ' .. ch.rest or ''),
    'PX', int(math.max(META_TTL_MS, ttl)))
  redis.call('PEXPIRE', ch.keys[3], int(ttl))
  redis.call('PEXPIRE', ch.keys[4], int(ttl))
end

-- Begins an epoch, with the channel at rest. What was left of another one belongs to no epoch any more.
local function channel_new_epoch(ch)
  ch.epoch = string.format('%016d', math.max(now_us(), tonumber(ch.epoch or 0) + 1))
  ch.auto, ch.rest = false, '0'
  redis.call('DEL', ch.keys[3], ch.keys[4])
end

-- What an entry of the history holds: ms of appending, envelope without its opening brace, id that the sender gave or
-- nil. Somebody else's entry has no envelope (''); whoever reads goes on past it.
local function entry_parts(entry)
  local fields = entry[2]
  if fields[1] ~= 't' or fields[3] ~= 'm' then
    return 0, '', nil
  end
  return tonumber(fields[2]) or 0, fields[4], fields[6]
end

-- Gives an opened channel another epoch, and what is retained to that, under the same offsets: for one that lost its
-- newest messages, whose offsets would be given again.
local function channel_leave_epoch(ch)
  local entries = redis.call('XRANGE', ch.keys[3], '-', '+')
  channel_new_epoch(ch)
  for _, entry in ipairs(entries) do
    local offset = channel_offset(entry[1])
    local _, _, given = entry_parts(entry)
    redis.call('XADD', ch.keys[3], ch.epoch .. '-' .. offset, unpack(entry[2]))
    if given then
      redis.call('HSET', ch.keys[4], given, offset)
    end
  end
  if #entries > 0 then
    ch.auto, ch.rest = ch.epoch .. '-*', false
  end
  channel_save(ch)
end

-- Prepares for the first entry of a stream, and returns its id. A channel at rest has no stream: one that is there has a
-- meta from another time.
local function channel_begin(ch)
  if not ch.rest or redis.call('EXISTS', ch.keys[3]) == 1 then
    channel_new_epoch(ch)
  end
  local first = ch.epoch .. '-' .. int(ch.rest + 1)
  ch.auto, ch.rest, ch.renew = ch.epoch .. '-*', false, true
  return first
end

local function channel_is_foreign(told)
  return type(told) == 'table' and told.err and string.find(told.err, 'WRONGTYPE', 1, true)
end

-- Adds an entry to the stream of the channel's epoch, and returns its id; false when there is none, and also when it has
-- a later epoch: somebody put back an older meta, by which nothing could be appended any more.
local function channel_add(ch, ...)
  local id = redis.pcall('XADD', ch.keys[3], 'NOMKSTREAM', ch.auto, ...)
  if type(id) ~= 'table' then
    return id
  end
  if channel_is_foreign(id) or string.find(id.err, 'equal or smaller', 1, true) then
    return false
  end
  return redis.call('XADD', ch.keys[3], 'NOMKSTREAM', ch.auto, ...)
end

-- Appends one message and publishes it.
-- body: the envelope, a JSON object with at least one member, without its opening brace.
-- given: the id that its sender gave, or nil. Returns the offset, as text.
local function channel_append_new(ch, body, given)
  local id, at = false, ch.limits.at
  if ch.auto and given then
    id = channel_add(ch, 't', at, 'm', body, 'i', given)
  elseif ch.auto then
    id = channel_add(ch, 't', at, 'm', body)
  end
  -- The first of an epoch has the offset 1; Redis counts from 0 in a stream of an earlier one.
  if not id or channel_offset(id) == '0' then
    id = redis.call('XADD', ch.keys[3], channel_begin(ch), 't', at, 'm', body, unpack({ given and 'i', given }))
  end
  local offset = channel_offset(id)
  redis.call('PUBLISH', ch.keys[1], '{"epoch":"' .. ch.epoch .. '","offset":' .. offset .. ',' .. body)
  ch.last = offset
  ch.appended = ch.appended + 1
  if #body > ch.limits[2] / LARGE_PART then
    ch.large = math.max(ch.large or 0, #body)
  end
  return offset
end

-- As channel_append_new, for a message whose sender gave the id: one that the history still knows is not
-- stored again.
local function channel_append(ch, given, body)
  local known = redis.pcall('HGET', ch.keys[4], given)
  if channel_is_foreign(known) then
    redis.call('DEL', ch.keys[4])
  elseif type(known) == 'string' then
    return known
  end
  local offset = channel_append_new(ch, body, given)
  redis.call('HSET', ch.keys[4], given, offset)
  ch.given = true
  return offset
end

-- The message of the history to which its sender gave the id: its offset and body; nil when there is none.
local function channel_known(ch, given)
  local offset = ch.auto and redis.pcall('HGET', ch.keys[4], given)
  local id = type(offset) == 'string' and ch.epoch .. '-' .. offset
  local entry = id and redis.call('XRANGE', ch.keys[3], id, id)[1]
  if entry then
    local _, body = entry_parts(entry)
    return { offset = offset, body = body }
  end
end

-- As channel_append_new, for a message that may have been stored before under an id of ours, which no
-- hash knows: the history since a time in ms is searched for it, once a script. What is appended during
-- the script is not.
local function channel_append_again(ch, id, body, since_ms)
  if not ch.known then
    ch.known = {}
    local to = '+'
    repeat
      local page, at = redis.pcall('XREVRANGE', ch.keys[3], to, '-', 'COUNT', PAGE), nil
      for _, entry in ipairs(page) do
        local body
        at, body = entry_parts(entry)
        ch.known[string.match(body, '^"id":"([^"]*)"') or ''] = channel_offset(entry[1])
        to = '(' .. entry[1]
      end
    until #page < PAGE or at < since_ms
  end
  local offset = ch.known[id]
  if not offset then
    offset = channel_append_new(ch, body)
    ch.known[id] = offset
  end
  return offset
end

-- Forgets the ids that senders gave to messages before the entry.
local function channel_forget_ids(ch, before)
  local from = '-'
  repeat
    local page, ids = redis.call('XRANGE', ch.keys[3], from, '(' .. before, 'COUNT', PAGE), {}
    for _, entry in ipairs(page) do
      local _, _, given = entry_parts(entry)
      ids[#ids + 1] = given
      from = '(' .. entry[1]
    end
    if #ids > 0 then
      redis.pcall('HDEL', ch.keys[4], unpack(ids))
    end
  until #page < PAGE
end

-- The oldest offset that bytes allow, and age when it is time to renew; at least the given one. What is read is what
-- will be removed, and hardly more.
-- excess: bytes over the limit.
local function channel_allowed_from(ch, allowed, excess, page)
  local too_old, from, count = ch.ms - ch.limits[3], '-', 1
  repeat
    if excess <= 0 and not ch.renew then
      return allowed
    end
    local entries = redis.call('XRANGE', ch.keys[3], from, '+', 'COUNT', count)
    for _, entry in ipairs(entries) do
      local offset = tonumber(channel_offset(entry[1]))
      local at, body = entry_parts(entry)
      if offset >= allowed then
        if excess <= 0 and at >= too_old then
          return allowed
        end
        allowed = offset + 1
      end
      excess = excess - #body
      from = '(' .. entry[1]
    end
    count = math.min(2 * count, page)
  until #entries == 0
  return allowed
end

-- The oldest offset from which on the messages fit into the bytes, by reading them from the newest on.
local function channel_fitting_from(ch, bytes)
  local fitting, to, count = nil, '+', 1
  repeat
    local entries, read = redis.call('XREVRANGE', ch.keys[3], to, '-', 'COUNT', count), 0
    for _, entry in ipairs(entries) do
      local _, body = entry_parts(entry)
      bytes, read = bytes - #body - ENTRY_BYTES, read + #body
      if bytes < 0 then
        return fitting or math.huge
      end
      fitting, to = tonumber(channel_offset(entry[1])), '(' .. entry[1]
    end
    local enough = math.floor(PAGE_BYTES * #entries / math.max(read, 1))
    count = math.max(1, math.min(PAGE, 2 * count, enough))
  until #entries == 0
  return 0
end

-- What channel_trim leaves, where Redis refuses to tell what a stream takes. All that stays is read, so a large message
-- is reason enough only when a quarter of the bytes may be new. allowed: the oldest offset by number.
local function channel_unmeasured_from(ch, last, allowed)
  local every = ch.large and math.min(TRIM_EVERY, math.ceil(ch.limits[2] / 4 / ch.large)) or TRIM_EVERY
  if ch.renew or last % every < ch.appended then
    allowed = math.max(allowed, channel_fitting_from(ch, ch.limits[2]))
  end
  return math.min(last, ch.renew and channel_allowed_from(ch, allowed, 0, PAGE) or allowed)
end

-- Removes what is before an offset.
local function channel_keep_from(ch, offset)
  if offset > 1 then
    local oldest = ch.epoch .. '-' .. int(offset)
    if redis.call('EXISTS', ch.keys[4]) == 1 then
      channel_forget_ids(ch, oldest)
    end
    redis.call('XTRIM', ch.keys[3], 'MINID', oldest)
  end
end

-- What Redis takes for the history; a table where it refuses to tell.
local function channel_bytes(ch)
  return redis.pcall('MEMORY', 'USAGE', ch.keys[3], 'SAMPLES', 0)
end

-- Removes messages from the oldest end until the rest fits, or until it has removed DROPS, without reading them: of
-- large ones that takes Redis longer than all else that it does with a message. Only ids that senders gave have to be
-- read. Returns what the history takes then.
local function channel_drop_large(ch, bytes)
  local history, given = ch.keys[3], redis.call('EXISTS', ch.keys[4]) == 1
  local length, drops = redis.call('XLEN', history), 0
  while length > 1 and bytes > ch.limits[2] and drops < DROPS do
    if given then
      local _, _, id = entry_parts(redis.call('XRANGE', history, '-', '+', 'COUNT', 1)[1])
      if id then
        redis.pcall('HDEL', ch.keys[4], id)
      end
    end
    length, drops = length - 1, drops + 1
    redis.call('XTRIM', history, 'MAXLEN', length)
    bytes = channel_bytes(ch)
  end
  return bytes
end

-- Removes from the oldest end what the limits do not allow; the newest message stays.
-- Bytes are those that Redis takes for the stream.
local function channel_trim(ch, last)
  local limits, bytes = ch.limits, channel_bytes(ch)
  local allowed = last - limits[1] + 1
  if type(bytes) == 'table' then
    return channel_keep_from(ch, channel_unmeasured_from(ch, last, allowed))
  end
  if ch.large and not ch.renew and bytes > limits[2] then
    channel_keep_from(ch, allowed)
    bytes = channel_drop_large(ch, channel_bytes(ch))
  end
  if ch.renew or bytes > limits[2] then
    local page = math.max(1, math.min(PAGE, math.floor(PAGE_BYTES * redis.call('XLEN', ch.keys[3]) / bytes)))
    allowed = math.min(last, channel_allowed_from(ch, allowed, bytes - limits[2], page))
  end
  channel_keep_from(ch, allowed)
end

-- After the last message to the channel, once a script: trims and renews now and then. A message that takes a good
-- part of the bytes is reason enough; what is smaller adds up to a quarter of them at most until it is looked at.
local function channel_close(ch)
  local last = tonumber(ch.last)
  if not last then
    return
  end
  if ch.renew or ch.large or last % TRIM_EVERY < ch.appended then
    channel_trim(ch, last)
  end
  if ch.renew then
    channel_save(ch)
  elseif ch.given then
    redis.call('PEXPIRE', ch.keys[4], int(2 * ch.limits[3]), 'NX')
  end
end

-- The newest entry of a history; nil when there is none.
local function channel_newest(history)
  local told = redis.pcall('XREVRANGE', history, '+', '-', 'COUNT', 1)
  if told.err and not channel_is_foreign(told) then
    return redis.call('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
  end
  return told[1]
end

-- Puts an opened channel to rest: its history goes, its place in the order stays. UNLINK, for a large one is freed apart.
-- newest: the id of its newest entry.
local function channel_put_to_rest(ch, newest)
  ch.rest = channel_offset(newest)
  channel_save(ch)
  redis.call('UNLINK', ch.keys[3], ch.keys[4])
end

-- Where an opened channel stands: its last offset, and the oldest that is retained, 0 when none is.
-- One whose history is lost begins an epoch here.
local function channel_position(ch)
  local newest = ch.auto and channel_newest(ch.keys[3])
  if newest then
    -- Offsets have no holes, so nothing large is read to find the first.
    local last = tonumber(channel_offset(newest[1]))
    return last, math.max(1, last - redis.call('XLEN', ch.keys[3]) + 1)
  end
  if not ch.rest then
    channel_new_epoch(ch)
    channel_save(ch)
  end
  return tonumber(ch.rest), 0
end
