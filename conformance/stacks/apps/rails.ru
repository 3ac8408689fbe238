# An application on Rack. Any path; its last segment decides, as in backend.py.
require_relative "cors"

OWN = {
  "Access-Control-Allow-Origin" => "*",
  "Access-Control-Allow-Credentials" => "true",
  "Access-Control-Allow-Methods" => "GET, PUT, TRACE",
  "Access-Control-Allow-Headers" => "x-own",
  "Access-Control-Max-Age" => "86400",
  "Access-Control-Expose-Headers" => "X-Own",
  "Timing-Allow-Origin" => "*",
  "Cross-Origin-Resource-Policy" => "cross-origin",
}.freeze

use Cors
run lambda { |env|
  last = env["PATH_INFO"].split("/").last
  raise "a broken handler" if last == "500"

  status = { "items" => 200, "own" => 200, "redirect" => 302, "401" => 401, "413" => 413, "502" => 502 }.fetch(last, 404)
  headers = last == "own" ? OWN : {}
  headers = { "Location" => "items" } if status == 302
  [status, headers.merge("Content-Type" => "text/plain"), ["here\n"]]
}
