-- One turn, all or nothing: session, replies, log entries, indexes and tasks.
-- KEYS: 1 session, 2 replies, 3 log, 4 due, 5 tasks, 6 emergency lane, 7 normal lane, 8 archive,
--       then the indexes to set, then the indexes to clear.
-- ARGV: 1 expected revision, 2 sealed session, 3 sealed replies ('' for none), 4 their ms to live,
--       5 session id, 6 now (ms), 7 archive the present session first ('1'),
--       8 number of indexes to set, 9 number of log entries, then the sealed entries,
--       then per task: id, lane, due (ms), sealed task.
-- Returns the new revision, or -1 when the session moved on since it was loaded.
local old = redis.call('GET', KEYS[1])
local revision, ids = 0, ''
if old then
  local first = string.find(old, ';', 1, true)
  local second = string.find(old, ';', first + 1, true)
  revision = tonumber(string.sub(old, 1, first - 1))
  ids = string.sub(old, first + 1, second - 1)
end
if revision ~= tonumber(ARGV[1]) then
  return -1
end
if ARGV[7] == '1' and old then
  redis.call('RENAME', KEYS[1], KEYS[8])
  ids = ''
end
local at = 9
local count = tonumber(ARGV[9])
for i = 1, count do
  local id = redis.call('XADD', KEYS[3], '*', 's', ARGV[5], 'd', ARGV[at + i])
  ids = ids == '' and id or (ids .. ' ' .. id)
end
at = at + count
revision = revision + 1
redis.call('SET', KEYS[1], revision .. ';' .. ids .. ';' .. ARGV[2])
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
end
local adds = tonumber(ARGV[8])
for i = 1, adds do
  redis.call('ZADD', KEYS[8 + i], ARGV[6], ARGV[5])
end
for i = 9 + adds, #KEYS do
  redis.call('ZREM', KEYS[i], ARGV[5])
end
while ARGV[at + 1] do
  local id, lane, due, sealed = ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4]
  if due <= tonumber(ARGV[6]) then
    redis.call('XADD', lane == 'emergency' and KEYS[6] or KEYS[7], '*', 'id', id, 'd', sealed)
  else
    redis.call('ZADD', KEYS[4], due, id)
    redis.call('HSET', KEYS[5], id, lane .. ';' .. sealed)
  end
  at = at + 4
end
return revision
