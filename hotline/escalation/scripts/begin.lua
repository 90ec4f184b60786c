-- Before a send: note that we are trying, so that a crash can be told from nothing done.
-- KEYS: 1 the send's record, 2 the session.
-- ARGV: 1 now (ms), 2 owner and token of this call, 3 '1' when it may be repeated after a crash (pages to staff),
--       4 the session revision we decided on ('' when it does not matter),
--       5 ms to keep the record, then field/value pairs for a new record.
-- Returns the answer: go | again (repeated after a crash) | perhaps | done | moved, and which attempt
-- this is, from 1.
if ARGV[4] ~= '' then
  local stored = redis.call('GET', KEYS[2])
  local revision = stored and string.sub(stored, 1, string.find(stored, ';', 1, true) - 1) or '0'
  if revision ~= ARGV[4] then
    return { 'moved', 0 }
  end
end
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'trying' and redis.call('HGET', KEYS[1], 'owner') == ARGV[2] then
  -- This very call ran before and its answer got lost: nothing has been sent yet.
  return { 'go', tonumber(redis.call('HGET', KEYS[1], 'attempt')) }
end
if state == 'trying' and ARGV[3] ~= '1' then
  return { 'perhaps', 0 }
end
if state and state ~= 'planned' and state ~= 'trying' then
  return { 'done', 0 }
end
for i = 6, #ARGV, 2 do
  redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[1], 'state', 'trying', 'owner', ARGV[2], 'updated', ARGV[1])
local attempt = redis.call('HINCRBY', KEYS[1], 'attempt', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if state == 'trying' then
  redis.call('HINCRBY', KEYS[1], 'crashes', 1)
  return { 'again', attempt }
end
return { 'go', attempt }
