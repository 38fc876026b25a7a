-- lib/conflict: a conflict between two swarms, from its detection to its one decision.
-- Needs lib/time, lib/channel and lib/event.
--
-- The first nine KEYS of every script that includes this:
--   [1] conflict    hash    TTL a day: id, type (JSON), a, b (ids), rank-a, rank-b (0 high to 2 low), since-a, since-b
--                           (ms), strategy, asked, quorum, deadline (ms); once decided: winner, loser, reason, at;
--                           v:<swarm> -> '<choice>|<ballot>', votes-a, votes-b
--   [2] electorate  set     until the decision, a day at most: the swarms that were asked
--   [3] open        zset    conflict id by deadline; until decided
--   [4] log         stream  decisions, the last 1000
--   [5]-[8]         the four of the channel swarm:coordination
--   [9] signals     channel to all nodes

local CONFLICT_TTL_MS, LOG_LENGTH = 24 * 3600 * 1000, 1000
local RANKS = { [0] = 'high', [1] = 'normal', [2] = 'low' }
local FIELDS = { 'id', 'type', 'a', 'b', 'rank-a', 'rank-b', 'since-a', 'since-b', 'strategy', 'asked', 'quorum', 'deadline',
  'votes-a', 'votes-b', 'winner', 'loser', 'reason' }

-- nil when there is none. Without the ballots: of ten thousand, each would cost as much as all before it.
local function conflict_load()
  local values = redis.call('HMGET', KEYS[1], unpack(FIELDS))
  if not values[1] then
    return nil
  end
  local c = {}
  for i, name in ipairs(FIELDS) do
    c[name] = values[i] or nil
  end
  return c
end

local function conflict_announce(c, ms, limits, type, more)
  local ch = channel_open({ KEYS[5], KEYS[6], KEYS[7], KEYS[8] }, limits, ms)
  event_append(ch, 'coordination', 'system', type, '{"conflictId":"' .. c.id .. '","type":' .. c.type
    .. ',"swarmA":"' .. c.a .. '","swarmB":"' .. c.b .. '","strategy":"' .. c.strategy .. '"' .. more .. '}')
  channel_close(ch)
end

-- Whether a is first, and why.
local function conflict_by_age(c)
  local a, b = tonumber(c['since-a']), tonumber(c['since-b'])
  if a ~= b then
    return a < b, 'was created earlier'
  end
  return c.a < c.b, 'same age, smaller id'
end

local function conflict_by_priority(c)
  local a, b = tonumber(c['rank-a']), tonumber(c['rank-b'])
  if a ~= b then
    return a < b, 'priority ' .. RANKS[math.min(a, b)] .. ' over ' .. RANKS[math.max(a, b)]
  end
  local first, why = conflict_by_age(c)
  return first, 'same priority, ' .. why
end

local function conflict_by_votes(c)
  local a, b = tonumber(c['votes-a']), tonumber(c['votes-b'])
  local first, why = conflict_by_priority(c)
  if a + b < tonumber(c.quorum) then
    return first, 'no quorum, ' .. int(a + b) .. ' of ' .. c.quorum .. ' votes: ' .. why
  elseif a == b then
    return first, 'tie, ' .. int(a) .. ' votes each: ' .. why
  end
  return a > b, int(math.max(a, b)) .. ' votes to ' .. int(math.min(a, b))
end

-- Whether it is the same question: between the same two, in whatever order, and of the same type. How it is to be decided
-- was settled when it was asked first.
local function conflict_is(c, type, a, b)
  return c.type == type and (c.a == a and c.b == b or c.a == b and c.b == a)
end

-- What Java reads.
local function conflict_outcome(c)
  return { 'DECIDED', c.winner, c.loser, c.strategy, c.reason, c.a, c['votes-a'], c.b, c['votes-b'] }
end

-- The one decision: written, logged, announced and signalled together.
local function conflict_decide(c, ms, limits)
  local by = { priority = conflict_by_priority, timestamp = conflict_by_age, voting = conflict_by_votes }
  local first, reason = by[c.strategy](c)
  c.winner, c.loser, c.reason = first and c.a or c.b, first and c.b or c.a, reason
  redis.call('HSET', KEYS[1], 'winner', c.winner, 'loser', c.loser, 'reason', reason, 'at', int(ms))
  redis.call('ZREM', KEYS[3], c.id)
  redis.call('UNLINK', KEYS[2])
  -- What somebody put in place of the log keeps nobody from the decision.
  redis.pcall('XADD', KEYS[4], 'MAXLEN', LOG_LENGTH, '*', 'conflict', c.id, 'type', c.type, 'winner', c.winner,
    'loser', c.loser, 'strategy', c.strategy, 'reason', reason, 'votes',
    c.a .. '=' .. c['votes-a'] .. ' ' .. c.b .. '=' .. c['votes-b'])
  local votes = ''
  if c.strategy == 'voting' then
    votes = ',"votes":{"' .. c.a .. '":' .. c['votes-a'] .. ',"' .. c.b .. '":' .. c['votes-b'] .. '}'
  end
  conflict_announce(c, ms, limits, 'conflict_resolved', ',"winner":"' .. c.winner .. '","loser":"' .. c.loser
    .. '","reason":"' .. reason .. '"' .. votes)
  redis.call('PUBLISH', KEYS[9], 'conflict-ended ' .. c.id)
  return conflict_outcome(c)
end

-- A vote has ended when its quorum is reached, when all have voted, and when its time is over.
local function conflict_is_due(c, ms)
  local cast = c['votes-a'] + c['votes-b']
  return cast >= tonumber(c.quorum) or cast >= tonumber(c.asked) or tonumber(c.deadline) <= ms
end

local function conflict_state(c, ms, limits)
  if c.winner then
    return conflict_outcome(c)
  elseif c.strategy ~= 'voting' or conflict_is_due(c, ms) then
    return conflict_decide(c, ms, limits)
  end
  return { 'OPEN', int(c.deadline - ms), c.a, c.b }
end
