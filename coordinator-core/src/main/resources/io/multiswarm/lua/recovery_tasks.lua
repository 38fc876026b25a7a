-- Finds the tasks that some swarms have or had, the newest first, without what is in them.
--
-- KEYS  [1] index (zset: task id by µs of submission)  [2] tasks (see lib/task)
-- ARGV  [1] where to look on: '+inf', then what the call before gave  [2] tasks to look at, at most 100; then the swarms
-- Result  [1] where the next call looks on, '' after the last  [2] tasks looked at
--         [3] two for each task found: id, record

local wanted = {}
for i = 3, #ARGV do
  wanted[ARGV[i]] = true
end

-- Who has or ended it is in the record's beginning, who had it in the notes of its history. What the notes quote may be
-- long, so that their beginnings are looked for, and the rest is not read.
local function concerns(record)
  if wanted[string.match(record, '^%a+:%d+:([^:]*)')] then
    return true
  end
  local at = string.find(record, '\n', 1, true)
  while at do
    if wanted[string.match(record, '^\n%a%d+ %d+ (%S+)', at)] then
      return true
    end
    at = string.find(record, '\n', at + 1, true)
  end
  return false
end

-- In slices, until the records have been long enough: a task that failed often has one of some KB.
local SLICE, ENOUGH_BYTES = 20, 65536

local limit = tonumber(ARGV[2])
local page = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], '-inf', 'WITHSCORES', 'LIMIT', 0, limit)
local ids = {}
for i = 1, #page, 2 do
  ids[#ids + 1] = page[i]
end
local found, looked, bytes = {}, 0, 0
while looked < #ids and bytes < ENOUGH_BYTES do
  local slice = { unpack(ids, looked + 1, math.min(#ids, looked + SLICE)) }
  for i, record in ipairs(redis.call('HMGET', KEYS[2], unpack(slice))) do
    if record then
      bytes = bytes + #record
      if concerns(record) then
        found[#found + 1] = slice[i]
        found[#found + 1] = record
      end
    end
  end
  looked = looked + #slice
end
local over = looked == #ids and #ids < limit
return { over and '' or '(' .. page[2 * looked], looked, found }
