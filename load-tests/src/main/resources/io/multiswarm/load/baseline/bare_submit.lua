-- The least that accepting tasks can be: what each is, where it stands, and its place in line.
-- KEYS[1] hash: task -> record, '<status>:<attempt>', then ':<swarm>' once it was given away, and ':<result>' at the end
-- KEYS[2] hash: task -> the task as JSON, without line breaks
-- KEYS[3] sorted set: the tasks that are pending, by number
-- ARGV    three for each task: its id, its JSON, its number
-- Result: 1 for each task
local records, specs, places, results = {}, {}, {}, {}
for a = 1, #ARGV, 3 do
  local id, n = ARGV[a], #records
  records[n + 1] = id
  records[n + 2] = 'pending:0'
  specs[n + 1] = id
  specs[n + 2] = ARGV[a + 1]
  places[n + 1] = ARGV[a + 2]
  places[n + 2] = id
  results[#results + 1] = 1
end
redis.call('HSET', KEYS[1], unpack(records))
redis.call('HSET', KEYS[2], unpack(specs))
redis.call('ZADD', KEYS[3], unpack(places))
return results
