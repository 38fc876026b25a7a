-- lib/weight: what states and their copies take of Redis, in bytes: of each swarm, of each principal, and of the fleet.
-- Needs lib/time.
--
-- weights     hash  swarm id -> '<bytes of the state> <of snapshots> <of checkpoints> <principal, or -> <life>', of those that
--             have any; '|<label of a principal>' -> bytes of the swarms that it created. An id has no '|'.
-- statistics  hash  'bytes' -> those of all swarms
--
-- A part is what its script sees, never a difference, so that what was counted wrong is right with the next write.

local WEIGHT_STATE, WEIGHT_SNAPSHOTS, WEIGHT_CHECKPOINTS = 1, 2, 3

local function weight_read(weights, id)
  local state, snapshots, checkpoints, principal, life =
    string.match(redis.call('HGET', weights, id) or '', '^(%d+) (%d+) (%d+) (%S+) (%S*)$')
  return { tonumber(state or 0), tonumber(snapshots or 0), tonumber(checkpoints or 0), principal = principal or '-',
    life = life or '' }
end

local function weight_sum(weight)
  return weight[WEIGHT_STATE] + weight[WEIGHT_SNAPSHOTS] + weight[WEIGHT_CHECKPOINTS]
end

local function weight_add(weights, statistics, principal, more)
  if more ~= 0 then
    count_add(statistics, 'bytes', int(more))
    local field = '|' .. principal
    if principal ~= '-' and count_add(weights, field, int(more)) <= 0 then
      redis.call('HDEL', weights, field)
    end
  end
end

-- Writes what a swarm takes now in place of what it took before.
local function weight_write(weights, statistics, id, before, after)
  if before.principal == after.principal then
    weight_add(weights, statistics, after.principal, weight_sum(after) - weight_sum(before))
  else
    weight_add(weights, statistics, before.principal, -weight_sum(before))
    weight_add(weights, statistics, after.principal, weight_sum(after))
  end
  if weight_sum(after) > 0 then
    redis.call('HSET', weights, id, int(after[1]) .. ' ' .. int(after[2]) .. ' ' .. int(after[3]) .. ' '
      .. after.principal .. ' ' .. after.life)
  else
    redis.call('HDEL', weights, id)
  end
end
