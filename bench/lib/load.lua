-- What wrk sends, and the one line of JSON that it reports. All by environment variables, since wrk looks for the functions
-- before it hands over arguments.
--   BENCH_POST   bytes of the body of a POST; without it, GET
--   BENCH_PAUSE  mean of the random pause before each request of a connection, in ms; without it, no pause

local bytes = os.getenv("BENCH_POST")
if bytes then
  wrk.method = "POST"
  wrk.body = string.rep("y", tonumber(bytes))
  wrk.headers["Content-Type"] = "application/octet-stream"
end

local pause = tonumber(os.getenv("BENCH_PAUSE"))
if pause then
  -- wrk's clock has whole milliseconds: evenly spread between 0 and twice the mean, then rounded.
  function delay()
    return math.floor(2 * pause * math.random() + 0.5)
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nBENCH {"requests":%d,"bytes":%d,"us":%d,"p50us":%d,"p99us":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}\n',
    summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
