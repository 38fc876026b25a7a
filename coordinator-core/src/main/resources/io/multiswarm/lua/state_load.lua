-- Reads a swarm's state.
--
-- KEYS  [1]-[6] see lib/state
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator
-- Result  [1] OK, NOT_FOUND, FENCED, or NONE when nothing is saved
--         [2] the time now, ms  [3] state, JSON  [4] version  [5] when it was saved, ms  [6] its SHA-1

-- #include lib/time
-- #include lib/owner
-- #include lib/state

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
if not state.exists then
  return { 'NONE', int(now_ms()) }
end
return { 'OK', int(now_ms()), redis.call('GET', STATE), int(state.version), state.saved_at, state.sha1 }
