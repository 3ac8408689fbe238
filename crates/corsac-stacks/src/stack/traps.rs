//! What each target is known for: mistakes that its users make again and again. The first is the most frequent.

use crate::target::Target;

/// Returns what surprises people who configure CORS for this target by hand, in sentences, the most frequent first.
///
/// ```
/// use corsac_stacks::{Target, traps};
/// assert!(traps(Target::Nginx)[0].contains("always"));
/// ```
pub const fn traps(target: Target) -> &'static [&'static str] {
    match target {
        Target::Nginx => &[
            "`add_header` without `always` leaves out errors, so a page sees a CORS error instead of the 404 or 502.",
            "A block that has one `add_header` of its own inherits none from outside. One security header in a `location` removes all CORS headers there.",
            "`add_header` adds to what the upstream sends. If both send `Access-Control-Allow-Origin`, browsers refuse it: `proxy_hide_header` removes the upstream's.",
            "A regular expression without `$` at its end also allows `https://app.example.com.evil.example`.",
        ],
        Target::Apache => &[
            "`Header set` does not cover errors, and `Header always set` is a second table: what the application sends in the first is then sent twice.",
            "mod_headers has to be on (`a2enmod headers`): without it, lines inside `<IfModule mod_headers.c>` do nothing, silently.",
            "In .htaccess, `Header` works only if `AllowOverride FileInfo` is set. What Corsac writes belongs into the virtual host.",
            "`Require valid-user` refuses the preflight, which never has credentials. The preflight has to be answered before.",
        ],
        Target::Caddy => &[
            "`header` sets its value before `reverse_proxy` adds the upstream's, so both are sent. `header_down -Access-Control-*` removes the upstream's.",
            "Headers with `defer` are lost if the request ends in `handle_errors`.",
            "The directive `cors` is from Caddy 1, and does not exist in Caddy 2.",
        ],
        Target::Haproxy => &[
            "`http-response set-header` does not cover HAProxy's own errors and redirects. `http-after-response` does.",
            "An expression (`-m reg`) without `^` and `$` compares a part of the origin.",
            "`http-request return` ends the request, so rules after it do not run for preflights.",
        ],
        Target::Envoy => &[
            "The CORS filter never sends `Vary: Origin`, so a cache can give one origin's response to another.",
            "Preflights that match no origin are forwarded to the upstream by default.",
            "A match of every origin with `allow_credentials` lets every site read as the user: the filter sends the origin back.",
            "The filter does nothing without a policy on the route or the virtual host.",
        ],
        Target::Traefik => &[
            "`accessControlAllowOriginListRegex` is not anchored: write `^` and `$`.",
            "`Vary: Origin` is sent only with `addVaryHeader: true`.",
            "The middleware has to be attached to the router, before one that authenticates.",
        ],
        Target::Express => &[
            "`app.use(cors())` has to come before the routes and before authentication.",
            "In Express 5, `app.options('*', ...)` throws: write `'/{*splat}'`, or better, no such route at all.",
            "The README's `/example\\.com$/` also allows `https://evilexample.com`.",
            "`origin: true` with `credentials: true` lets every site read as the user.",
        ],
        Target::Fastify => &[
            "@fastify/cors allows GET, HEAD and POST by default, so PUT and DELETE have to be listed.",
            "A plugin that is registered inside another one does not see the routes outside of it.",
        ],
        Target::Hono => &[
            "`hono/cors` answers every `OPTIONS` request itself, and allows whichever request headers are asked for.",
            "`origin` takes no regular expression; a function that returns the first origin for others sends that to everybody.",
        ],
        Target::Koa => &[
            "Koa removes all headers when a handler throws. A middleware of your own has to set them again; @koa/cors does.",
            "Middleware that is used before the CORS middleware answers without its headers.",
        ],
        Target::Nestjs => &[
            "`enableCors()` without arguments allows every origin.",
            "It has to be called before `listen`. WebSocket gateways have a `cors` option of their own.",
        ],
        Target::Nextjs => &[
            "`headers()` in next.config.js sends the same origin to everybody, unless each origin has a rule of its own with `has`. It sends no `Vary`.",
            "A route handler without `OPTIONS` answers preflights with a status of 204 and no CORS header.",
        ],
        Target::Fastapi => &[
            "A 500 of an unhandled exception has no CORS headers with `add_middleware`: wrap the whole application instead.",
            "`allow_origins=[\"*\"]` with `allow_credentials=True` lets every site read as the user: the origin is sent back.",
            "A trailing slash redirects, and the redirect of a preflight is refused.",
        ],
        Target::Django => &[
            "The middleware has to come first, before CommonMiddleware, which redirects, and WhiteNoise, which answers.",
            "An origin has a scheme and no slash at its end. `CORS_ALLOWED_ORIGIN_REGEXES` are prefixes unless they end in `$`.",
            "CORS does not turn off Django's CSRF check: a page that writes with the session's cookie also needs `CSRF_TRUSTED_ORIGINS` and the header `X-CSRFToken`, and from another site cookies with `SameSite=None` and `Secure`.",
        ],
        Target::Flask => &[
            "Flask-CORS allows every origin by default, and with `supports_credentials=True` sends each one back.",
            "An origin with a character that means something in an expression becomes an expression, which need not match to the end.",
        ],
        Target::Spring => &[
            "Spring Security answers preflights with 401 or 403 unless it has the CORS filter: `http.cors(Customizer.withDefaults())`.",
            "`allowedOriginPatterns(\"*\")` with `allowCredentials(true)` lets every site read as the user.",
            "A gateway and the service that both have CORS send every header twice.",
        ],
        Target::GoRsCors => &[
            "Empty lists stand for the package's defaults: without `AllowedHeaders`, `Content-Type` is allowed.",
            "`AllowedOrigins` ignores case, and its `*` stands for any text, so `https://*example.com` allows `https://evilexample.com`.",
            "A handler of the router for `OPTIONS` does not run: the package answers preflights.",
        ],
        Target::GoJub0bs => &[
            "The middleware refuses every preflight if the configuration lists neither a method nor a request header.",
            "What a handler sets itself is sent in place of the middleware's headers.",
        ],
        Target::Gin => &[
            "`cors.Default()` of gin-contrib allows every origin.",
            "Middleware that is added after a route does not run for it.",
        ],
        Target::Axum => &[
            "A layer does not cover what is added after it: call `layer` last, on the whole router, for 404 as well.",
            "tower-http panics at its start for `*` with credentials, and `very_permissive()` lets every site read as the user.",
        ],
        Target::Actix => &[
            "The middleware has to be the last `wrap`, because the last one is the outermost.",
            "`Cors::permissive()` of actix-cors lets every site read as the user.",
        ],
        Target::GatewayApi => &[
            "`*` in `allowOrigins` with `allowCredentials` lets every site read as the user: gateways have to send the origin back.",
            "`maxAge` is 5 seconds if it is left out.",
            "The filter belongs to a rule: requests that fit another rule, or none, get no headers.",
        ],
        Target::Istio => &[
            "`prefix: https://app.example.com` also allows `https://app.example.com.evil.example`: use `exact`.",
            "Preflights of origins that do not match are forwarded to the application.",
            "An AuthorizationPolicy answers preflights with 403 unless it allows `OPTIONS`.",
        ],
        Target::EnvoyGateway => &[
            "`*` in `allowOrigins` with `allowCredentials` lets every site read as the user: Envoy sends the origin back.",
            "A CORS filter of the HTTPRoute itself wins over the SecurityPolicy.",
        ],
        Target::S3 => &[
            "Without `Origin` no CORS header and no `Vary` is sent. A copy that an `<img>` put into a cache then fails for script: add `crossorigin` to the image.",
            "`This CORS request is not allowed` is also the answer to a method or a header that no rule lists.",
        ],
        Target::Cloudfront => &[
            "CloudFront answers no preflights: `OPTIONS` has to be allowed in the cache behavior, and the origin server has to answer it.",
            "If the origin server decides about CORS, `Origin` has to be forwarded and be a part of the cache key.",
        ],
        Target::Kong => &[
            "A single origin that is written as it is is sent to everybody; `*` with `credentials` sends every origin back.",
            "Without `headers` the plugin allows every request header.",
            "The plugin's default methods include TRACE and CONNECT.",
        ],
        Target::ApiGateway => &[
            "With a CORS configuration the CORS headers of the integration are ignored.",
            "A `$default` route with an authorizer also gets preflights, and refuses them.",
        ],
        Target::LambdaUrl => &[
            "If the function sends CORS headers as well, every header is there twice, and browsers refuse that.",
            "The preflight never reaches the function.",
        ],
        Target::Gcs => &[
            "`responseHeader` is the list of request headers, too: a preflight for a name that is missing there fails.",
            "The console cannot set it, and `storage.cloud.google.com` never answers CORS.",
        ],
        Target::AzureBlob => &[
            "Each service (blob, file, queue, table) has rules of its own, at most five.",
            "A preflight that fits no rule is answered with 403.",
        ],
        Target::TerraformS3 => &[
            "A bucket has one such resource: a second one replaces the rules of the first.",
            "Without `Origin` no CORS header and no `Vary` is sent: add `crossorigin` to images of the bucket.",
        ],
        Target::TerraformCloudfront => &[
            "The policy does nothing until a cache behavior has its id in `response_headers_policy_id`.",
            "CloudFront answers no preflights: `allowed_methods` of the cache behavior needs `OPTIONS`.",
        ],
        Target::CloudflareWorker => &[
            "Headers that Transform Rules add are sent in addition to those of a Worker or a server, and browsers refuse a repeated `Access-Control-Allow-Origin`.",
            "A Worker that throws is answered by Cloudflare's error page 1101, which has no CORS headers.",
            "A challenge or a firewall rule answers the preflight before the Worker runs, and a preflight never has the cookie that would pass it.",
        ],
        Target::Deno => &[
            "A handler that throws is answered with a 500 that has no CORS headers, so a page sees a CORS error instead of the failure.",
            "`corsHeaders` with `*`, as Supabase's examples have it, lets every site call the function, and browsers refuse it for requests with credentials.",
            "The client supabase-js sends `authorization`, `x-client-info`, `apikey` and `content-type`: the policy has to allow all four.",
        ],
        Target::Vercel => &[
            "The `headers` of vercel.json are the same for every request, so they can hold one origin or `*`, and they do not answer preflights.",
            "Deployment Protection answers the preflight with a login page unless its OPTIONS Allowlist has the path.",
            "A function that exports `GET` and `POST` but not `OPTIONS` does not answer preflights.",
        ],
        Target::Netlify => &[
            "`_headers` are the same for every request, so they can hold one origin or `*`, and they do not apply to functions and proxied paths.",
            "An edge function without a path in its `config` or in netlify.toml never runs, and nothing says so.",
        ],
        Target::Lighttpd => &[
            "`setenv.add-response-header` adds to what the application sends, and browsers refuse a repeated `Access-Control-Allow-Origin`. `setenv.set-response-header` replaces it.",
            "mod_setenv has fixed values, so each origin needs a condition of its own, and origins with a wildcard cannot be sent back.",
            "Nothing but a script of mod_magnet answers a preflight: otherwise it reaches the application, or a file with `Allow` and no CORS header.",
        ],
        Target::Aspnet => &[
            "`UseCors` has to come after `UseRouting` and before `UseAuthentication` and `UseAuthorization`; before `UseHttpsRedirection` as well, if pages call over http.",
            "`SetIsOriginAllowed(_ => true)` with `AllowCredentials()` lets every site read as the user.",
            "An unhandled exception removes the headers, so a page sees a CORS error instead of the 500.",
            "`WithOrigins(\"https://app.example.com/\")` never matches: an origin has no slash at its end.",
        ],
        Target::Rails => &[
            "An origin without a scheme in rack-cors, such as `app.example.com`, allows every scheme, http included.",
            "The middleware has to come first (`insert_before 0`): what answers before it, such as static files and host authorization, has no headers.",
            "`origins '*'` with `credentials: true` is refused by rack-cors, and a block that returns `true` for all of them lets every site read as the user.",
        ],
        Target::Laravel => &[
            "`paths` in config/cors.php has to cover the route: by default it is `api/*` and `sanctum/csrf-cookie` only.",
            "`allowed_origins_patterns` are expressions with delimiters, and without `^` and `$` they match a part of the origin.",
            "A 413 of nginx and a fatal error of PHP are answered before the middleware, without CORS headers.",
            "A cached configuration stays as it was until `php artisan config:clear`.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_has_its_traps_in_whole_sentences() {
        for target in Target::ALL.iter().copied() {
            assert!(traps(target).len() >= 2, "{target:?}");
            assert!(traps(target).iter().all(|trap| trap.ends_with('.')), "{target:?}");
        }
    }
}
