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

-- Who has or ended it is in the record's beginning, who had it in the notes of its history.
local function concerns(record)
  if wanted[string.match(record, '^%a+:%d+:([^:]*)')] then
    return true
  end
  for swarm in string.gmatch(record, '\n%a%d+ %d+ (%S+)') do
    if wanted[swarm] then
      return true
    end
  end
  return false
end

local limit = tonumber(ARGV[2])
local page = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], '-inf', 'WITHSCORES', 'LIMIT', 0, limit)
local ids = {}
for i = 1, #page, 2 do
  ids[#ids + 1] = page[i]
end
if #ids == 0 then
  return { '', 0, {} }
end
local found = {}
for i, record in ipairs(redis.call('HMGET', KEYS[2], unpack(ids))) do
  if record and concerns(record) then
    found[#found + 1] = ids[i]
    found[#found + 1] = record
  end
end
return { #ids < limit and '' or '(' .. page[#page], #ids, found }
