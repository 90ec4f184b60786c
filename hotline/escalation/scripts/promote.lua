-- Move tasks whose time has come from the due set into their lanes.
-- KEYS: 1 due, 2 tasks, 3 emergency lane, 4 normal lane. ARGV: 1 now (ms), 2 how many at most.
-- Returns how many were moved.
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
  local kept = redis.call('HGET', KEYS[2], id)
  if kept then
    local cut = string.find(kept, ';', 1, true)
    local lane = string.sub(kept, 1, cut - 1) == 'emergency' and KEYS[3] or KEYS[4]
    redis.call('XADD', lane, '*', 'id', id, 'd', string.sub(kept, cut + 1))
    redis.call('HDEL', KEYS[2], id)
  end
  redis.call('ZREM', KEYS[1], id)
end
return #ids
