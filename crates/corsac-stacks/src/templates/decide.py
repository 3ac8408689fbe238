POLICIES = [
{% for place in places %}
{% set policy = place.policy %}
    # Policy {{ place.name }}
    {
        "path": {{ place.path | json }},
{% if not policy %}
        "pass": True,  # the application answers preflights and sets the headers itself
{% else %}
{% if policy.any_origin %}
        "any_origin": True,
{% else %}
        "origins": {% if policy.origins %}{ {%- for origin in policy.origins %}{{ origin | json }}{% if not loop.last %}, {% endif %}{% endfor %}}{% else %}set(){% endif %},
        "patterns": [{% for pattern in policy.patterns %}re.compile({{ pattern.regex | json }}){% if not loop.last %}, {% endif %}{% endfor %}],
{% endif %}
{% if policy.credentials %}
        "credentials": True,
{% endif %}
{% if policy.methods is none %}
        "methods": None,  # whichever is asked for
{% else %}
        "methods": {{ policy.methods | json }},
{% endif %}
{% if policy.request_headers is none %}
        "request_headers": {{ policy.request_headers_named | json }},
        # Names that are allowed in addition, if they are asked for.
        "is_request_header": lambda name: {% if policy.any_request_header %}{% if policy.request_headers_unless %}name != "authorization"{% else %}True{% endif %}{% else %}any(name.startswith(prefix) and name != prefix for prefix in [{% for prefix in policy.request_header_prefixes %}{{ prefix | json }}{% if not loop.last %}, {% endif %}{% endfor %}]){% endif %},
{% else %}
        "request_headers": {{ policy.request_headers | json }},
{% endif %}
{% if policy.expose_headers %}
        "expose_headers": {{ policy.expose_headers | json }},
{% endif %}
        "max_age": "{{ policy.max_age }}",
{% if policy.timing %}
        "timing": True,
{% endif %}
{% if policy.resource_policy %}
        "resource_policy": "{{ policy.resource_policy }}",
{% endif %}
{% endif %}
    },
{% endfor %}
]

# What an application may have set itself. It is replaced: browsers refuse repeated headers.
REPLACED = {
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
    "access-control-expose-headers",
    "timing-allow-origin",
}
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")


def decide(method, path, origin, requested_method, requested_headers):
    """Whether the request is a preflight, the header lines for its response, and whether that varies by origin. None if no policy decides about the path."""
    # The longest path comes first.
    policy = next((one for one in POLICIES if one["path"] == "/" or path == one["path"] or path.startswith(one["path"] + "/")), None)
    if policy is None or "pass" in policy:
        return None
    # OPTIONS without these two headers is not a preflight.
    is_preflight = method == "OPTIONS" and origin is not None and requested_method is not None
    allowed = None
    if policy.get("any_origin"):
        allowed = "*"
    elif origin is not None and (origin in policy["origins"] or any(one.fullmatch(origin) for one in policy["patterns"])):
        allowed = origin
    lines = {}
    if allowed is not None:
        lines["Access-Control-Allow-Origin"] = allowed
        if policy.get("credentials"):
            lines["Access-Control-Allow-Credentials"] = "true"
        if is_preflight:
            is_allowed = policy.get("is_request_header", lambda name: False)
            requested = [name.strip() for name in (requested_headers or "").lower().split(",")]
            names = [policy["request_headers"], *(name for name in requested if TOKEN.fullmatch(name) and is_allowed(name))]
            lines["Access-Control-Allow-Methods"] = policy["methods"] or requested_method
            lines["Access-Control-Allow-Headers"] = ", ".join(filter(None, names))
            lines["Access-Control-Max-Age"] = policy["max_age"]
        else:
            if policy.get("expose_headers"):
                lines["Access-Control-Expose-Headers"] = policy["expose_headers"]
            if policy.get("timing"):
                lines["Timing-Allow-Origin"] = allowed
    if policy.get("resource_policy"):
        # The allowed origins may read the response anyway.
        lines["Cross-Origin-Resource-Policy"] = "cross-origin" if allowed is not None and not policy.get("any_origin") else policy["resource_policy"]
    # A cache must not give one origin's response to another, so responses without any permission say so as well.
    return is_preflight, lines, not policy.get("any_origin")
