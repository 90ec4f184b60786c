-- One turn, all or nothing: session, log entries, indexes and tasks.
-- KEYS: 1 session, 2 log, 3 due, 4 tasks, 5 emergency lane, 6 normal lane, 7 archive,
--       then the indexes to set, then the indexes to clear.
-- ARGV: 1 expected revision, 2 sealed session, 3 session id, 4 now (ms),
--       5 archive the present session first ('1'), 6 number of indexes to set,
--       7 number of log entries, then the sealed entries, then per task: id, lane, due (ms),
--       sealed task.
-- Returns the new revision, or -1 when the session moved on since it was loaded.
local call = redis.call
local old = call('GET', KEYS[1])
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
if ARGV[5] == '1' and old then
  call('RENAME', KEYS[1], KEYS[7])
  ids = ''
end
local at = 7
local count = tonumber(ARGV[7])
for i = 1, count do
  local id = call('XADD', KEYS[2], '*', 's', ARGV[3], 'd', ARGV[at + i])
  ids = ids == '' and id or (ids .. ' ' .. id)
end
at = at + count
revision = revision + 1
call('SET', KEYS[1], revision .. ';' .. ids .. ';' .. ARGV[2])
local adds = tonumber(ARGV[6])
for i = 8, 7 + adds do
  call('ZADD', KEYS[i], ARGV[4], ARGV[3])
end
for i = 8 + adds, #KEYS do
  call('ZREM', KEYS[i], ARGV[3])
end
while ARGV[at + 1] do
  local id, lane, due, sealed = ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4]
  if due <= tonumber(ARGV[4]) then
    call('XADD', lane == 'emergency' and KEYS[5] or KEYS[6], '*', 'id', id, 'd', sealed)
  else
    call('ZADD', KEYS[3], due, id)
    call('HSET', KEYS[4], id, lane .. ';' .. sealed)
  end
  at = at + 4
end
return revision
