-- Sends the requests of a file in turn, each a path and a header of who asks: wrk ... -- <file of "path name: value">

dofile("bench/wrk/result.lua")

local requests = {}
local next = 0

function init(args)
  for line in io.lines(args[1]) do
    local path, name, value = line:match("^(%S+) (%S+): (.*)$")
    requests[#requests + 1] = wrk.format("GET", path, { [name] = value })
  end
end

function request()
  next = next % #requests + 1
  return requests[next]
end
