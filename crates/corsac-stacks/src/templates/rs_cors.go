{{ header }}
//
// Wrap the whole handler, outside of authentication:
//
//	http.ListenAndServe("127.0.0.1:8080", WithCORS(mux))
//
// What a handler sets itself is sent instead of these headers. Remove it, also from what a reverse proxy forwards (ReverseProxy.ModifyResponse).

package main

import (
	"net/http"
{% if has_patterns %}
	"regexp"
{% endif %}
	"strings"

	"github.com/rs/cors"
)

{% for place in places %}
{% set policy = place.policy %}
{% if policy %}
// Policy {{ place.name }}
{% if not policy.any_origin %}
var corsOrigins_{{ place.id }} = map[string]bool{
{% for origin in policy.origins %}
	{{ origin | json }}: true,
{% endfor %}
}
{% endif %}
{% if policy.patterns %}

var corsPatterns_{{ place.id }} = []*regexp.Regexp{
{% for pattern in policy.patterns %}
	regexp.MustCompile({{ pattern.regex | json }}), // {{ pattern.entry }}
{% endfor %}
}
{% endif %}

var cors_{{ place.id }} = cors.New(cors.Options{
{% if policy.any_origin %}
	AllowedOrigins: []string{"*"},
{% else %}
	// A function, because AllowedOrigins ignores case, and a pattern there covers more than a part of a host.
	AllowOriginFunc: func(origin string) bool {
		if corsOrigins_{{ place.id }}[origin] {
			return true
		}
{% if policy.patterns %}
		for _, pattern := range corsPatterns_{{ place.id }} {
			if pattern.MatchString(origin) {
				return true
			}
		}
{% endif %}
		return false
	},
{% endif %}
	AllowedMethods:   []string{ {%- for method in policy.method_list %}{{ method | json }}{% if not loop.last %}, {% endif %}{% endfor %}},
{% if not policy.request_header_names %}
	// An empty list would stand for the package's default, which is not empty. No page can set this header.
	AllowedHeaders:   []string{"Host"},
{% else %}
	AllowedHeaders:   []string{ {%- for name in policy.request_header_names %}{{ name | json }}{% if not loop.last %}, {% endif %}{% endfor %}},
{% endif %}
	ExposedHeaders:   []string{ {%- for name in policy.expose_header_names %}{{ name | json }}{% if not loop.last %}, {% endif %}{% endfor %}},
	AllowCredentials: {{ policy.credentials | lower }},
	MaxAge:           {{ policy.max_age if policy.max_age else -1 }},
})

{% endif %}
{% endfor %}
// WithCORS gives the handler the policy of each path.
func WithCORS(next http.Handler) http.Handler {
{% for place in places %}
{% if place.policy %}
	{{ place.id }}Handler := cors_{{ place.id }}.Handler(next)
{% else %}
	{{ place.id }}Handler := next // the application answers preflights and sets the headers itself
{% endif %}
{% endfor %}
{% include "handlers.go" %}
	})
}
