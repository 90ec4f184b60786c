-- Replace a record that still has the revision it was read with ("revision;sealed").
-- KEYS: 1 the record. ARGV: 1 its revision (0: there is none), 2 the sealed record.
-- Returns 1, or 0 when it moved on.
local old = redis.call('GET', KEYS[1])
local revision = old and string.sub(old, 1, string.find(old, ';', 1, true) - 1) or '0'
if revision ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], (tonumber(ARGV[1]) + 1) .. ';' .. ARGV[2])
return 1
