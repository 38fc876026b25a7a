-- lib/archive: what is kept of swarms that were deregistered, weighed. Needs lib/time.
--
-- keys: three:
--   [1] archives  zset  id of an archived swarm by the ms at which that was done
--   [2] sizes     hash  id -> bytes that are counted for it
--   [3] metrics   hash  the registry's; 'archiveBytes' -> those of all

-- An archive takes this beside its text: its key, entries here, and what its id continues with.
local ARCHIVE_BYTES = 512

local function archive_bytes(metrics)
  return count_read(metrics, 'archiveBytes')
end

-- Forgets what was counted for a swarm.
local function archive_remove(keys, id)
  local bytes = redis.call('HGET', keys[2], id)
  if bytes then
    redis.call('HDEL', keys[2], id)
    count_add(keys[3], 'archiveBytes', int(-(tonumber(bytes) or 0)))
  end
  redis.call('ZREM', keys[1], id)
end

local function archive_add(keys, id, ms, bytes)
  archive_remove(keys, id)
  redis.call('ZADD', keys[1], int(ms), id)
  redis.call('HSET', keys[2], id, int(bytes + ARCHIVE_BYTES))
  count_add(keys[3], 'archiveBytes', int(bytes + ARCHIVE_BYTES))
end
