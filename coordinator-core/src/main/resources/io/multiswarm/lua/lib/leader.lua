-- lib/leader: the proof that a write by the leader carries.
--
-- leadership: hash, epoch, swarmId, node, nonce of the current or last leadership.
-- leader:     string, id of the leading swarm; its TTL is the lease.

-- Returns 'OK' if epoch is the leadership that holds the lease now, else 'FENCED'. The value is
-- compared too: what a foreign process set there is not our leadership.
local function leader_check(leadership_key, leader_key, epoch)
  local held = redis.call('GET', leader_key)
  local current = redis.call('HMGET', leadership_key, 'epoch', 'swarmId')
  if held and held == current[2] and current[1] == epoch then
    return 'OK'
  end
  return 'FENCED'
end
