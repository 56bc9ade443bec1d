-- Sends metered events one by one, as MadeUsage.java makes them, each with a key of its own:
--   wrk ... -- <start of the keys> <organizations> <time of the events> <token>

dofile("bench/wrk/result.lua")

local prefix, organizations, time
local next = 0

function init(args)
  prefix, organizations, time = args[1], tonumber(args[2]), args[3]
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  wrk.headers["authorization"] = "Bearer " .. args[4]
end

function request()
  local n = next
  next = n + 1
  return wrk.format(nil, nil, nil, string.format(
    '{"organization_id":"organization-%d","event_name":"export.rows","quantity":%d,"timestamp":"%s",' ..
    '"idempotency_key":"%s%d","properties":{"format":"csv","seconds":0.25}}',
    n % organizations, n % 100 + 1, time, prefix, n))
end
