-- Pauses the distribution of tasks in the whole fleet, or resumes it.
--
-- KEYS  [1] paused (set: ids of the swarms that are given no tasks, '*' for all)  [2] signals (channel to all nodes)
--       [3]-[6] the four of the channel swarm:events (see lib/channel)
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] 1 to pause, 0 to resume
-- Signals 'task-paused 1' or 'task-paused 0'.
-- Result  [1] OK

-- #include lib/time
-- #include lib/channel
-- #include lib/event

local pause = ARGV[4] == '1'
if redis.call(pause and 'SADD' or 'SREM', KEYS[1], '*') == 1 then
  redis.call('PUBLISH', KEYS[2], 'task-paused ' .. ARGV[4])
  local events = channel_open({ KEYS[3], KEYS[4], KEYS[5], KEYS[6] },
    { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, now_ms())
  event_append(events, 'event', 'system', pause and 'tasks_paused' or 'tasks_resumed', '{}')
  channel_close(events)
end
return { 'OK' }
