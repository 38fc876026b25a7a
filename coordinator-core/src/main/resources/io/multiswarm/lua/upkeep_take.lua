#!lua flags=allow-oom
-- Takes the upkeep of the fleet when no other node has its lease, or renews it. A new holder has a new token, which fences
-- the one before; a repetition gets the same.
--
-- The beats also tell that Redis was away, or that no node was there: then every deadline has passed at once, and nothing
-- is judged until those concerned had the time to come back.
--
-- KEYS  [1] upkeep (hash, see lib/upkeep; TTL 7 days)
-- ARGV  [1] node  [2] lease, ms  [3] ms without a beat that are an outage  [4] ms of quiet after one
-- Result  [1] 1 when the node keeps the fleet up, 0 when another does  [2] token, 0 of another  [3] ms left of the lease

-- #include lib/time

local TTL_MS = 7 * 24 * 3600 * 1000

local node, ms = ARGV[1], now_ms()
local held = redis.call('HMGET', KEYS[1], 'node', 'token', 'until', 'last', 'quiet')
local left = (tonumber(held[3]) or 0) - ms
-- A lease of the future is of a clock that was set back.
if held[1] and held[1] ~= node and left > 0 and left <= tonumber(ARGV[2]) then
  return { 0, 0, left }
end

local token = tonumber(held[2])
if not token or held[1] ~= node then
  token = next_identity(token or 0)
end
local quiet, last = tonumber(held[5]) or 0, tonumber(held[4])
if last and ms - last > tonumber(ARGV[3]) then
  quiet = ms + ARGV[4]
elseif quiet > ms + ARGV[4] then
  quiet = 0
end
redis.call('HSET', KEYS[1], 'node', node, 'token', int(token), 'until', int(ms + ARGV[2]), 'last', int(ms), 'quiet', int(quiet))
redis.call('PEXPIRE', KEYS[1], int(TTL_MS))
return { 1, tonumber(token), tonumber(ARGV[2]) }
