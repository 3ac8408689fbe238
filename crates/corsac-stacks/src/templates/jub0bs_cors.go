{{ header }}
//
// Wrap the whole handler, outside of authentication:
//
//	handler, err := WithCORS(mux)
//	http.ListenAndServe("127.0.0.1:8080", handler)
//
// What a handler sets itself is sent instead of these headers. Remove it, also from what a reverse proxy forwards (ReverseProxy.ModifyResponse).

package main

import (
	"net/http"
	"strings"

	"github.com/jub0bs/cors"
)

// WithCORS gives the handler the policy of each path. It fails if the package finds fault with a policy.
func WithCORS(next http.Handler) (http.Handler, error) {
{% for place in places %}
{% set policy = place.policy %}
{% if not policy %}
	{{ place.id }}Handler := next // the application answers preflights and sets the headers itself
{% else %}
	// Policy {{ place.name }}
	{{ place.id }}Middleware, err := cors.NewMiddleware(cors.Config{
		Origins: []string{
{% if policy.any_origin %}
			"*",
{% endif %}
{% for origin in policy.origins %}
			{{ origin | json }},
{% endfor %}
{% for pattern in policy.patterns %}
			{{ pattern.entry | json }},
{% endfor %}
		},
		Credentialed:    {{ policy.credentials | lower }},
		Methods:         []string{ {%- if policy.any_method %}"*"{% else %}{% for method in policy.method_list %}{{ method | json }}{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}},
		RequestHeaders:  []string{ {%- if policy.any_request_header %}"*"{% if not policy.request_headers_unless %}, "Authorization"{% endif %}{% else %}{% for name in policy.request_header_names %}{{ name | json }}{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}},
		ResponseHeaders: []string{ {%- for name in policy.expose_header_names %}{{ name | json }}{% if not loop.last %}, {% endif %}{% endfor %}},
		MaxAgeInSeconds: {{ policy.max_age if policy.max_age else -1 }},
	})
	if err != nil {
		return nil, err
	}
	{{ place.id }}Handler := {{ place.id }}Middleware.Wrap(next)
{% endif %}
{% endfor %}
{% include "handlers.go" %}
	}), nil
}
