-- Tells which interrupted swarms still have to be recovered, at most 100 a call.
--
-- KEYS  [1] roster; then for each swarm its recovery (hash: incarnation, at in ms, success 1 or 0)
-- ARGV  [1] ms after which a swarm without any source is given up; then the id of each swarm
-- Result  two for each swarm: its incarnation, and what is due: recover, fail or nothing ('')

-- #include lib/time

local ms, result = now_ms(), {}
for i = 2, #ARGV do
  local entry = redis.call('HGET', KEYS[1], ARGV[i])
  local incarnation = entry and string.match(entry, '^(%d+):$')
  local due = ''
  if incarnation then
    local recovery = redis.pcall('HMGET', KEYS[i], 'incarnation', 'at', 'success')
    if recovery.err or recovery[1] ~= incarnation then
      due = 'recover'
    elseif recovery[3] == '0' and (tonumber(recovery[2]) or 0) + ARGV[1] <= ms then
      due = 'fail'
    end
  end
  result[#result + 1] = incarnation or '0'
  result[#result + 1] = due
end
return result
