-- Opens a conflict, and decides it at once unless there is a vote. The same again, under the same id, gets what became
-- of the first.
--
-- KEYS  [1]-[9] see lib/conflict; [10] roster
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept
--       [4] id  [5] type, JSON  [6] swarm a  [7] its rank, 0 high to 2 low  [8] ms of its creation
--       [9] swarm b  [10] its rank  [11] ms of its creation  [12] priority, timestamp or voting
--       [13] ms for the vote  [14] quorum, 0 for more than half of those asked; then the electorate, none for that which
--       conflict_electorate has noted
-- Result  'DECIDED', winner, loser, strategy, reason, a, votes for it, b, votes for it;  'OPEN', ms left, a, b;
--         or 'OTHER', a, b: the id is that of another conflict

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/owner
-- #include lib/conflict

local ms, limits = now_ms(), { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }
local known = conflict_load()
if known and not conflict_is(known, ARGV[5], ARGV[6], ARGV[9]) then
  return { 'OTHER', known.a, known.b }
elseif known then
  return conflict_state(known, ms, limits)
end

local function attached_of(swarms)
  local found = {}
  for from = 1, #swarms, 1000 do
    local some = { unpack(swarms, from, math.min(from + 999, #swarms)) }
    for i, entry in ipairs(redis.call('HMGET', KEYS[10], unpack(some))) do
      if owner_attached(entry) then
        found[#found + 1] = some[i]
      end
    end
  end
  return found
end

local function electorate()
  local asked = attached_of({ unpack(ARGV, 15) })
  for from = 1, #asked, 1000 do
    redis.call('SADD', KEYS[2], unpack(asked, from, math.min(from + 999, #asked)))
  end
  redis.call('PEXPIRE', KEYS[2], int(CONFLICT_TTL_MS))
  return redis.call('SCARD', KEYS[2])
end

local voting = ARGV[12] == 'voting'
local asked = voting and electorate() or 0
local quorum = ARGV[14] == '0' and math.floor(asked / 2) + 1 or tonumber(ARGV[14])
local c = { id = ARGV[4], type = ARGV[5], a = ARGV[6], ['rank-a'] = ARGV[7], ['since-a'] = ARGV[8], b = ARGV[9],
  ['rank-b'] = ARGV[10], ['since-b'] = ARGV[11], strategy = ARGV[12], asked = int(asked), quorum = int(quorum),
  deadline = int(ms + ARGV[13]), ['votes-a'] = '0', ['votes-b'] = '0' }
for name, value in pairs(c) do
  redis.call('HSET', KEYS[1], name, value)
end
redis.call('PEXPIRE', KEYS[1], int(CONFLICT_TTL_MS))
conflict_announce(c, ms, limits, 'conflict_detected', '')
if voting and asked > 0 then
  redis.call('ZADD', KEYS[3], c.deadline, c.id)
  redis.call('PUBLISH', KEYS[9], 'conflict-vote ' .. c.id)
end
return conflict_state(c, ms, limits)
