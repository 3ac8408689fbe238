//! What each target cannot do exactly, or does with something to know. What is not here is exact.

use crate::feature::{Feature as F, Support};
use crate::target::Target as T;

mod services;

type Row = (F, Support);

/// The features that are refused, or have a note.
pub(crate) const fn exceptions(target: T) -> &'static [Row] {
    match target {
        T::Nginx => NGINX,
        T::Apache => APACHE,
        T::Caddy => CADDY,
        T::Haproxy => HAPROXY,
        T::Envoy => ENVOY,
        T::Traefik => TRAEFIK,
        T::Express | T::Nestjs | T::Koa => EXPRESS,
        T::Fastify | T::Hono | T::Fastapi | T::Django | T::Flask | T::Spring | T::Gin => CODE,
        T::Nextjs => NEXTJS,
        T::GoRsCors => RS_CORS,
        T::GoJub0bs => JUB0BS,
        T::Axum | T::Actix => CORSAC,
        T::GatewayApi => services::GATEWAY_API,
        T::Istio => services::ISTIO,
        T::EnvoyGateway => services::ENVOY_GATEWAY,
        T::Kong => services::KONG,
        T::S3 | T::TerraformS3 => services::S3,
        T::Cloudfront | T::TerraformCloudfront => services::CLOUDFRONT,
        T::ApiGateway => services::API_GATEWAY,
        T::LambdaUrl => services::LAMBDA_URL,
        T::Gcs => services::GCS,
        T::AzureBlob => services::AZURE_BLOB,
        T::CloudflareWorker => CLOUDFLARE_WORKER,
        T::Deno => DENO,
        T::Vercel => VERCEL,
        T::Netlify => NETLIFY,
        T::Lighttpd => LIGHTTPD,
        T::Aspnet => ASPNET,
        T::Rails => CODE,
        T::Laravel => LARAVEL,
    }
}

const fn refused(feature: F, reason: &'static str, instead: &'static str) -> Row {
    (feature, Support::Refused { reason, instead })
}

const fn note(feature: F, note: &'static str) -> Row {
    (feature, Support::WithNote(note))
}

const NGINX: &[Row] = &[
    NO_ENFORCE,
    refused(
        F::AnyRequestHeaderRepeated,
        "Before version 1.23, nginx reads only the first line of `Access-Control-Request-Headers`, and here every requested name has to be repeated.",
        LIST_NAMES,
    ),
    note(
        F::RequestHeaderPrefixes,
        "Before version 1.23, nginx finds names with a prefix only in the first line of `Access-Control-Request-Headers`. Browsers send one line.",
    ),
    note(
        F::ManyOrigins,
        "nginx compares the origins one after the other, for each request that has an `Origin`.",
    ),
];

const APACHE: &[Row] = &[
    NO_ENFORCE,
    note(F::ManyOrigins, "Apache httpd compares the origins one after the other, for each request."),
];

const CADDY: &[Row] = &[NO_ENFORCE];

const HAPROXY: &[Row] = &[
    NO_ENFORCE,
    refused(
        F::AnyRequestHeaderRepeated,
        "HAProxy reads one line of `Access-Control-Request-Headers`, and here every requested name has to be repeated.",
        LIST_NAMES,
    ),
    note(
        F::RequestHeaderPrefixes,
        "HAProxy finds names with a prefix only in the last line of `Access-Control-Request-Headers`. Browsers send one line.",
    ),
];

const ENVOY: &[Row] = &[
    NO_ENFORCE,
    note(
        F::ManyOrigins,
        "Envoy limits the size of regular expressions: the runtime key `re2.max_program_size.error_level` has to be raised.",
    ),
    note(
        F::At,
        "Envoy compares paths as they were sent. The connection manager needs `normalize_path` and `merge_slashes`, as a whole file (`--full`) has them, and `path_with_escaped_slashes_action` if the upstream reads `%2F` as a slash.",
    ),
];

const FIXED: &str = "Traefik sends fixed lists of methods and request headers, and this would have to be repeated from the request.";

const TRAEFIK: &[Row] = &[
    NO_ENFORCE,
    refused(F::AnyMethodWithCredentials, FIXED, "List the methods."),
    refused(F::RequestHeaderPrefixes, FIXED, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, FIXED, LIST_NAMES),
    refused(
        F::Timing,
        "Traefik sends other headers with fixed values, and `Timing-Allow-Origin` has to name the request's origin.",
        "Leave out `timing`, or let the application send the header.",
    ),
];

const EXPRESS: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(F::At, "Routers of Express and Koa ignore case in paths, so the paths of the policies do as well."),
];

const NEXTJS: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(
        F::ReplacesHeaders,
        "What a route sets itself is sent instead. Remove CORS headers from routes and from `next.config.js`.",
    ),
];

const GO_REPLACES: Row = note(
    F::ReplacesHeaders,
    "What a handler sets itself is sent instead. Remove it, and from what a reverse proxy forwards with `ReverseProxy.ModifyResponse`.",
);

const RS_CORS_METHODS: &str = "rs/cors has no wildcard for methods.";
const LIST_METHODS: &str = "List the methods, or compile for `gin`, whose middleware has no such limit.";
const RS_CORS_NAMES: &str = "The wildcard of rs/cors for request headers also covers `Authorization`.";
const RS_CORS_TIMING: &str = "rs/cors does not send `Timing-Allow-Origin`.";

const RS_CORS: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    GO_REPLACES,
    refused(F::AnyMethod, RS_CORS_METHODS, LIST_METHODS),
    refused(F::AnyMethodWithCredentials, RS_CORS_METHODS, LIST_METHODS),
    refused(F::RequestHeaderPrefixes, "rs/cors has no prefixes of request headers.", LIST_NAMES),
    refused(F::AnyRequestHeader, RS_CORS_NAMES, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, RS_CORS_NAMES, LIST_NAMES),
    refused(F::Timing, RS_CORS_TIMING, SET_IT),
    refused(F::TimingForAll, RS_CORS_TIMING, SET_IT),
    refused(F::ResourcePolicy, "rs/cors does not send `Cross-Origin-Resource-Policy`.", SET_IT),
];

const SET_IT: &str = "Leave it out of the policy, and let the application send the header.";

const JUB0BS_TIMING: &str = "jub0bs/cors does not send `Timing-Allow-Origin`.";

const JUB0BS: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    refused(
        F::NoOrigin,
        "jub0bs/cors needs at least one origin.",
        "Leave the middleware out: without it no origin is allowed.",
    ),
    GO_REPLACES,
    refused(
        F::PartOfLabel,
        "jub0bs/cors has patterns for subdomains and ports only.",
        "List the hosts, or let them be subdomains of one domain.",
    ),
    refused(F::AppSchemes, "jub0bs/cors has no pattern for every host of a scheme.", "List the origins."),
    refused(
        F::NullOrigin,
        "jub0bs/cors never allows `Origin: null`.",
        "If the data is public, allow every origin.",
    ),
    refused(
        F::InsecureOrigins,
        "jub0bs/cors refuses http origins with credentials unless a check is switched off, and this file leaves it on.",
        "Serve the pages over https.",
    ),
    refused(
        F::SimpleOnly,
        "jub0bs/cors refuses every preflight unless a method or a request header is listed, and upload listeners of `XMLHttpRequest` cause preflights of simple requests.",
        "List a request header, such as `content-type`.",
    ),
    refused(
        F::AnyRequestHeaderRepeated,
        "The wildcard of jub0bs/cors for request headers also covers `Authorization`: with credentials by design, and without them because browsers take it so.",
        LIST_NAMES,
    ),
    refused(F::RequestHeaderPrefixes, "jub0bs/cors has no prefixes of request headers.", LIST_NAMES),
    refused(F::Timing, JUB0BS_TIMING, SET_IT),
    refused(F::TimingForAll, JUB0BS_TIMING, SET_IT),
    refused(F::ResourcePolicy, "jub0bs/cors does not send `Cross-Origin-Resource-Policy`.", SET_IT),
];

const CORSAC: &[Row] = &[note(
    F::ReplacesHeaders,
    "`Timing-Allow-Origin` and `Cross-Origin-Resource-Policy` of a handler stay, unless the policy has a value for them.",
)];

const CLOUDFLARE_WORKER: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(
        F::Errors,
        "What Cloudflare answers in place of the Worker does not follow the policy: firewall rules, challenges, rate limits, and a Worker that exceeds its limits.",
    ),
];

const DENO: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(
        F::At,
        "A Supabase Edge Function sees its path without `/functions/v1`, so `at` is `/hello-world` for a function of that name.",
    ),
    note(
        F::Errors,
        "What Supabase answers in place of the function does not follow the policy, such as the 401 for a missing token (`verify_jwt`).",
    ),
];

const VERCEL: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(
        F::ListedOrigins,
        "The `headers` of vercel.json are the same for every request, so they could hold one origin only. This decides for each request.",
    ),
    note(
        F::Errors,
        "What Vercel answers in place of a function does not follow the policy: static files, unknown paths, timeouts and Deployment Protection, which answers preflights as well unless its OPTIONS Allowlist has the path.",
    ),
];

const NETLIFY: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(
        F::ListedOrigins,
        "The headers of `_headers` and netlify.toml are the same for every request, so they could hold one origin only. This decides for each request.",
    ),
    note(
        F::Errors,
        "What Netlify answers in place of the edge function does not follow the policy: password protection, firewall rules, and an edge function that exceeds its limits.",
    ),
];

const LIGHTTPD: &[Row] = &[
    NO_ENFORCE,
    note(
        F::ManyOrigins,
        "lighttpd builds the list of origins anew for each request and each response, because it keeps nothing between two runs of a script.",
    ),
    note(F::At, "The path is compared after mod_rewrite has changed it."),
];

const ASPNET: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(F::At, "ASP.NET Core ignores case in the paths of routes, so the paths of the policies do as well."),
];

const LARAVEL: &[Row] = &[
    NO_ENFORCE_IN_CODE,
    note(
        F::Errors,
        "What PHP or the server in front of it answers in place of Laravel does not follow the policy: fatal errors, timeouts, and bodies that are too large.",
    ),
];

const CODE: &[Row] = &[NO_ENFORCE_IN_CODE];

const LIST_NAMES: &str = "List the names of the request headers.";

const ENFORCE_IN_THE_APPLICATION: &str = "Compile a policy without `enforce` for this target, and let the application block such requests: Corsac's middleware for axum and actix-web does.";

const NO_ENFORCE: Row = refused(
    F::Enforce,
    "`enforce` compares `Origin` with the host of each request, and is not written for proxies.",
    ENFORCE_IN_THE_APPLICATION,
);

const NO_ENFORCE_IN_CODE: Row = refused(
    F::Enforce,
    "`enforce` also covers WebSockets, which do not pass through such a middleware. It is written for axum and actix-web only.",
    ENFORCE_IN_THE_APPLICATION,
);
