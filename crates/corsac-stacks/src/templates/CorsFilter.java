{{ header }}
// A component of the application: put it into a package that Spring scans, and add that package's name here. It runs before Spring Security, so
// preflights are answered before authentication. Remove `http.cors(...)`, `@CrossOrigin` and `CorsConfigurationSource`.

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class CorsFilter extends OncePerRequestFilter {
{% for place in places %}
{% if place.policy %}
    private static final Set<String> ORIGINS_{{ loop.index0 }} = Set.of({% for origin in place.policy.origins %}{{ origin | json }}{% if not loop.last %}, {% endif %}{% endfor %});
{% endif %}
{% endfor %}
    private static final List<Policy> POLICIES = List.of(
{% for place in places %}
{% set policy = place.policy %}
{% set comma = "" if loop.last else "," %}
        // Policy {{ place.name }}
{% if not policy %}
        Policy.pass({{ place.path | json }}){{ comma }} // the application answers preflights and sets the headers itself
{% else %}
        new Policy({{ ("" if place.is_root else place.path) | json }}, false, {{ policy.any_origin | lower }},
                ORIGINS_{{ loop.index0 }},
                List.of({% for pattern in policy.patterns %}Pattern.compile({{ pattern.regex | json }}){% if not loop.last %}, {% endif %}{% endfor %}),
                {{ policy.credentials | lower }}, {% if policy.methods is none %}null{% else %}{{ policy.methods | json }}{% endif %},
{% if policy.request_headers is none %}
                {{ policy.request_headers_named | json }},
                name -> {% if policy.any_request_header %}{% if policy.request_headers_unless %}!name.equals("authorization"){% else %}true{% endif %}{% else %}{% for prefix in policy.request_header_prefixes %}name.startsWith({{ prefix | json }}) && !name.equals({{ prefix | json }}){% if not loop.last %} || {% endif %}{% endfor %}{% endif %},
{% else %}
                {{ policy.request_headers | json }}, name -> false,
{% endif %}
                {{ policy.expose_headers | json }}, "{{ policy.max_age }}", {{ policy.timing | lower }}, {% if policy.resource_policy %}"{{ policy.resource_policy }}"{% else %}null{% endif %}){{ comma }}
{% endif %}
{% endfor %}
    );

    /** What an application may have set itself. It is replaced: browsers refuse repeated headers. */
    private static final Set<String> REPLACED = Set.of("access-control-allow-origin", "access-control-allow-credentials",
            "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age", "access-control-expose-headers",
            "timing-allow-origin");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // The decoded path, as Spring compares it.
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        // The longest path comes first.
        Policy policy = POLICIES.stream().filter(one -> path.equals(one.path) || path.startsWith(one.path + "/")).findFirst().orElse(null);
        if (policy == null || policy.pass) {
            chain.doFilter(request, response);
            return;
        }
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        String requestedMethod = request.getHeader("Access-Control-Request-Method");
        // OPTIONS without these two headers is not a preflight.
        boolean isPreflight = request.getMethod().equals("OPTIONS") && !origins.isEmpty() && requestedMethod != null;
        String allowed = null;
        if (policy.anyOrigin) {
            allowed = "*";
        } else if (origins.size() == 1) {
            String origin = origins.get(0);
            if (policy.origins.contains(origin) || policy.patterns.stream().anyMatch(pattern -> pattern.matcher(origin).matches())) {
                allowed = origin;
            }
        }
        if (allowed != null) {
            response.setHeader("Access-Control-Allow-Origin", allowed);
            if (policy.credentials) {
                response.setHeader("Access-Control-Allow-Credentials", "true");
            }
            if (isPreflight) {
                response.setHeader("Access-Control-Allow-Methods", policy.methods == null ? requestedMethod : policy.methods);
                List<String> names = new ArrayList<>();
                if (!policy.requestHeaders.isEmpty()) {
                    names.add(policy.requestHeaders);
                }
                for (String line : Collections.list(request.getHeaders("Access-Control-Request-Headers"))) {
                    for (String item : line.toLowerCase(Locale.ROOT).split(",")) {
                        String name = item.strip();
                        if (TOKEN.matcher(name).matches() && policy.isRequestHeader.test(name)) {
                            names.add(name);
                        }
                    }
                }
                if (!names.isEmpty()) {
                    response.setHeader("Access-Control-Allow-Headers", String.join(", ", names));
                }
                response.setHeader("Access-Control-Max-Age", policy.maxAge);
            } else {
                if (!policy.exposeHeaders.isEmpty()) {
                    response.setHeader("Access-Control-Expose-Headers", policy.exposeHeaders);
                }
                if (policy.timing) {
                    response.setHeader("Timing-Allow-Origin", allowed);
                }
            }
        }
        if (policy.resourcePolicy != null) {
            // The allowed origins may read the response anyway.
            boolean isAllowed = allowed != null && !policy.anyOrigin;
            response.setHeader("Cross-Origin-Resource-Policy", isAllowed ? "cross-origin" : policy.resourcePolicy);
        }
        if (!policy.anyOrigin) {
            // A cache must not give one origin's response to another, so responses without any permission say so as well.
            response.addHeader("Vary", "Origin");
        }
        if (isPreflight) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        chain.doFilter(request, new HttpServletResponseWrapper(response) {
            private boolean isReplaced(String name) {
                String lower = name.toLowerCase(Locale.ROOT);
                return REPLACED.contains(lower) || policy.resourcePolicy != null && lower.equals("cross-origin-resource-policy");
            }

            @Override
            public void setHeader(String name, String value) {
                if (!isReplaced(name)) {
                    super.setHeader(name, value);
                }
            }

            @Override
            public void addHeader(String name, String value) {
                if (!isReplaced(name)) {
                    super.addHeader(name, value);
                }
            }
        });
    }

    private record Policy(String path, boolean pass, boolean anyOrigin, Set<String> origins, List<Pattern> patterns, boolean credentials,
            String methods, String requestHeaders, Predicate<String> isRequestHeader, String exposeHeaders, String maxAge, boolean timing,
            String resourcePolicy) {
        static Policy pass(String path) {
            return new Policy(path, true, false, Set.of(), List.of(), false, "", "", name -> false, "", "", false, null);
        }
    }
}
