-- lib/copies: the snapshots or the checkpoints of a swarm, a bounded number of each. Needs lib/time.
--
-- index: hash; '#life' (see lib/state) and '#seq', then for each copy its id ->
-- '<number> <createdAt, ms> <version> <sha1> <bytes> <kind> <label, JSON>'. The copies themselves are strings
-- under keys of their own, which the caller passes: when the oldest has to go and its key was not passed, the
-- script refuses and names the ids, and the caller comes again with their keys.

-- Reads an index; what an earlier life of the swarm's id left behind counts as nothing.
local function copies_open(index, life)
  local fields = redis.call('HGETALL', index)
  local copies = { index = index, life = life, seq = 0, ids = {}, entries = {}, orders = {} }
  for i = 1, #fields, 2 do
    copies.entries[fields[i]] = fields[i + 1]
  end
  if copies.entries['#life'] ~= life then
    copies.stale = true
    copies.entries = {}
    return copies
  end
  copies.seq = tonumber(copies.entries['#seq'])
  copies.entries['#life'], copies.entries['#seq'] = nil, nil
  for id, entry in pairs(copies.entries) do
    copies.ids[#copies.ids + 1] = id
    -- What is no entry is listed as the oldest, and the first to go.
    copies.orders[id] = tonumber(string.match(entry, '^(%d+) %d+ %d+ %x+ %d+ %a+ ')) or 0
  end
  table.sort(copies.ids, function(a, b) return copies.orders[a] < copies.orders[b] end)
  return copies
end

-- Whether the oldest can make room for one more: their keys are among the passed. passed: id -> key
local function copies_can_admit(copies, most, passed)
  for i = 1, #copies.ids - most + 1 do
    if not passed[copies.ids[i]] then
      return false
    end
  end
  return true
end

-- created_at, version, sha1, bytes of an entry, as text.
local function copies_entry(entry)
  return string.match(entry, '^%d+ (%d+) (%d+) (%x+) (%d+) ')
end

-- Bytes of the copies that stay when one more comes. most: that are kept
local function copies_bytes(copies, most)
  local bytes = 0
  for i = math.max(1, #copies.ids - most + 2), #copies.ids do
    local _, _, _, size = copies_entry(copies.entries[copies.ids[i]])
    bytes = bytes + (size or 0)
  end
  return bytes
end

-- Enters a copy whose string was written to its key, and removes the oldest beyond the limit.
local function copies_admit(copies, most, passed, copy, ttl)
  for i = 1, #copies.ids - most + 1 do
    redis.call('DEL', passed[copies.ids[i]])
    redis.call('HDEL', copies.index, copies.ids[i])
  end
  if copies.stale then
    redis.call('DEL', copies.index)
  end
  redis.call('HSET', copies.index, '#life', copies.life, '#seq', int(copies.seq + 1), copy.id,
    int(copies.seq + 1) .. ' ' .. copy.created_at .. ' ' .. copy.version .. ' ' .. copy.sha1 .. ' '
      .. copy.bytes .. ' ' .. copy.kind .. ' ' .. copy.label)
  redis.call('PEXPIRE', copies.index, ttl)
  redis.call('PEXPIRE', copy.key, ttl)
end

-- ids_from, keys_from: where the arguments and keys of the copies that may have to go begin.
local function copies_passed(ids_from, keys_from)
  local passed = {}
  for i = 0, #ARGV - ids_from do
    passed[ARGV[ids_from + i]] = KEYS[keys_from + i]
  end
  return passed
end
