-- lib/owner: the proof that a write for a swarm carries, against the roster.
--
-- roster: hash, swarm id -> '<incarnation>:<node>', with an empty node while nobody is attached.

-- entry: the roster's value for the swarm, or false. incarnation: the writer's, '0' for an administrator.
-- Returns 'OK', 'NOT_FOUND' or 'FENCED'.
local function owner_check(entry, incarnation)
  if not entry then
    return 'NOT_FOUND'
  end
  if incarnation == '0' or string.find(entry, incarnation .. ':', 1, true) == 1 then
    return 'OK'
  end
  return 'FENCED'
end

local function owner_attached(entry)
  return entry and string.sub(entry, -1) ~= ':'
end
