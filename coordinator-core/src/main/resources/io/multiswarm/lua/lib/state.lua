-- lib/state: a swarm's saved state. Needs lib/time, lib/owner and, where something is written, lib/weight.
--
-- The first six KEYS of every script that includes this (Java: StateKeys.common):
--   [1] roster      hash    swarm id -> '<incarnation>:<node>'
--   [2] record      hash    the swarm's; its keyHash tells one life of an id from the next, its principal who created it
--   [3] state       string  the user's JSON as it came; TTL
--   [4] state meta  hash    life, version, savedAt (ms), sha1, bytes, recent; TTL twice that of [3]
--   [5] statistics  hash    counters
--   [6] weights     hash    see lib/weight
--
-- The version survives the state itself: when that is deleted or expires, the next one goes on counting.
-- 'recent' has the last writes as ' <request>=<version>@<savedAt>', so that a repetition is recognised.
-- What an earlier life of the id left behind counts as nothing.

local STATE, META, STATISTICS, WEIGHTS = KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local RECENT_BYTES = 1024

-- Returns the status of the caller's proof, and when that is OK what is saved:
-- life, version (0 = never), saved_at, sha1, bytes, recent, exists.
local function state_open(id, incarnation)
  local refusal = owner_check(redis.call('HGET', KEYS[1], id), incarnation)
  if refusal ~= 'OK' then
    return refusal
  end
  local state = { life = redis.call('HGET', KEYS[2], 'keyHash') or '', version = 0, saved_at = '0',
    sha1 = '', bytes = -1, recent = '', exists = false }
  local meta = redis.call('HMGET', META, 'life', 'version', 'savedAt', 'sha1', 'bytes', 'recent')
  if meta[1] == state.life then
    state.version = tonumber(meta[2])
    state.saved_at, state.sha1, state.recent = meta[3], meta[4], meta[6]
    state.bytes = tonumber(meta[5])
    state.exists = redis.call('EXISTS', STATE) == 1
  end
  return 'OK', state
end

-- Whether what is stored is what was saved; the length is looked at first, because it costs nothing.
local function state_is_sound(state)
  return redis.call('STRLEN', STATE) == state.bytes and redis.sha1hex(redis.call('GET', STATE)) == state.sha1
end

-- What an earlier call of the same request wrote, or nil: version, saved_at.
local function state_repeated(state, request)
  local _, at = string.find(state.recent, ' ' .. request .. '=', 1, true)
  if at then
    return string.match(state.recent, '^(%d+)@(%d+)', at + 1)
  end
end

local function state_recent(state, request, version, saved_at)
  local recent = state.recent .. ' ' .. request .. '=' .. version .. '@' .. saved_at
  if #recent > RECENT_BYTES then
    recent = string.sub(recent, (string.find(recent, ' ', #recent - RECENT_BYTES / 2, true)))
  end
  return recent
end

-- Notes that the string in [3] is a new version now; at_least: a version that it must exceed.
local function state_commit(state, sha1, bytes, at_least, ttl, request)
  local version = int(math.max(state.version, at_least) + 1)
  local saved_at = int(now_ms())
  local recent = state_recent(state, request, version, saved_at)
  redis.call('PEXPIRE', STATE, ttl)
  redis.call('HSET', META, 'life', state.life, 'version', version, 'savedAt', saved_at, 'sha1', sha1,
    'bytes', bytes, 'recent', recent)
  redis.call('PEXPIRE', META, int(2 * ttl))
  return version, saved_at
end

-- Notes that a request was carried out which gave no version, so that its repetition is recognised.
local function state_remember(state, request, ttl)
  if state.version == 0 then
    -- With this life's meta, an earlier life's state would count as its own.
    redis.call('DEL', STATE)
    redis.call('HSET', META, 'life', state.life, 'version', '0', 'savedAt', '0', 'sha1', '', 'bytes', '-1')
  end
  redis.call('HSET', META, 'recent', state_recent(state, request, int(state.version), int(now_ms())))
  redis.call('PEXPIRE', META, int(2 * ttl))
end

-- Weighs the swarm with so many bytes in one part of what it saves. Returns how many it takes more than before.
local function state_weigh(state, id, part, bytes)
  local before = weight_read(WEIGHTS, id)
  local after = { 0, 0, 0, principal = redis.call('HGET', KEYS[2], 'principal') or '-', life = state.life }
  if before.life == state.life then
    after[1], after[2], after[3] = before[1], before[2], before[3]
  end
  after[part] = bytes
  state.before, state.after = before, after
  return weight_sum(after) - weight_sum(before)
end

-- As state_weigh, for what may be refused: returns TOO_LARGE or TOO_LARGE_OF_ONE when there is no room for more.
--   most: bytes of all swarms; most_of_one: of those that one principal created
local function state_refusal(state, id, part, bytes, most, most_of_one)
  local more = state_weigh(state, id, part, bytes)
  if more <= 0 then
    return nil
  end
  local principal = state.after.principal
  local own = state.before.principal == principal and more or weight_sum(state.after)
  if count_read(STATISTICS, 'bytes') + more > tonumber(most) then
    return 'TOO_LARGE'
  end
  if principal ~= '-' and count_read(WEIGHTS, '|' .. principal) + own > tonumber(most_of_one) then
    return 'TOO_LARGE_OF_ONE'
  end
end

-- Notes what was weighed.
local function state_weighed(state, id)
  weight_write(WEIGHTS, STATISTICS, id, state.before, state.after)
end

local function state_count(name)
  count_add(STATISTICS, name, 1)
end
