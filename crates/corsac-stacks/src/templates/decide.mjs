const policies = [
{% for place in places %}
{% set policy = place.policy %}
  {
    // Policy {{ place.name }}
    path: {{ (place.path | lower if ignores_case else place.path) | json }},
{% if not policy %}
    pass: true, // the application answers preflights and sets the headers itself
{% else %}
{% if policy.any_origin %}
    anyOrigin: true,
{% else %}
    origins: new Set([{% for origin in policy.origins %}{{ origin | json }}{% if not loop.last %}, {% endif %}{% endfor %}]),
{% if policy.patterns %}
    patterns: [
{% for pattern in policy.patterns %}
      {{ pattern.regex | js_regex }}, // {{ pattern.entry }}
{% endfor %}
    ],
{% endif %}
{% endif %}
{% if policy.credentials %}
    credentials: true,
{% endif %}
{% if policy.methods is none %}
    methods: null, // whichever is asked for
{% else %}
    methods: {{ policy.methods | json }},
{% endif %}
{% if policy.request_headers is none %}
    requestHeaders: {{ policy.request_headers_named | json }},
    // Names that are allowed in addition, if they are asked for.
    isRequestHeader: (name) => {% if policy.any_request_header %}{% if policy.request_headers_unless %}name !== "authorization"{% else %}true{% endif %}{% else %}[{% for prefix in policy.request_header_prefixes %}{{ prefix | json }}{% if not loop.last %}, {% endif %}{% endfor %}].some((prefix) => name.startsWith(prefix) && name !== prefix){% endif %},
{% else %}
    requestHeaders: {{ policy.request_headers | json }},
{% endif %}
{% if policy.expose_headers %}
    exposeHeaders: {{ policy.expose_headers | json }},
{% endif %}
    maxAge: "{{ policy.max_age }}",
{% if policy.timing %}
    timing: true,
{% endif %}
{% if policy.resource_policy %}
    resourcePolicy: "{{ policy.resource_policy }}",
{% endif %}
{% endif %}
  },
{% endfor %}
];

// What an application may have set itself. It is replaced: browsers refuse repeated headers.
const replaced = [
  "Access-Control-Allow-Origin",
  "Access-Control-Allow-Credentials",
  "Access-Control-Allow-Methods",
  "Access-Control-Allow-Headers",
  "Access-Control-Max-Age",
  "Access-Control-Expose-Headers",
  "Timing-Allow-Origin",
];
const listsOrigin = /(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i;

/** The header lines for a request, and whether it is a preflight; null if no policy decides about its path. */
function decide(method, path, headers) {
{% if ignores_case %}
  // Routers ignore case in paths unless they are told otherwise, so this does, too. The longest path comes first.
  const lower = path.toLowerCase();
  const policy = policies.find((one) => one.path === "/" || lower === one.path || lower.startsWith(`${one.path}/`));
{% else %}
  // The longest path comes first.
  const policy = policies.find((one) => one.path === "/" || path === one.path || path.startsWith(`${one.path}/`));
{% endif %}
  if (!policy || policy.pass) return null;
  const { origin } = headers;
  const requestedMethod = headers["access-control-request-method"];
  // OPTIONS without these two headers is not a preflight.
  const isPreflight = method === "OPTIONS" && origin !== undefined && requestedMethod !== undefined;
  let allowed = null;
  if (policy.anyOrigin) allowed = "*";
  else if (policy.origins.has(origin) || (origin !== undefined && policy.patterns?.some((one) => one.test(origin)))) allowed = origin;
  const lines = {};
  if (allowed !== null) {
    lines["Access-Control-Allow-Origin"] = allowed;
    if (policy.credentials) lines["Access-Control-Allow-Credentials"] = "true";
    if (isPreflight) {
      const requested = (headers["access-control-request-headers"] ?? "").toLowerCase().split(",").map((name) => name.trim());
      const names = [policy.requestHeaders, ...requested.filter((name) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && policy.isRequestHeader?.(name))];
      lines["Access-Control-Allow-Methods"] = policy.methods ?? requestedMethod;
      lines["Access-Control-Allow-Headers"] = names.filter(Boolean).join(", ");
      lines["Access-Control-Max-Age"] = policy.maxAge;
    } else {
      if (policy.exposeHeaders) lines["Access-Control-Expose-Headers"] = policy.exposeHeaders;
      if (policy.timing) lines["Timing-Allow-Origin"] = allowed;
    }
  }
  if (policy.resourcePolicy) {
    // The allowed origins may read the response anyway.
    lines["Cross-Origin-Resource-Policy"] = allowed !== null && !policy.anyOrigin ? "cross-origin" : policy.resourcePolicy;
  }
  // A cache must not give one origin's response to another, so responses without any permission say so as well.
  return { isPreflight, lines, variesByOrigin: !policy.anyOrigin };
}
