-- lib/channel: append to a channel's history and publish, in one total order a channel.
-- Needs lib/time.
--
-- A channel is four keys, as Keys.history gives them:
--   [1] pub/sub channel
--   [2] history-meta  hash    epoch; last, first: the newest and the oldest retained offset; sum: bytes ever
--                             appended; base: those before the oldest retained; touched (ms); TTL 7 days
--   [3] history       stream  id <offset>-<ms>, fields m = envelope, b = bytes appended before it and,
--                             when the sender gave one, i = message id; TTL = max age
--   [4] history-ids   hash    message id that a sender gave -> offset; TTL = max age
--
-- An epoch is the time in microseconds at which its history began, so that none repeats. Within one,
-- offsets have no holes: count and bytes of what is retained are differences, and need no counting.

local META_TTL_MS = 7 * 24 * 3600 * 1000
local TRIM_BATCH = 100
local SEARCH_BATCH = 64

-- Opens a channel: reads its position, or begins a new epoch when there is none.
-- limits: {count, bytes, age_ms}. The result is for channel_append and channel_close.
local function channel_open(keys, limits, ms)
  local meta = redis.call('HMGET', keys[2], 'epoch', 'last', 'first', 'sum', 'base', 'touched')
  local ch = { keys = keys, limits = limits, ms = ms, epoch = meta[1], last = tonumber(meta[2] or 0),
    first = tonumber(meta[3] or 1), sum = tonumber(meta[4] or 0), base = tonumber(meta[5] or 0),
    touched = tonumber(meta[6] or 0), appended = 0 }
  limits.suffix = limits.suffix or '-' .. int(ms)
  if not ch.epoch then
    ch.epoch = int(now_us())
    -- What a lost meta key left behind belongs to no epoch.
    redis.call('DEL', keys[3], keys[4])
  elseif ch.touched > 0 and ms - ch.touched >= limits[3] * 33 / 32 then
    -- Its age has removed the history, or is about to.
    redis.call('DEL', keys[3], keys[4])
    ch.first, ch.base, ch.touched = ch.last + 1, ch.sum, 0
  end
  ch.prefix = '{"epoch":"' .. ch.epoch .. '","offset":'
  return ch
end

-- The entry at an offset, or the first after it: time in ms, bytes before it; nil when there is none.
local function channel_entry(ch, offset)
  local found = redis.call('XRANGE', ch.keys[3], int(offset), '+', 'COUNT', 1)[1]
  if found then
    return tonumber(string.match(found[1], '%-(%d+)$')), tonumber(found[2][4])
  end
end

-- Whether the limits do not allow that offset any more, by bytes and age; the second result is its base.
local function channel_is_stale(ch, offset)
  local at, before = channel_entry(ch, offset)
  if not at then
    return false, ch.base
  end
  return ch.sum - before > ch.limits[2] or at < ch.ms - ch.limits[3], before
end

-- The oldest offset that the limits allow, and its base. Staleness grows with age: strides that double
-- find two offsets between which it ends, halves find the place.
local function channel_oldest_allowed(ch)
  local low = math.max(ch.first, ch.last - ch.limits[1] + 1)
  local stale, base = channel_is_stale(ch, low)
  if not stale then
    return low, base
  end
  local stride, high = 1, nil
  while not high do
    local probe = math.min(low + stride, ch.last)
    stale, base = channel_is_stale(ch, probe)
    if probe == ch.last or not stale then
      high = probe
    else
      low, stride = probe, stride * 2
    end
  end
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    local gone, before = channel_is_stale(ch, middle)
    if gone then
      low = middle
    else
      high, base = middle, before
    end
  end
  return high, base
end

-- Forgets the ids that senders gave to messages before the offset.
local function channel_forget_ids(ch, before)
  local from = '-'
  repeat
    local page = redis.call('XRANGE', ch.keys[3], from, '(' .. int(before), 'COUNT', TRIM_BATCH)
    local ids = {}
    for _, entry in ipairs(page) do
      ids[#ids + 1] = entry[2][6]
      from = '(' .. entry[1]
    end
    if #ids > 0 then
      redis.call('HDEL', ch.keys[4], unpack(ids))
    end
  until #page < TRIM_BATCH
end

-- Removes from the oldest end what the limits do not allow; the newest message stays.
local function channel_trim(ch)
  local first, base = channel_oldest_allowed(ch)
  if first > ch.first then
    if redis.call('EXISTS', ch.keys[4]) == 1 then
      channel_forget_ids(ch, first)
    end
    redis.call('XTRIM', ch.keys[3], 'MINID', int(first))
    ch.first, ch.base = first, base
  end
end

-- Appends one message and publishes it.
-- body: the envelope, a JSON object with at least one member. given: the id that its sender gave, or nil.
-- Returns the offset.
local function channel_append_new(ch, body, given)
  local offset = ch.last + 1
  local at = int(offset)
  if given then
    redis.call('XADD', ch.keys[3], at .. ch.limits.suffix, 'm', body, 'b', int(ch.sum), 'i', given)
  else
    redis.call('XADD', ch.keys[3], at .. ch.limits.suffix, 'm', body, 'b', int(ch.sum))
  end
  redis.call('PUBLISH', ch.keys[1], ch.prefix .. at .. ',' .. string.sub(body, 2))
  ch.last = offset
  ch.sum = ch.sum + #body
  ch.appended = ch.appended + 1
  return offset
end

-- As channel_append_new, for a message whose sender gave the id: one that the history still knows is not
-- stored again.
local function channel_append(ch, id, body)
  if redis.call('HSETNX', ch.keys[4], id, int(ch.last + 1)) == 0 then
    return tonumber(redis.call('HGET', ch.keys[4], id))
  end
  return channel_append_new(ch, body, id)
end

-- As channel_append_new, for a message that may have been stored before under an id of ours, which no
-- hash knows: the history since a time in ms is searched for it, once a script. What is appended during
-- the script is not.
local function channel_append_again(ch, id, body, since_ms)
  if not ch.known then
    ch.known = {}
    local to = '+'
    repeat
      local page = redis.call('XREVRANGE', ch.keys[3], to, '-', 'COUNT', SEARCH_BATCH)
      local at = nil
      for _, entry in ipairs(page) do
        local offset
        offset, at = string.match(entry[1], '^(%d+)-(%d+)$')
        ch.known[string.match(entry[2][2], '^{"id":"([^"]*)"') or ''] = tonumber(offset)
        to = '(' .. entry[1]
      end
    until #page < SEARCH_BATCH or tonumber(at) < since_ms
  end
  local offset = ch.known[id]
  if not offset then
    offset = channel_append_new(ch, body)
    ch.known[id] = offset
  end
  return offset
end

-- Writes the position back, trims, and renews the TTLs; once a script for each opened channel.
local function channel_close(ch)
  if ch.appended == 0 then
    return
  end
  local limits = ch.limits
  local renew = ch.ms - ch.touched > limits[3] / 64
  local slack = math.min(64, limits[1] / 8)
  if ch.last - ch.first >= limits[1] + slack or ch.sum - ch.base > limits[2] or renew then
    channel_trim(ch)
    ch.touched = renew and ch.ms or ch.touched
    redis.call('HSET', ch.keys[2], 'epoch', ch.epoch, 'last', int(ch.last), 'sum', int(ch.sum),
      'first', int(ch.first), 'base', int(ch.base), 'touched', int(ch.touched))
  else
    redis.call('HSET', ch.keys[2], 'last', int(ch.last), 'sum', int(ch.sum))
  end
  if renew then
    local ttl = int(limits[3] * 33 / 32)
    redis.call('PEXPIRE', ch.keys[2], META_TTL_MS)
    redis.call('PEXPIRE', ch.keys[3], ttl)
    redis.call('PEXPIRE', ch.keys[4], ttl)
  end
end
