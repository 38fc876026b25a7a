-- lib/vacancy: the end of a leadership, told to everybody. Needs lib/time, lib/channel and lib/event.
--
-- keys: what vacancy_keys gives: leader, leadership, and the four of swarm:coordination, from a first index of KEYS on.

local function vacancy_keys(first)
  return { KEYS[first], KEYS[first + 1], { KEYS[first + 2], KEYS[first + 3], KEYS[first + 4], KEYS[first + 5] } }
end

-- Ends the leadership that holds the lease now. The caller has the right to.
-- limits: of the history; signals: channel to all nodes.
local function vacancy_declare(keys, limits, signals)
  local last = redis.call('HMGET', keys[2], 'epoch', 'swarmId', 'node')
  redis.call('DEL', keys[1])
  local ch = channel_open(keys[3], limits, now_ms())
  event_append(ch, 'coordination', last[2], 'leadership_released',
    '{"swarmId":"' .. last[2] .. '","epoch":' .. last[1] .. ',"node":"' .. last[3] .. '"}')
  channel_close(ch)
  redis.call('PUBLISH', signals, 'leader released ' .. last[1])
end

-- Ends the leadership that holds the lease, if its swarm or its node is the one given: nobody can act by it any more.
-- swarm, node: nil for any.
local function vacancy_after(keys, limits, signals, swarm, node)
  local held = redis.call('GET', keys[1])
  local last = redis.call('HMGET', keys[2], 'swarmId', 'node')
  if held and held == last[1] and (held == swarm or last[2] == node) then
    vacancy_declare(keys, limits, signals)
  end
end
