{{ header }}
{% set place = places[0] %}
{% set policy = place.policy %}
# Policy {{ place.name }}. Write your own bucket in the place of `aws_s3_bucket.bucket`.
resource "aws_s3_bucket_cors_configuration" "{{ place.id }}" {
  bucket = aws_s3_bucket.bucket.id

  cors_rule {
    allowed_origins = {{ policy.entries | list(4) }}
    allowed_methods = {{ policy.method_list | list(4) }}
{% if policy.any_request_header %}
    allowed_headers = ["*"]
{% elif policy.request_header_names %}
    allowed_headers = {{ policy.request_header_names | list(4) }}
{% endif %}
{% if policy.expose_header_names %}
    expose_headers  = {{ policy.expose_header_names | list(4) }}
{% endif %}
    max_age_seconds = {{ policy.max_age }}
  }
}
