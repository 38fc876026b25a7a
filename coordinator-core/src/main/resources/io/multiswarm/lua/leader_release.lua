#!lua flags=allow-oom
-- Ends a leadership and tells everybody that there is none.
--
-- KEYS  [1] leader (string, TTL = lease)  [2] leadership (hash, no TTL)
--       [3..6] four of swarm:coordination (see lib/channel)  [7] pub/sub channel of signals
-- ARGV  [1..3] limits of the history  [4] epoch
-- Result  'OK': released
--         'FENCED': it was over already

-- #include lib/time
-- #include lib/channel
-- #include lib/event
-- #include lib/leader
-- #include lib/vacancy

local status = leader_check(KEYS[2], KEYS[1], ARGV[4])
if status == 'OK' then
  vacancy_declare(vacancy_keys(1), { tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) }, KEYS[7])
end
return { status }
