-- Reads with a token: wrk ... -- <token>

dofile("bench/wrk/result.lua")

function init(args)
  wrk.headers["authorization"] = "Bearer " .. args[1]
  request_text = wrk.format("GET")
end

function request()
  return request_text
end
