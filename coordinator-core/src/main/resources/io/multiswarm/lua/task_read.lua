-- Reads tasks, at most 100 a call.
--
-- KEYS  the hash of each task
-- ARGV  none
-- Result  for each: nil, or spec, state, place, history, from, by, result, error, progress (see lib/task)

local result = {}
for i, key in ipairs(KEYS) do
  local values = redis.call('HMGET', key, 'spec', 'state', 'place', 'history', 'from', 'by', 'result', 'error',
    'progress')
  result[i] = values[1] and values
end
return result
