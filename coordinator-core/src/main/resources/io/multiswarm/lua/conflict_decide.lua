-- Tells how a conflict stands, and decides it when its vote has ended. Whoever comes second finds the decision.
--
-- KEYS  [1]-[9] see lib/conflict; with an epoch [10] leadership  [11] leader, see lib/leader
-- ARGV  [1] history: messages kept  [2] bytes kept  [3] ms kept  [4] id  [5] epoch, when a leader decides what nobody waits for
-- Result  'DECIDED', winner, loser, strategy, reason, a, votes for it, b, votes for it;  'OPEN', ms left, a, b;
--         'UNKNOWN';  or 'FENCED': that leadership is over

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/conflict
-- #include lib/leader

if ARGV[5] and leader_check(KEYS[10], KEYS[11], ARGV[5]) ~= 'OK' then
  return { 'FENCED' }
end
local c = conflict_load()
if not c then
  redis.call('ZREM', KEYS[3], ARGV[4])
  return { 'UNKNOWN' }
end
return conflict_state(c, now_ms(), { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) })
