-- lib/creator: who created the swarms that there are, and how many each has. Needs lib/time.
--
-- creators  hash  swarm id -> label of the principal that created it, where one is known; '|<label>' -> how many of these
--                 are its; '|' -> where the last look ended, while a round is under way. No id has a '|', no label is empty.
--
-- Nodes of an older version end swarms without a word here: what they leave is dropped by looks, and counts until then.

local LOOK, LOOK_AT_THE_LIMIT = '10', '200'

-- The swarm is no more.
local function creator_forget(creators, id)
  local label = redis.call('HGET', creators, id)
  if label then
    redis.call('HDEL', creators, id)
    if count_add(creators, '|' .. label, '-1') <= 0 then
      redis.call('HDEL', creators, '|' .. label)
    end
  end
end

-- The swarm is there; label: false when nobody is known to have created it.
local function creator_note(creators, id, label)
  if label and redis.call('HGET', creators, id) ~= label then
    creator_forget(creators, id)
    redis.call('HSET', creators, id, label)
    count_add(creators, '|' .. label, '1')
  end
end

-- Looks at some entries, from where the last look ended, and drops those of swarms that are not on the roster.
local function creator_look(creators, roster, entries)
  local from = string.match(redis.call('HGET', creators, '|') or '', '^%d+$') or '0'
  local page = redis.call('HSCAN', creators, from, 'COUNT', entries)
  for i = 1, #page[2], 2 do
    local id = page[2][i]
    if string.sub(id, 1, 1) ~= '|' and redis.call('HEXISTS', roster, id) == 0 then
      creator_forget(creators, id)
    end
  end
  if page[1] == '0' then
    redis.call('HDEL', creators, '|')
  else
    redis.call('HSET', creators, '|', page[1])
  end
end

local function creator_count(creators, label)
  return count_read(creators, '|' .. label)
end

-- Whether the principal has fewer than that.
local function creator_has_room(creators, roster, label, most)
  creator_look(creators, roster, creator_count(creators, label) < most and LOOK or LOOK_AT_THE_LIMIT)
  return creator_count(creators, label) < most
end
