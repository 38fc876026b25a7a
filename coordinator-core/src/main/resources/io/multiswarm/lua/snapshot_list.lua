-- Lists the snapshots or the checkpoints of a swarm.
--
-- KEYS  [1]-[6] see lib/state; [7] index (see lib/copies)
-- ARGV  [1] swarm  [2] incarnation, 0 = administrator
-- Result  [1] OK, NOT_FOUND or FENCED  [2] a list, newest first: id, entry, id, entry, …

-- #include lib/time
-- #include lib/owner
-- #include lib/state
-- #include lib/copies

local refusal, state = state_open(ARGV[1], ARGV[2])
if refusal ~= 'OK' then
  return { refusal }
end
local copies, list = copies_open(KEYS[7], state.life), {}
for i = #copies.ids, 1, -1 do
  list[#list + 1] = copies.ids[i]
  list[#list + 1] = copies.entries[copies.ids[i]]
end
return { 'OK', list }
