-- Reads the paths of a file in turn, with a token: wrk ... -- <file of paths> <token>

dofile("bench/wrk/result.lua")

local requests = {}
local next = 0

function init(args)
  wrk.headers["authorization"] = "Bearer " .. args[2]
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  next = next % #requests + 1
  return requests[next]
end
