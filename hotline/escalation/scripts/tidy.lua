-- Take the names of readers out of a lane's group that hold no task (else it would be lost).
-- KEYS: 1 the lane. ARGV: 1 group, 2 the one reader to take out ('' for all that are idle),
--       3 ms a reader must have been idle.
-- Returns how many were taken out.
local gone = 0
for _, one in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local field = {}
  for i = 1, #one, 2 do
    field[one[i]] = one[i + 1]
  end
  local named = ARGV[2] == '' or ARGV[2] == field.name
  if named and field.pending == 0 and field.idle >= tonumber(ARGV[3]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], field.name)
    gone = gone + 1
  end
end
return gone
