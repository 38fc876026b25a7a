-- lib/resource: pools, what swarms hold of them, and the line of those who wait. Needs lib/time and lib/owner.
--
-- Six keys, as Keys.resources gives them:
--   [1] roster      hash  see lib/owner
--   [2] pools       hash  type -> '<total>:<available>:<1 when idle holders are to give it back>'; at most 256
--   [3] holdings    hash  swarm id -> '<ms of its last change>|<type>=<amount>;...'; none without amounts
--   [4] line        zset  score 0, '<type>|<arrival, 16 digits>|<waiter>': in order for each type
--   [5] waiters     hash  waiter -> '<w, or g when granted>|<incarnation>|<node>|<deadline ms>|<arrival>|<amounts>';
--                         removed by who picks up the grant, leaves, or sweeps
--   [6] statistics  hash  counters, the last arrival, and the pulse of the sweep
-- and for a swarm its memo: hash, TTL an hour, two rings of the answers by request id, of its last allocations and of
-- its last releases; or, with the TTL of a day, 'returned': the amounts that it held when it was found gone, until it is
-- given something again.
--
-- A waiter is '<swarm>|<request id>'. Amounts are text, '<type>=<amount>;...' in the order of the types.
-- First come, first served a type: who wants several types is served when first in every one of their lines.

local MEMO_SIZE, MEMO_TTL_MS, SERVED_AT_ONCE = 128, 3600 * 1000, 100

-- The rings of a memo, by what their fields begin with. Who names both calls of a pair alike is answered right.
local ALLOCATIONS, RELEASES = '', 'release-'

-- prefix: of the nodes' signal channels
local function resource_open(keys, prefix, ms)
  return { roster = keys[1], pool_key = keys[2], holdings = keys[3], line = keys[4], waiters = keys[5],
    statistics = keys[6], prefix = prefix, ms = ms, pools = {} }
end

local function resource_count(r, counter, n)
  count_add(r.statistics, counter, n)
end

local function amounts_parse(text)
  local amounts = {}
  for type, amount in string.gmatch(text, '([^=;]+)=(%d+)') do
    amounts[type] = tonumber(amount)
  end
  return amounts
end

local function amounts_types(amounts)
  local types = {}
  for type in pairs(amounts) do
    types[#types + 1] = type
  end
  table.sort(types)
  return types
end

local function amounts_format(amounts)
  local parts = {}
  for i, type in ipairs(amounts_types(amounts)) do
    parts[i] = type .. '=' .. int(amounts[type])
  end
  return table.concat(parts, ';')
end

-- As the value of a JSON member: ids need no escaping.
local function amounts_json(amounts)
  local parts = {}
  for i, type in ipairs(amounts_types(amounts)) do
    parts[i] = '"' .. type .. '":' .. int(amounts[type])
  end
  return '{' .. table.concat(parts, ',') .. '}'
end

-- nil when there is none, or what is there is none
local function resource_pool(r, type)
  local pool = r.pools[type]
  if not pool then
    local total, available, reclaim =
      string.match(redis.call('HGET', r.pool_key, type) or '', '^(%d+):(%d+):(%d)$')
    pool = total and { total = tonumber(total), available = tonumber(available), reclaim = reclaim }
    r.pools[type] = pool
  end
  return pool
end

local function resource_pool_save(r, type, pool)
  r.pools[type] = pool
  redis.call('HSET', r.pool_key, type, int(pool.total) .. ':' .. int(pool.available) .. ':' .. pool.reclaim)
end

local function resource_held(r, swarm)
  return amounts_parse(string.match(redis.call('HGET', r.holdings, swarm) or '', '|(.*)$') or '')
end

-- Gives the amounts to the swarm (sign 1) or takes them back (sign -1); the caller has checked that it can. Of a pool that
-- somebody damaged nothing goes back, and the others' go.
local function resource_move(r, swarm, amounts, sign)
  local held = resource_held(r, swarm)
  for type, amount in pairs(amounts) do
    local pool = resource_pool(r, type)
    if pool then
      pool.available = pool.available - sign * amount
      resource_pool_save(r, type, pool)
    end
    local left = (held[type] or 0) + sign * amount
    held[type] = left > 0 and left or nil
  end
  if next(held) then
    redis.call('HSET', r.holdings, swarm, int(r.ms) .. '|' .. amounts_format(held))
  else
    redis.call('HDEL', r.holdings, swarm)
  end
end

-- The first in the line of a type, or nil. What is no place is removed: nobody would get past it.
local function line_head(r, type)
  local place, id
  repeat
    place = redis.call('ZRANGEBYLEX', r.line, '[' .. type .. '|', '(' .. type .. '}', 'LIMIT', 0, 1)[1]
    id = place and string.match(place, '^[^|]*|%d+|(.*)$')
  until id or not place or redis.call('ZREM', r.line, place) == 0
  return id, place
end

local function waiter_load(r, id)
  local state, incarnation, node, deadline, arrival, amounts = string.match(
    redis.call('HGET', r.waiters, id) or '', '^(%a)|(%d+)|([^|]*)|(%d+)|(%d+)|(.*)$')
  return state and { id = id, swarm = string.match(id, '^[^|]*'), state = state, incarnation = incarnation,
    node = node, deadline = tonumber(deadline), arrival = arrival, amounts = amounts_parse(amounts) }
end

local function waiter_save(r, waiter)
  redis.call('HSET', r.waiters, waiter.id, waiter.state .. '|' .. waiter.incarnation .. '|' .. waiter.node .. '|'
    .. int(waiter.deadline) .. '|' .. waiter.arrival .. '|' .. amounts_format(waiter.amounts))
end

local function waiter_enter(r, waiter)
  waiter.arrival = string.format('%016.0f', count_add(r.statistics, 'arrivals', 1))
  for type in pairs(waiter.amounts) do
    redis.call('ZADD', r.line, 0, type .. '|' .. waiter.arrival .. '|' .. waiter.id)
  end
  waiter_save(r, waiter)
end

local function waiter_leave(r, waiter)
  for type in pairs(waiter.amounts) do
    redis.call('ZREM', r.line, type .. '|' .. waiter.arrival .. '|' .. waiter.id)
  end
  redis.call('HDEL', r.waiters, waiter.id)
end

-- Whether nobody waits for it any more, or it can never be served.
local function waiter_is_lost(r, waiter)
  local entry = redis.call('HGET', r.roster, waiter.swarm)
  if waiter.deadline <= r.ms or owner_check(entry, waiter.incarnation) ~= 'OK'
      or waiter.incarnation ~= '0' and not owner_attached(entry) then
    return true
  end
  for type, amount in pairs(waiter.amounts) do
    local pool = resource_pool(r, type)
    if not pool or amount > pool.total then
      return true
    end
  end
  return false
end

local function waiter_is_next(r, waiter)
  for type, amount in pairs(waiter.amounts) do
    if amount > resource_pool(r, type).available or line_head(r, type) ~= waiter.id then
      return false
    end
  end
  return true
end

-- Tells the waiting node to ask again; it also asks without being told.
local function waiter_wake(r, waiter)
  redis.call('PUBLISH', r.prefix .. waiter.node, 'resource-turn ' .. waiter.id)
end

-- Serves the lines of some types as far as what is available goes, at most 100 waiters a call.
local function resource_serve(r, types)
  local todo, left = {}, SERVED_AT_ONCE
  for i, type in ipairs(types) do
    todo[i] = type
  end
  while #todo > 0 and left > 0 do
    local id, place = line_head(r, todo[#todo])
    local waiter = id and waiter_load(r, id)
    local lost = waiter and waiter_is_lost(r, waiter)
    if id and not waiter then
      redis.call('ZREM', r.line, place)
    elseif waiter and (lost or waiter_is_next(r, waiter)) then
      left = left - 1
      waiter_leave(r, waiter)
      if not lost then
        resource_move(r, waiter.swarm, waiter.amounts, 1)
        resource_count(r, 'waited', 1)
        waiter.state = 'g'
        waiter_save(r, waiter)
      end
      waiter_wake(r, waiter)
      for _, type in ipairs(amounts_types(waiter.amounts)) do
        todo[#todo + 1] = type
      end
    else
      todo[#todo] = nil
    end
  end
end

-- Returns all that a swarm holds, and forgets what it was answered. Gives the amounts, nil when there are none.
local function resource_return(r, swarm, memo)
  local held = resource_held(r, swarm)
  redis.call('DEL', memo)
  if not next(held) then
    return nil
  end
  resource_move(r, swarm, held, -1)
  resource_count(r, 'returned', 1)
  resource_serve(r, amounts_types(held))
  return held
end

-- The answer to an earlier call, or false.
local function memo_get(memo, ring, id)
  return redis.call('HGET', memo, ring .. 'r:' .. id)
end

-- Whether an answer (see resource_answer) is one to these amounts.
local function answer_is_to(answer, amounts)
  local given = {}
  for type, amount in string.gmatch(answer, '([^ ;]+) (%d+) %d+') do
    given[type] = tonumber(amount)
  end
  return amounts_format(given) == amounts_format(amounts)
end

local function memo_put(memo, ring, id, answer)
  local place = ring .. 'i:' .. int(count_add(memo, ring .. 'n', 1) % MEMO_SIZE)
  local oldest = redis.call('HGET', memo, place)
  if oldest then
    redis.call('HDEL', memo, ring .. 'r:' .. oldest)
  end
  redis.call('HSET', memo, place, id, ring .. 'r:' .. id, answer)
  -- What was returned is told for longer.
  if redis.call('PTTL', memo) < MEMO_TTL_MS then
    redis.call('PEXPIRE', memo, int(MEMO_TTL_MS))
  end
end

-- What a call gave or took, and what is available now: '<type> <amount> <available>;...'
local function resource_answer(r, amounts)
  local parts = {}
  for i, type in ipairs(amounts_types(amounts)) do
    parts[i] = type .. ' ' .. int(amounts[type]) .. ' ' .. int(resource_pool(r, type).available)
  end
  return table.concat(parts, ';')
end
