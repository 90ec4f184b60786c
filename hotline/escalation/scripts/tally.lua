-- Add what was counted to the days' counters, once: only while the cursor stands where it was read.
-- KEYS: 1 cursors (a hash), then the days' counters.
-- ARGV: 1 the cursor's name, 2 where it stood ('' at the beginning), 3 where it stands now,
--       4 seconds to keep a day, then for each day: number of counters, then name and number.
-- Returns 1 done, 0 somebody else counted these.
local stood = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if stood ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
local at = 5
for day = 2, #KEYS do
  local counters = tonumber(ARGV[at])
  for i = 1, counters do
    redis.call('HINCRBY', KEYS[day], ARGV[at + 2 * i - 1], ARGV[at + 2 * i])
  end
  redis.call('EXPIRE', KEYS[day], ARGV[4])
  at = at + 1 + 2 * counters
end
return 1
