{{ header }}
# Rails: save it as `lib/cors.rb`, and remove the gem rack-cors. In config/application.rb, so that preflights are answered before authentication:
#   require_relative "../lib/cors"
#   config.middleware.insert_before 0, Cors
# Other applications on Rack, in config.ru before any other `use`:
#   require_relative "cors"
#   use Cors

require "set"

class Cors
  POLICIES = [
{% for place in places %}
{% set policy = place.policy %}
    # Policy {{ place.name }}
    {
      path: {{ place.path | single_quoted }},
{% if not policy %}
      pass: true, # the application answers preflights and sets the headers itself
{% else %}
{% if policy.any_origin %}
      any_origin: true,
{% else %}
      origins: Set[{% for origin in policy.origins %}{{ origin | single_quoted }}{% if not loop.last %}, {% endif %}{% endfor %}],
{% if policy.patterns %}
      patterns: [
{% for pattern in policy.patterns %}
        Regexp.new({{ ("\\A" ~ pattern.regex[1:-1] ~ "\\z") | single_quoted }}), # {{ pattern.entry }}
{% endfor %}
      ],
{% else %}
      patterns: [],
{% endif %}
{% endif %}
{% if policy.credentials %}
      credentials: true,
{% endif %}
{% if policy.methods is none %}
      methods: nil, # whichever is asked for
{% else %}
      methods: {{ policy.methods | single_quoted }},
{% endif %}
{% if policy.request_headers is none %}
      request_headers: {{ policy.request_headers_named | single_quoted }},
      # Names that are allowed in addition, if they are asked for.
      is_request_header: ->(name) { {% if policy.any_request_header %}{% if policy.request_headers_unless %}name != 'authorization'{% else %}true{% endif %}{% else %}[{% for prefix in policy.request_header_prefixes %}{{ prefix | single_quoted }}{% if not loop.last %}, {% endif %}{% endfor %}].any? { |prefix| name.start_with?(prefix) && name != prefix }{% endif %} },
{% else %}
      request_headers: {{ policy.request_headers | single_quoted }},
{% endif %}
{% if policy.expose_headers %}
      expose_headers: {{ policy.expose_headers | single_quoted }},
{% endif %}
      max_age: '{{ policy.max_age }}',
{% if policy.timing %}
      timing: true,
{% endif %}
{% if policy.resource_policy %}
      resource_policy: '{{ policy.resource_policy }}',
{% endif %}
{% endif %}
    },
{% endfor %}
  ].freeze

  # What an application may have set itself. It is replaced: browsers refuse repeated headers.
  REPLACED = %w[
    access-control-allow-origin
    access-control-allow-credentials
    access-control-allow-methods
    access-control-allow-headers
    access-control-max-age
    access-control-expose-headers
    timing-allow-origin
  ].freeze
  TOKEN = /\A[!#$%&'*+.^_`|~0-9a-z-]+\z/

  def initialize(app)
    @app = app
  end

  def call(env)
    path = read_path("#{env['SCRIPT_NAME']}#{env['PATH_INFO']}")
    # The longest path comes first.
    policy = POLICIES.find { |one| one[:path] == '/' || path == one[:path] || path.start_with?("#{one[:path]}/") }
    return @app.call(env) if policy.nil? || policy[:pass]

    # OPTIONS without these two headers is not a preflight.
    is_preflight = env['REQUEST_METHOD'] == 'OPTIONS' && env.key?('HTTP_ORIGIN') && env.key?('HTTP_ACCESS_CONTROL_REQUEST_METHOD')
    status, headers, body = is_preflight ? [204, {}, []] : answer(env)
    [status, with_lines(headers, policy, lines(policy, env, is_preflight)), body]
  end

  private

  # The path as routers read it: decoded, without empty segments, `.` and `..`.
  def read_path(path)
    decoded = path.b.gsub(/%\h\h/) { |byte| byte[1..].hex.chr }
    segments = decoded.split('/').each_with_object([]) do |segment, kept|
      if segment == '..'
        kept.pop
      elsif segment != '' && segment != '.'
        kept << segment
      end
    end
    "/#{segments.join('/')}"
  end

  def answer(env)
    @app.call(env)
  rescue StandardError => error
    # Rails answers what raises by itself, except in tests, which expect that it is raised.
    raise unless [nil, true, :all].include?(env['action_dispatch.show_exceptions'])

    # The server would answer without the headers.
    env['rack.errors']&.puts(error.full_message)
    [500, { 'content-type' => 'text/plain' }, ["Internal Server Error\n"]]
  end

  # The header lines for a request.
  def lines(policy, env, is_preflight)
    allowed = allowed_origin(policy, env['HTTP_ORIGIN'])
    lines = {}
    if allowed
      lines['access-control-allow-origin'] = allowed
      lines['access-control-allow-credentials'] = 'true' if policy[:credentials]
      if is_preflight
        requested = env.fetch('HTTP_ACCESS_CONTROL_REQUEST_HEADERS', '').downcase.split(',').map(&:strip)
        names = requested.select { |name| TOKEN.match?(name) && policy[:is_request_header]&.call(name) }
        names = [policy[:request_headers], *names].reject(&:empty?)
        lines['access-control-allow-methods'] = policy[:methods] || env['HTTP_ACCESS_CONTROL_REQUEST_METHOD']
        lines['access-control-allow-headers'] = names.join(', ') unless names.empty?
        lines['access-control-max-age'] = policy[:max_age]
      else
        lines['access-control-expose-headers'] = policy[:expose_headers] if policy[:expose_headers]
        lines['timing-allow-origin'] = allowed if policy[:timing]
      end
    end
    if policy[:resource_policy]
      # The allowed origins may read the response anyway.
      lines['cross-origin-resource-policy'] = allowed && !policy[:any_origin] ? 'cross-origin' : policy[:resource_policy]
    end
    lines
  end

  def allowed_origin(policy, origin)
    return '*' if policy[:any_origin]

    origin if origin && (policy[:origins].include?(origin) || policy[:patterns].any? { |one| one.match?(origin) })
  end

  def with_lines(headers, policy, lines)
    headers = headers.dup
    removed = REPLACED + lines.keys
    vary = nil
    headers.keys.each do |name|
      lower = name.downcase
      vary = Array(headers[name]).join(', ') if lower == 'vary'
      headers.delete(name) if removed.include?(lower) || lower == 'vary'
    end
    # A cache must not give one origin's response to another, so responses without any permission say so as well.
    vary = [vary, 'Origin'].compact.join(', ') unless policy[:any_origin] || vary&.match?(/(?:\A|[\s,])(?:origin|\*)(?:[\s,]|\z)/i)
    headers['vary'] = vary if vary
    headers.merge!(lines)
  end
end
