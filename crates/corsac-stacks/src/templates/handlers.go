	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		switch path := request.URL.Path; {
{% for place in places %}
{% if not place.is_root %}
		case path == {{ place.path | json }}, strings.HasPrefix(path, {{ (place.path ~ "/") | json }}):
			{{ place.id }}Handler.ServeHTTP(response, request)
{% endif %}
{% endfor %}
{% for place in places %}
{% if place.is_root %}
		case strings.HasPrefix(path, "/"):
			{{ place.id }}Handler.ServeHTTP(response, request)
{% endif %}
{% endfor %}
		default:
			next.ServeHTTP(response, request)
		}
