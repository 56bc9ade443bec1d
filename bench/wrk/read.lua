-- Reads with a token: wrk ... -- <token>

function init(args)
  wrk.headers["authorization"] = "Bearer " .. args[1]
  request_text = wrk.format("GET")
end

function request()
  return request_text
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout))
end
