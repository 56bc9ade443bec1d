-- Delivers one body under many webhook ids, each signed beforehand: wrk ... -- <file of "id timestamp signature"> <body>

dofile("bench/wrk/result.lua")

local lines = {}
local next = 0
local head, tail

function init(args)
  for line in io.lines(args[1]) do
    lines[#lines + 1] = line
  end
  local file = io.open(args[2], "rb")
  local body = file:read("*a")
  file:close()
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\ncontent-type: application/json\r\nwebhook-id: "
  tail = "\r\ncontent-length: " .. #body .. "\r\n\r\n" .. body
end

function request()
  next = next + 1
  if next > #lines then
    wrk.thread:stop()
    next = #lines
  end
  local id, timestamp, signature = lines[next]:match("^(%S+) (%S+) (%S+)$")
  return head .. id .. "\r\nwebhook-timestamp: " .. timestamp .. "\r\nwebhook-signature: " .. signature .. tail
end
