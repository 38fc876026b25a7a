-- Renews the lease of a leadership that still holds it; never takes or restores one. PEXPIRE needs no
-- memory, so it runs when memory is full.
--
-- KEYS  [1] leader (string, TTL = lease)  [2] leadership (hash, no TTL)
-- ARGV  [1] epoch  [2] lease in ms
-- Result  'OK', epoch, ms left of the lease
--         'FENCED': this leadership is over

-- #include lib/leader

local status = leader_check(KEYS[2], KEYS[1], ARGV[1])
if status ~= 'OK' then
  return { status }
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { 'OK', tonumber(ARGV[1]), tonumber(ARGV[2]) }
