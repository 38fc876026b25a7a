-- lib/upkeep: the proof that a write carries of the one node that keeps the fleet up.
--
-- upkeep: hash, TTL 7 days: node, token, until (ms at which its lease is over), last (ms of its last beat) and
--         quiet (ms until which nothing is judged).

-- Returns 'OK' if token is the one that was given last, else 'FENCED'; and the ms at which the quiet after an outage is over.
-- A lease that is over, and that nobody has taken since, still proves that nobody else is at work.
local function upkeep_check(key, token)
  local held = redis.call('HMGET', key, 'token', 'quiet')
  if held[1] == token then
    return 'OK', tonumber(held[2]) or 0
  end
  return 'FENCED', 0
end
