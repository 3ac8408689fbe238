{{ header }}
//
// Use it before anything else, authentication in particular:
//
//	router := gin.Default()
//	router.Use(CORS)

package main

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

type corsPolicy struct {
	path            string // without a slash at its end
	pass            bool   // the application answers preflights and sets the headers itself
	anyOrigin       bool
	origins         map[string]bool
	patterns        []*regexp.Regexp
	credentials     bool
	methods         string // empty: whichever is asked for
	requestHeaders  string
	isRequestHeader func(name string) bool // allows names in addition, if they are asked for
	exposeHeaders   string
	maxAge          string
	timing          bool
	resourcePolicy  string
}

var corsPolicies = []corsPolicy{
{% for place in places %}
{% set policy = place.policy %}
	{ // Policy {{ place.name }}
		path: {{ ("" if place.is_root else place.path) | json }},
{% if not policy %}
		pass: true,
{% else %}
{% if policy.any_origin %}
		anyOrigin: true,
{% else %}
		origins: map[string]bool{
{% for origin in policy.origins %}
			{{ origin | json }}: true,
{% endfor %}
		},
{% if policy.patterns %}
		patterns: []*regexp.Regexp{
{% for pattern in policy.patterns %}
			regexp.MustCompile({{ pattern.regex | json }}), // {{ pattern.entry }}
{% endfor %}
		},
{% endif %}
{% endif %}
{% if policy.credentials %}
		credentials: true,
{% endif %}
{% if policy.methods is not none %}
		methods: {{ policy.methods | json }},
{% endif %}
{% if policy.request_headers is none %}
		requestHeaders: {{ policy.request_headers_named | json }},
		isRequestHeader: func(name string) bool {
{% if policy.any_request_header %}
			return {% if policy.request_headers_unless %}name != "authorization"{% else %}true{% endif %}

{% else %}
			return {% for prefix in policy.request_header_prefixes %}strings.HasPrefix(name, {{ prefix | json }}) && name != {{ prefix | json }}{% if not loop.last %} || {% endif %}{% endfor %}

{% endif %}
		},
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
}

var corsToken = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9a-z-]+$")

// CORS answers preflights, and sets the headers of every other response.
func CORS(context *gin.Context) {
	request := context.Request
	path := request.URL.Path
	// The longest path comes first.
	index := slices.IndexFunc(corsPolicies, func(policy corsPolicy) bool {
		return path == policy.path || strings.HasPrefix(path, policy.path+"/")
	})
	if index < 0 || corsPolicies[index].pass {
		return
	}
	policy := corsPolicies[index]
	origins := request.Header.Values("Origin")
	requestedMethod := request.Header.Get("Access-Control-Request-Method")
	// OPTIONS without these two headers is not a preflight.
	isPreflight := request.Method == http.MethodOptions && len(origins) > 0 && requestedMethod != ""
	allowed := ""
	if policy.anyOrigin {
		allowed = "*"
	} else if len(origins) == 1 {
		matches := func(pattern *regexp.Regexp) bool { return pattern.MatchString(origins[0]) }
		if policy.origins[origins[0]] || slices.ContainsFunc(policy.patterns, matches) {
			allowed = origins[0]
		}
	}
	writer := &corsWriter{ResponseWriter: context.Writer, varies: !policy.anyOrigin, lines: map[string]string{}}
	lines := writer.lines
	if allowed != "" {
		lines["Access-Control-Allow-Origin"] = allowed
		if policy.credentials {
			lines["Access-Control-Allow-Credentials"] = "true"
		}
		if isPreflight {
			lines["Access-Control-Allow-Methods"] = policy.methods
			if policy.methods == "" {
				lines["Access-Control-Allow-Methods"] = requestedMethod
			}
			names := policy.requestHeaders
			requested := strings.ToLower(strings.Join(request.Header.Values("Access-Control-Request-Headers"), ","))
			for name := range strings.SplitSeq(requested, ",") {
				name = strings.TrimSpace(name)
				if policy.isRequestHeader != nil && corsToken.MatchString(name) && policy.isRequestHeader(name) {
					names = strings.TrimPrefix(names+", "+name, ", ")
				}
			}
			if names != "" {
				lines["Access-Control-Allow-Headers"] = names
			}
			lines["Access-Control-Max-Age"] = policy.maxAge
		} else {
			if policy.exposeHeaders != "" {
				lines["Access-Control-Expose-Headers"] = policy.exposeHeaders
			}
			if policy.timing {
				lines["Timing-Allow-Origin"] = allowed
			}
		}
	}
	if policy.resourcePolicy != "" {
		lines["Cross-Origin-Resource-Policy"] = policy.resourcePolicy
		if allowed != "" && !policy.anyOrigin {
			lines["Cross-Origin-Resource-Policy"] = "cross-origin" // the allowed origins may read the response anyway
		}
	}
	writer.set()
	context.Writer = writer
	if isPreflight {
		context.AbortWithStatus(http.StatusNoContent)
	}
}

// corsWriter sets the headers again when they are sent, so that no handler can change them: browsers refuse repeated headers.
type corsWriter struct {
	gin.ResponseWriter
	lines  map[string]string
	varies bool
}

func (writer *corsWriter) set() {
	header := writer.Header()
	for _, name := range []string{"Allow-Origin", "Allow-Credentials", "Allow-Methods", "Allow-Headers", "Max-Age", "Expose-Headers"} {
		header.Del("Access-Control-" + name)
	}
	header.Del("Timing-Allow-Origin")
	for name, value := range writer.lines {
		header.Set(name, value)
	}
	// A cache must not give one origin's response to another, so responses without any permission say so as well.
	if writer.varies && !slices.Contains(header.Values("Vary"), "Origin") {
		header.Add("Vary", "Origin")
	}
}

func (writer *corsWriter) WriteHeaderNow() {
	if !writer.Written() {
		writer.set()
	}
	writer.ResponseWriter.WriteHeaderNow()
}

func (writer *corsWriter) Write(data []byte) (int, error) {
	writer.WriteHeaderNow()
	return writer.ResponseWriter.Write(data)
}

func (writer *corsWriter) WriteString(data string) (int, error) {
	writer.WriteHeaderNow()
	return writer.ResponseWriter.WriteString(data)
}

func (writer *corsWriter) Flush() {
	writer.WriteHeaderNow()
	writer.ResponseWriter.Flush()
}
