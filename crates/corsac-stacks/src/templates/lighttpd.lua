{{ header }}
-- Save it as /etc/lighttpd/cors.lua. It needs lighttpd 1.4.60 or later with mod_magnet (in Debian the package lighttpd-modules-lua). In lighttpd.conf,
-- with mod_magnet before mod_auth and others that answer requests:
--   server.modules += ( "mod_magnet" )
--   magnet.attract-raw-url-to = ( "/etc/lighttpd/cors.lua" )
--   magnet.attract-response-start-to = ( "/etc/lighttpd/cors.lua" )
-- Remove CORS headers from `setenv.add-response-header` and `setenv.set-response-header`.

local policies = {
{% for place in places %}
{% set policy = place.policy %}
  {
    -- Policy {{ place.name }}
    path = {{ place.path | json }},
{% if not policy %}
    pass = true, -- what answers sets the headers itself, and answers preflights
{% else %}
{% if policy.any_origin %}
    any_origin = true,
{% else %}
    origins = { {%- for origin in policy.origins %}[{{ origin | json }}] = true{% if not loop.last %}, {% endif %}{% endfor %}},
{% if policy.patterns %}
    -- What is in brackets stands for whole labels.
    patterns = {
{% for pattern in policy.patterns %}
{% for lua in pattern.lua %}
      {{ lua | json }}, -- {{ pattern.entry }}
{% endfor %}
{% endfor %}
    },
{% else %}
    patterns = {},
{% endif %}
{% endif %}
{% if policy.credentials %}
    credentials = true,
{% endif %}
{% if policy.methods is none %}
    methods = nil, -- whichever is asked for
{% else %}
    methods = {{ policy.methods | json }},
{% endif %}
{% if policy.request_headers is none %}
    request_headers = {{ policy.request_headers_named | json }},
    -- Names that are allowed in addition, if they are asked for.
    is_request_header = function(name)
{% if policy.any_request_header %}
      return {% if policy.request_headers_unless %}name ~= "authorization"{% else %}true{% endif %}

{% else %}
      for _, prefix in ipairs({ {%- for prefix in policy.request_header_prefixes %}{{ prefix | json }}{% if not loop.last %}, {% endif %}{% endfor %}}) do
        if name:sub(1, #prefix) == prefix and name ~= prefix then return true end
      end
      return false
{% endif %}
    end,
{% else %}
    request_headers = {{ policy.request_headers | json }},
{% endif %}
{% if policy.expose_headers %}
    expose_headers = {{ policy.expose_headers | json }},
{% endif %}
    max_age = "{{ policy.max_age }}",
{% if policy.timing %}
    timing = true,
{% endif %}
{% if policy.resource_policy %}
    resource_policy = "{{ policy.resource_policy }}",
{% endif %}
{% endif %}
  },
{% endfor %}
}

-- What an application may have set itself. It is replaced: browsers refuse repeated headers.
local replaced = {
  "Access-Control-Allow-Origin",
  "Access-Control-Allow-Credentials",
  "Access-Control-Allow-Methods",
  "Access-Control-Allow-Headers",
  "Access-Control-Max-Age",
  "Access-Control-Expose-Headers",
  "Timing-Allow-Origin",
}

local request = lighty.r
local sent, received = request.resp_header, request.req_header

-- The policy for this path, which lighttpd has decoded. An internal redirect (server.error-handler) changes the path, but not the policy.
local path = request.req_env["CORS_PATH"] or request.req_attr["uri.path"]
if not path then return 0 end
request.req_env["CORS_PATH"] = path
local policy
for _, one in ipairs(policies) do -- the longest path comes first
  if one.path == "/" or path == one.path or path:sub(1, #one.path + 1) == one.path .. "/" then
    policy = one
    break
  end
end
if not policy or policy.pass then return 0 end

local origin, requested_method = received["Origin"], received["Access-Control-Request-Method"]
-- OPTIONS without these two headers is not a preflight.
local is_preflight = request.req_attr["request.method"] == "OPTIONS" and origin ~= nil and requested_method ~= nil

-- lighttpd calls this twice. Before it handles the request, preflights are answered; before it sends the response, the headers are set.
if request.req_item.http_status == 0 then
  return is_preflight and 204 or 0
end

local function covers(pattern)
  local labels = origin:match(pattern)
  -- Without brackets it is the whole origin.
  return labels ~= nil and (labels == origin or not ("." .. labels .. "."):find("..", 1, true))
end

local allowed
if policy.any_origin then
  allowed = "*"
elseif origin and policy.origins[origin] then
  allowed = origin
elseif origin then
  for _, pattern in ipairs(policy.patterns) do
    if covers(pattern) then allowed = origin end
  end
end

for _, name in ipairs(replaced) do
  sent[name] = nil
end
if allowed then
  sent["Access-Control-Allow-Origin"] = allowed
  if policy.credentials then sent["Access-Control-Allow-Credentials"] = "true" end
  if is_preflight then
    local names = { policy.request_headers ~= "" and policy.request_headers or nil }
    for item in (received["Access-Control-Request-Headers"] or ""):lower():gmatch("[^,]+") do
      local name = item:match("^%s*(.-)%s*$")
      if policy.is_request_header and name:find("^[!#$%%&'*+.^_`|~0-9a-z-]+$") and policy.is_request_header(name) then
        names[#names + 1] = name
      end
    end
    sent["Access-Control-Allow-Methods"] = policy.methods or requested_method
    if #names > 0 then sent["Access-Control-Allow-Headers"] = table.concat(names, ", ") end
    sent["Access-Control-Max-Age"] = policy.max_age
  else
    if policy.expose_headers then sent["Access-Control-Expose-Headers"] = policy.expose_headers end
    if policy.timing then sent["Timing-Allow-Origin"] = allowed end
  end
end
if policy.resource_policy then
  -- The allowed origins may read the response anyway.
  sent["Cross-Origin-Resource-Policy"] = allowed and not policy.any_origin and "cross-origin" or policy.resource_policy
end
if not policy.any_origin then
  -- A cache must not give one origin's response to another, so responses without any permission say so as well.
  local vary, is_listed = sent["Vary"], false
  for name in (vary or ""):lower():gmatch("[^,%s]+") do
    is_listed = is_listed or name == "origin" or name == "*"
  end
  if not is_listed then sent["Vary"] = vary and vary .. ", Origin" or "Origin" end
end
return 0
