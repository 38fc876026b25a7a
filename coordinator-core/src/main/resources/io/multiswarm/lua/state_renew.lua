#!lua flags=allow-oom
-- Gives keys that belong to living swarms their whole time to live again, at most 1000 a call.
--
-- KEYS  any that exist or not
-- ARGV  [1] TTL, ms  [2] how many of the first keys get twice that
-- Result  how many exist

-- #include lib/time

local renewed = 0
for i, key in ipairs(KEYS) do
  local ttl = i <= tonumber(ARGV[2]) and int(2 * ARGV[1]) or ARGV[1]
  renewed = renewed + redis.call('PEXPIRE', key, ttl)
end
return { renewed }
