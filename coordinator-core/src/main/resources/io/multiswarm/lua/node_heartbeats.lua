#!lua flags=allow-oom
-- Signs of life for all swarms of a node, at most 500 a call, and a check of what the node still holds.
-- A swarm that was detached because the node seemed dead comes back, unless it was interrupted meanwhile.
--
-- KEYS  [1] roster  [2] heartbeats (zset: swarm id by ms of its last heartbeat)  [3] detached  [4] nodes
-- ARGV  [1] node; then for each swarm two: id, incarnation
-- Result  two for each swarm that is not simply held: its number (1 = first), and what became of it:
--         back, ended, interrupted or taken

-- #include lib/time

local node, ms = ARGV[1], now_ms()
local alive = tonumber(redis.call('ZSCORE', KEYS[4], node) or 0) > ms
local ids = {}
for a = 2, #ARGV, 2 do
  ids[#ids + 1] = ARGV[a]
end
if #ids == 0 then
  return {}
end

local entries = redis.call('HMGET', KEYS[1], unpack(ids))
local beats, news = {}, {}
for i, id in ipairs(ids) do
  local entry, incarnation = entries[i], ARGV[1 + 2 * i]
  local mine = incarnation .. ':' .. node
  if entry ~= mine then
    local what = 'taken'
    if not entry then
      what = 'ended'
    elseif entry == incarnation .. ':' then
      what = alive and 'back' or nil
    elseif string.sub(entry, -1) == ':' or (tonumber(string.match(entry, '^%d+')) or 0) < tonumber(incarnation) then
      -- An older one is what Redis knew before it lost data, and no number is somebody else's: whoever has the key may
      -- attach the swarm again.
      what = 'interrupted'
    end
    if what == 'back' then
      redis.call('HSET', KEYS[1], id, mine)
      redis.call('ZREM', KEYS[3], id)
      entry = mine
    end
    if what then
      news[#news + 1] = i
      news[#news + 1] = what
    end
  end
  if entry == mine then
    beats[#beats + 1] = int(ms)
    beats[#beats + 1] = id
  end
end
if #beats > 0 then
  redis.call('ZADD', KEYS[2], 'XX', unpack(beats))
end
return news
