{{ header }}
{% set place = places[0] %}
{% set policy = place.policy %}
# Policy {{ place.name }}. Attach it to a cache behavior: `response_headers_policy_id`.
resource "aws_cloudfront_response_headers_policy" "{{ place.id }}" {
  name = "corsac-{{ place.id[:100] }}"

  cors_config {
    access_control_allow_credentials = {{ "true" if policy.credentials else "false" }}
    access_control_max_age_sec       = {{ policy.max_age }}
    origin_override                  = true

    access_control_allow_origins {
      items = {{ policy.entries | list(6) }}
    }
    access_control_allow_methods {
      items = {{ policy.method_list | list(6) }}
    }
    access_control_allow_headers {
      items = {{ policy.request_header_names | list(6) }}
    }
{% if policy.expose_header_names %}
    access_control_expose_headers {
      items = {{ policy.expose_header_names | list(6) }}
    }
{% endif %}
  }
{% if policy.timing or policy.resource_policy %}

  custom_headers_config {
{% if policy.timing %}
    items {
      header   = "Timing-Allow-Origin"
      value    = "*"
      override = true
    }
{% endif %}
{% if policy.resource_policy %}
    items {
      header   = "Cross-Origin-Resource-Policy"
      value    = "{{ policy.resource_policy }}"
      override = true
    }
{% endif %}
  }
{% endif %}

  # What the origin server sends itself.
  remove_headers_config {
{% for name in policy.removed %}
    items {
      header = "{{ name }}"
    }
{% endfor %}
  }
}
