-- A delivery report: the state of a send moves forward, never back.
-- KEYS: 1 the send's record, 2 index of sends perhaps sent.
-- ARGV: 1 reported state, 2 now (ms), 3 the carrier's id, 4 error code, 5 ms to keep it, 6 send id.
-- Returns the state before ('' for none) and the state now.
local RANK = { planned = 0, trying = 1, perhaps = 2, accepted = 3, sent = 4, delivered = 5,
  undelivered = 5, failed = 5, refused = 5, dropped = 5 }
local before = redis.call('HGET', KEYS[1], 'state') or ''
if before ~= '' and RANK[ARGV[1]] <= RANK[before] then
  return { before, before }
end
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'updated', ARGV[2], 'sid', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[1], 'code', ARGV[4])
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('ZREM', KEYS[2], ARGV[6])
return { before, ARGV[1] }
