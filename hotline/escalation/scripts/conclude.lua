-- What a task did, all or nothing: acknowledge it, write a record, a send's state, a log entry for
-- the session, and the tasks that follow.
-- KEYS: 1 the lane it was read from, 2 due, 3 tasks, 4 emergency lane, 5 normal lane, 6 log,
--       7 her current session, 8 record, 9 the record's index, 10 send, 11 index of sends perhaps
--       sent, 12 this session if it is an earlier one.
-- ARGV: 1 group, 2 lane entry ('' when no task is being done), 3 now (ms),
--       4 expected revision of the record ('' for no record), 5 sealed record,
--       6 index: 'add', 'remove' or '', 7 index member, 8 index score,
--       9 session id, 10 sealed log entry ('' for none),
--       11 send id ('' for none), 12 the send's new state, 13 ms to keep it,
--       14 number of further fields of the send, then field/value pairs,
--       then per task: id, lane, due (ms), sealed task.
-- Returns 1 done, 0 somebody else had done the task, -1 the record moved on.
local RANK = { planned = 0, trying = 1, perhaps = 2, accepted = 3, sent = 4, delivered = 5,
  undelivered = 5, failed = 5, refused = 5, dropped = 5 }
if ARGV[4] ~= '' then
  local old = redis.call('GET', KEYS[8])
  local revision = old and string.sub(old, 1, string.find(old, ';', 1, true) - 1) or '0'
  if revision ~= ARGV[4] then
    return -1
  end
end
if ARGV[2] ~= '' then
  if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
    return 0
  end
  redis.call('XDEL', KEYS[1], ARGV[2])
end
if ARGV[4] ~= '' then
  redis.call('SET', KEYS[8], (tonumber(ARGV[4]) + 1) .. ';' .. ARGV[5])
  if ARGV[6] == 'add' then
    redis.call('ZADD', KEYS[9], ARGV[8], ARGV[7])
  elseif ARGV[6] == 'remove' then
    redis.call('ZREM', KEYS[9], ARGV[7])
  end
end
if ARGV[10] ~= '' then
  local id = redis.call('XADD', KEYS[6], '*', 's', ARGV[9], 'd', ARGV[10])
  local key = redis.call('EXISTS', KEYS[12]) == 1 and KEYS[12] or KEYS[7]
  local stored = redis.call('GET', key)
  if stored then
    -- "revision;log ids;sealed": the id is added and the revision stays, so no fence falls.
    local first = string.find(stored, ';', 1, true)
    local second = string.find(stored, ';', first + 1, true)
    local ids = string.sub(stored, first + 1, second - 1)
    ids = ids == '' and id or (ids .. ' ' .. id)
    redis.call('SET', key, string.sub(stored, 1, first) .. ids .. string.sub(stored, second))
  end
end
local at = 14 + 2 * tonumber(ARGV[14])
if ARGV[11] ~= '' then
  local state = redis.call('HGET', KEYS[10], 'state')
  -- A retry goes back from trying to planned; otherwise a state only moves forward.
  local back = state == 'trying' and ARGV[12] == 'planned'
  if not state or back or RANK[ARGV[12]] > RANK[state] then
    redis.call('HSET', KEYS[10], 'state', ARGV[12], 'updated', ARGV[3])
    if ARGV[12] == 'perhaps' then
      redis.call('ZADD', KEYS[11], ARGV[3], ARGV[11])
      redis.call('ZREMRANGEBYSCORE', KEYS[11], '-inf', tonumber(ARGV[3]) - tonumber(ARGV[13]))
    elseif state == 'perhaps' then
      redis.call('ZREM', KEYS[11], ARGV[11])
    end
  end
  for i = 15, at, 2 do
    redis.call('HSET', KEYS[10], ARGV[i], ARGV[i + 1])
  end
  redis.call('PEXPIRE', KEYS[10], ARGV[13])
end
while ARGV[at + 1] do
  local id, lane, due, sealed = ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4]
  if due <= tonumber(ARGV[3]) then
    redis.call('XADD', lane == 'emergency' and KEYS[4] or KEYS[5], '*', 'id', id, 'd', sealed)
  else
    redis.call('ZADD', KEYS[2], due, id)
    redis.call('HSET', KEYS[3], id, lane .. ';' .. sealed)
  end
  at = at + 4
end
return 1
