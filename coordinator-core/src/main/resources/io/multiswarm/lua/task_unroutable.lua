-- Tells of lanes whose tasks no attached swarm can take, and of how many tasks wait so; by the leader alone.
--
-- KEYS  [1]-[21] see lib/task
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] epoch  [5] leading swarm  [6] tasks that wait so
--       then the data of each event, JSON
-- Result  [1] OK or FENCED

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/leader

if leader_check(KEYS[15], KEYS[16], ARGV[4]) ~= 'OK' then
  return { 'FENCED' }
end
redis.call('HSET', KEYS[13], 'unroutable', ARGV[6])
local events = channel_open({ KEYS[17], KEYS[18], KEYS[19], KEYS[20] },
  { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, now_ms())
for a = 7, #ARGV do
  event_append(events, 'task', ARGV[5], 'task_unroutable', ARGV[a])
end
channel_close(events)
return { 'OK' }
