# An application of Rails in one file. Any path; its last segment decides, as in backend.py.
require "action_controller/railtie"
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

class Application < Rails::Application
  config.root = __dir__
  config.eager_load = true
  config.logger = Logger.new(File::NULL)
  config.secret_key_base = "of a test"
  config.middleware.insert_before 0, Cors
  routes.append { match "*path", to: "answers#answer", via: :all, format: false }
end

class AnswersController < ActionController::API
  def answer
    last = params[:path].split("/").last
    raise "a broken handler" if last == "500"

    OWN.each { |name, value| response.headers[name] = value } if last == "own"
    response.headers["Location"] = "items" if last == "redirect"
    status = { "items" => 200, "own" => 200, "redirect" => 302, "401" => 401, "413" => 413, "502" => 502 }.fetch(last, 404)
    render plain: "here\n", status: status
  end
end

Application.initialize!
run Application
