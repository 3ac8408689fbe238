<?php

{{ header }}
// Save it as `app/Http/Middleware/Cors.php`. In bootstrap/app.php, so that it comes first, in place of Laravel's own (config/cors.php then has no effect):
//   ->withMiddleware(function (Middleware $middleware) {
//       $middleware->remove(\Illuminate\Http\Middleware\HandleCors::class);
//       $middleware->prepend(\App\Http\Middleware\Cors::class);
//   })
// Up to Laravel 10: `$middleware` in app/Http/Kernel.php begins with \App\Http\Middleware\Cors::class, and has no HandleCors.

namespace App\Http\Middleware;

use Closure;
use Illuminate\Http\Request;
use Symfony\Component\HttpFoundation\Response;

final class Cors
{
    private const POLICIES = [
{% for place in places %}
{% set policy = place.policy %}
        // Policy {{ place.name }}
        [
            'path' => {{ place.path | single_quoted }},
{% if not policy %}
            'pass' => true, // the application answers preflights and sets the headers itself
{% else %}
{% if policy.any_origin %}
            'any_origin' => true,
{% else %}
            'origins' => [{% for origin in policy.origins %}{{ origin | single_quoted }} => true{% if not loop.last %}, {% endif %}{% endfor %}],
{% if policy.patterns %}
            'patterns' => [
{% for pattern in policy.patterns %}
                {{ ("#" ~ pattern.regex ~ "#D") | single_quoted }}, // {{ pattern.entry }}
{% endfor %}
            ],
{% else %}
            'patterns' => [],
{% endif %}
{% endif %}
{% if policy.credentials %}
            'credentials' => true,
{% endif %}
{% if policy.methods is none %}
            'methods' => null, // whichever is asked for
{% else %}
            'methods' => {{ policy.methods | single_quoted }},
{% endif %}
{% if policy.request_headers is none %}
            'request_headers' => {{ policy.request_headers_named | single_quoted }},
            // Names that are allowed in addition, if they are asked for.
{% if policy.any_request_header %}
            'request_header_pattern' => '/^{% if policy.request_headers_unless %}(?!authorization$){% endif %}/D',
{% else %}
{% set prefixes %}{% for prefix in policy.request_header_prefixes %}{{ prefix | bare_regex }}{% if not loop.last %}|{% endif %}{% endfor %}{% endset %}
            'request_header_pattern' => {{ ("#^(?:" ~ prefixes ~ ").#D") | single_quoted }},
{% endif %}
{% else %}
            'request_headers' => {{ policy.request_headers | single_quoted }},
{% endif %}
{% if policy.expose_headers %}
            'expose_headers' => {{ policy.expose_headers | single_quoted }},
{% endif %}
            'max_age' => '{{ policy.max_age }}',
{% if policy.timing %}
            'timing' => true,
{% endif %}
{% if policy.resource_policy %}
            'resource_policy' => '{{ policy.resource_policy }}',
{% endif %}
{% endif %}
        ],
{% endfor %}
    ];

    /** What an application may have set itself. It is replaced: browsers refuse repeated headers. */
    private const REPLACED = [
        'Access-Control-Allow-Origin',
        'Access-Control-Allow-Credentials',
        'Access-Control-Allow-Methods',
        'Access-Control-Allow-Headers',
        'Access-Control-Max-Age',
        'Access-Control-Expose-Headers',
        'Timing-Allow-Origin',
    ];

    public function handle(Request $request, Closure $next): Response
    {
        $policy = $this->policy($this->path($request->getBaseUrl() . $request->getPathInfo()));
        if ($policy === null || isset($policy['pass'])) {
            return $next($request);
        }
        // OPTIONS without these two headers is not a preflight.
        $isPreflight = $request->getRealMethod() === 'OPTIONS' && $request->headers->has('Origin')
            && $request->headers->has('Access-Control-Request-Method');
        $response = $isPreflight ? new \Illuminate\Http\Response('', 204) : $next($request);
        foreach (self::REPLACED as $name) {
            $response->headers->remove($name);
        }
        foreach ($this->lines($policy, $request, $isPreflight) as $name => $value) {
            $response->headers->set($name, $value);
        }
        // A cache must not give one origin's response to another, so responses without any permission say so as well.
        if (!isset($policy['any_origin']) && array_intersect(['origin', '*'], array_map('strtolower', $response->getVary())) === []) {
            $response->setVary('Origin', false);
        }
        return $response;
    }

    /** The path as Laravel compares it: decoded, and here also without empty segments, `.` and `..`. */
    private function path(string $path): string
    {
        $segments = [];
        foreach (explode('/', rawurldecode($path)) as $segment) {
            if ($segment === '..') {
                array_pop($segments);
            } elseif ($segment !== '' && $segment !== '.') {
                $segments[] = $segment;
            }
        }
        return '/' . implode('/', $segments);
    }

    private function policy(string $path): ?array
    {
        foreach (self::POLICIES as $policy) { // the longest path comes first
            $begin = $policy['path'] . '/';
            if ($policy['path'] === '/' || $path === $policy['path'] || strncmp($path, $begin, strlen($begin)) === 0) {
                return $policy;
            }
        }
        return null;
    }

    /** The header lines for a request. */
    private function lines(array $policy, Request $request, bool $isPreflight): array
    {
        $allowed = isset($policy['any_origin']) ? '*' : $this->allowedOrigin($policy, $request->headers->all('Origin'));
        $lines = [];
        if ($allowed !== null) {
            $lines['Access-Control-Allow-Origin'] = $allowed;
            if (isset($policy['credentials'])) {
                $lines['Access-Control-Allow-Credentials'] = 'true';
            }
            if ($isPreflight) {
                $names = array_filter([$policy['request_headers'], ...$this->repeatedNames($policy, $request)], 'strlen');
                $lines['Access-Control-Allow-Methods'] = $policy['methods'] ?? $request->headers->get('Access-Control-Request-Method');
                if ($names !== []) {
                    $lines['Access-Control-Allow-Headers'] = implode(', ', $names);
                }
                $lines['Access-Control-Max-Age'] = $policy['max_age'];
            } else {
                if (isset($policy['expose_headers'])) {
                    $lines['Access-Control-Expose-Headers'] = $policy['expose_headers'];
                }
                if (isset($policy['timing'])) {
                    $lines['Timing-Allow-Origin'] = $allowed;
                }
            }
        }
        if (isset($policy['resource_policy'])) {
            // The allowed origins may read the response anyway.
            $isListed = $allowed !== null && !isset($policy['any_origin']);
            $lines['Cross-Origin-Resource-Policy'] = $isListed ? 'cross-origin' : $policy['resource_policy'];
        }
        return $lines;
    }

    private function allowedOrigin(array $policy, array $origins): ?string
    {
        if (count($origins) !== 1) {
            return null;
        }
        $matches = fn (string $pattern): bool => preg_match($pattern, $origins[0]) === 1;
        $isAllowed = isset($policy['origins'][$origins[0]]) || array_filter($policy['patterns'], $matches) !== [];
        return $isAllowed ? $origins[0] : null;
    }

    /** The requested names that are allowed because they were asked for. */
    private function repeatedNames(array $policy, Request $request): array
    {
        if (!isset($policy['request_header_pattern'])) {
            return [];
        }
        $requested = implode(',', $request->headers->all('Access-Control-Request-Headers'));
        $names = array_map('trim', explode(',', strtolower($requested)));
        return array_values(array_filter($names, fn (string $name): bool => preg_match('/^[!#$%&\'*+.^_`|~0-9a-z-]+$/D', $name) === 1
            && preg_match($policy['request_header_pattern'], $name) === 1));
    }
}
