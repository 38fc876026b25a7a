-- lib/channel: append to a channel's history and publish, in one total order a channel.
-- Needs lib/time.
--
-- A channel is four keys, as Keys.history gives them:
--   [1] pub/sub channel
--   [2] history-meta  hash    epoch, last (offset), bytes, touched (ms); TTL 7 days
--   [3] history       stream  id <offset>-<ms>, fields i = message id, m = envelope; TTL = max age
--   [4] history-ids   hash    message id -> offset; TTL = max age
--
-- An epoch is the time in microseconds at which its history began, so that none repeats.

local META_TTL_MS = 7 * 24 * 3600 * 1000
local TRIM_BATCH = 100

-- Opens a channel: reads its position, or begins a new epoch when there is none.
-- limits: {count, bytes, age_ms}. The result is for channel_append and channel_close.
local function channel_open(keys, limits, ms)
  local meta = redis.call('HMGET', keys[2], 'epoch', 'last', 'bytes', 'touched')
  local ch = { keys = keys, limits = limits, ms = ms,
    epoch = meta[1], last = tonumber(meta[2] or 0), bytes = tonumber(meta[3] or 0),
    touched = tonumber(meta[4] or 0), appended = 0, appended_bytes = 0 }
  if not ch.epoch then
    ch.epoch = int(now_us())
    -- What a lost meta key left behind belongs to no epoch.
    redis.call('DEL', keys[3], keys[4])
  end
  return ch
end

-- Removes from the oldest end what the limits do not allow; at most TRIM_BATCH entries a call, and no
-- more are read than the excess is estimated to be.
local function channel_trim(ch, length)
  local average = math.max(1, ch.bytes / length)
  local excess = math.max(length - ch.limits[1], (ch.bytes - ch.limits[2]) / average)
  local size = math.min(TRIM_BATCH, math.max(2, math.ceil(excess) + 1))
  local oldest = redis.call('XRANGE', ch.keys[3], '-', '+', 'COUNT', size)
  local stale, beyond = {}, nil
  for _, entry in ipairs(oldest) do
    local offset, at = string.match(entry[1], '^(%d+)-(%d+)$')
    local over = length > ch.limits[1] or ch.bytes > ch.limits[2] or at + 0 < ch.ms - ch.limits[3]
    if length <= 1 or not over then
      break
    end
    stale[#stale + 1] = entry[2][2]
    beyond = offset + 1
    ch.bytes = ch.bytes - #entry[2][4]
    length = length - 1
  end
  if beyond then
    redis.call('HDEL', ch.keys[4], unpack(stale))
    redis.call('XTRIM', ch.keys[3], 'MINID', int(beyond))
  end
end

-- Appends one message whose id is new, and publishes it.
-- body: the envelope, a JSON object with at least one member. Returns the offset.
local function channel_append_new(ch, id, body)
  local offset = ch.last + 1
  ch.last = offset
  ch.bytes = ch.bytes + #body
  ch.appended = ch.appended + 1
  ch.appended_bytes = ch.appended_bytes + #body
  redis.call('XADD', ch.keys[3], int(offset) .. '-' .. int(ch.ms), 'i', id, 'm', body)
  redis.call('PUBLISH', ch.keys[1],
    '{"epoch":"' .. ch.epoch .. '","offset":' .. int(offset) .. ',' .. string.sub(body, 2))
  return offset
end

-- As channel_append_new; but an id that the history still knows is not stored again.
local function channel_append(ch, id, body)
  if redis.call('HSETNX', ch.keys[4], id, int(ch.last + 1)) == 0 then
    return tonumber(redis.call('HGET', ch.keys[4], id))
  end
  return channel_append_new(ch, id, body)
end

-- Writes the position back, trims, and renews the TTLs; once a script for each opened channel.
local function channel_close(ch)
  if ch.appended == 0 then
    return
  end
  local length = redis.call('XLEN', ch.keys[3])
  if length == ch.appended then
    ch.bytes = ch.appended_bytes -- its age had removed the history before
  end
  local renew = ch.ms - ch.touched > ch.limits[3] / 64
  local slack = math.min(64, ch.limits[1] / 8)
  if length > ch.limits[1] + slack or ch.bytes > ch.limits[2] or renew then
    channel_trim(ch, length)
  end
  if renew then
    ch.touched = ch.ms
  end
  redis.call('HSET', ch.keys[2], 'epoch', ch.epoch, 'last', int(ch.last), 'bytes', int(ch.bytes),
    'touched', int(ch.touched))
  if renew then
    local ttl = int(ch.limits[3] * 33 / 32)
    redis.call('PEXPIRE', ch.keys[2], META_TTL_MS)
    redis.call('PEXPIRE', ch.keys[3], ttl)
    redis.call('PEXPIRE', ch.keys[4], ttl)
  end
end
