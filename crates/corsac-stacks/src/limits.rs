//! Limits of services that the features of a policy do not say: numbers, lengths, lists of methods, and which names of hosts they take.

mod find;

use corsac::server::Placement;

use self::find::{
    at_most, bytes_over, exposes_everything, has_no_request_header, has_other_headers_to_expose,
    is_without_credentials, largest, listed_with_other_resource_policy, max_age_over, methods_but, names_but,
    origins_but, two_wildcards,
};
use crate::options::Refused;
use crate::target::Target;

/// A limit of a service.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    /// What the service takes: a sentence.
    pub(crate) rule: &'static str,
    /// Returns what breaks it: a sentence.
    find: fn(&Placement) -> Option<String>,
    /// What is possible instead: a sentence.
    pub(crate) instead: &'static str,
}

const fn limit(rule: &'static str, find: fn(&Placement) -> Option<String>, instead: &'static str) -> Limit {
    Limit { rule, find, instead }
}

const FEWER: &str = "List fewer of them.";
const SPLIT: &str = "Cover them with patterns for subdomains, or compile the policy for the application.";
const FOR_THE_APPLICATION: &str =
    "Leave it out, or compile the policy for the application behind the gateway.";
const ALLOW_CREDENTIALS: &str = "Write `credentials = true`. The service itself knows no cookies, so pages can read no more with it. A CDN before it that knows cookies is another matter.";
const HTTP_METHODS: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

pub(crate) const fn of(target: Target) -> &'static [Limit] {
    match target {
        Target::GatewayApi => GATEWAY_API,
        Target::Istio => ISTIO,
        Target::EnvoyGateway => ENVOY_GATEWAY,
        Target::Kong => KONG,
        Target::S3 | Target::TerraformS3 => S3,
        Target::Cloudfront | Target::TerraformCloudfront => CLOUDFRONT,
        Target::ApiGateway => API_GATEWAY,
        Target::LambdaUrl => LAMBDA_URL,
        Target::Gcs => GCS,
        Target::AzureBlob => AZURE_BLOB,
        _ => &[],
    }
}

const RESOURCE_POLICY_BY_ORIGIN: Limit = limit(
    "A route adds headers with fixed values, and `Cross-Origin-Resource-Policy` of listed origins depends on the request's origin unless it is `cross-origin`.",
    listed_with_other_resource_policy,
    "Leave out `resource-policy`, and let the application send the header.",
);

const GATEWAY_API: &[Limit] = &[
    limit(
        "Gateway API takes 64 origins at most.",
        |all| at_most(all, 64, "origins", |config| &config.origins),
        SPLIT,
    ),
    limit(
        "An origin of Gateway API has http or https, a host of letters, digits and `-`, and at most 253 characters.",
        |all| origins_but(all, |entry| find::is_plain_origin(entry, "-")),
        FOR_THE_APPLICATION,
    ),
    limit(
        "Gateway API takes the methods GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE and PATCH.",
        |all| methods_but(all, HTTP_METHODS),
        FOR_THE_APPLICATION,
    ),
    limit(
        "Gateway API takes 64 request headers at most.",
        |all| at_most(all, 64, "request headers", |config| &config.request_headers),
        FEWER,
    ),
    limit(
        "Gateway API takes 64 exposed headers at most.",
        |all| at_most(all, 64, "exposed headers", |config| &config.expose_headers),
        FEWER,
    ),
    limit(
        "An HTTPRoute takes 16 rules at most.",
        |all| largest(all.all().count(), 16, "paths with a policy"),
        "Compile the policies one after the other with `--name NAME`, each as an HTTPRoute of its own.",
    ),
    RESOURCE_POLICY_BY_ORIGIN,
];

const ISTIO: &[Limit] = &[
    limit(
        "Istio takes the methods GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE and PATCH.",
        |all| methods_but(all, HTTP_METHODS),
        FOR_THE_APPLICATION,
    ),
    limit(
        "Istio takes names of headers with letters, digits, `-` and `_`.",
        |all| names_but(all, |name| name == "*" || find::is_made_of(name, "-_")),
        FOR_THE_APPLICATION,
    ),
    RESOURCE_POLICY_BY_ORIGIN,
];

const ENVOY_GATEWAY: &[Limit] = &[
    limit(
        "An origin of Envoy Gateway has a host of letters, digits, `-` and `_`, and at most 253 characters.",
        |all| origins_but(all, |entry| find::is_plain_origin(entry, "-_")),
        FOR_THE_APPLICATION,
    ),
    RESOURCE_POLICY_BY_ORIGIN,
];

/// What the longest element of S3's XML adds to a value.
const TAGS: usize = "<AllowedOrigin></AllowedOrigin>".len();

const S3: &[Limit] = &[
    limit(
        "S3 sends `Access-Control-Allow-Credentials: true` to every listed origin.",
        is_without_credentials,
        ALLOW_CREDENTIALS,
    ),
    limit("An origin of S3 has one wildcard at most.", two_wildcards, "List the ports."),
    limit(
        "S3 takes the methods GET, HEAD, POST, PUT and DELETE.",
        |all| methods_but(all, &["GET", "HEAD", "POST", "PUT", "DELETE"]),
        "Leave it out: S3 has no other methods.",
    ),
    limit(
        "S3 has no wildcard for exposed headers.",
        exposes_everything,
        "List the names that pages read, such as `ETag`.",
    ),
    limit(
        "The XML of S3's CORS configuration has 64 KiB at most.",
        |all| bytes_over(all, 64 * 1024, TAGS),
        SPLIT,
    ),
];

const CLOUDFRONT: &[Limit] = &[
    limit("An origin of CloudFront has one wildcard at most.", two_wildcards, "List the ports."),
    limit(
        "CloudFront takes the methods GET, HEAD, POST, PUT, DELETE, OPTIONS and PATCH.",
        |all| methods_but(all, &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]),
        "Leave it out: CloudFront forwards no other methods.",
    ),
    limit(
        "A response headers policy of CloudFront lists at least one request header.",
        has_no_request_header,
        "List one that pages may send, such as `content-type`.",
    ),
    RESOURCE_POLICY_BY_ORIGIN,
];

const KONG: &[Limit] = &[
    limit(
        "Kong does not compare the brackets of an IPv6 address.",
        |all| origins_but(all, |entry| !entry.contains('[')),
        "Leave it out, or use a name.",
    ),
    limit(
        "Kong takes the methods GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE and PATCH.",
        |all| methods_but(all, HTTP_METHODS),
        FOR_THE_APPLICATION,
    ),
    limit(
        "Without a list Kong allows every request header.",
        has_no_request_header,
        "List one that pages may send, such as `content-type`.",
    ),
];

const SEVEN_METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
const LESS: &str = "Write a smaller `max-age`: no browser keeps the answer longer than a day.";

const API_GATEWAY: &[Limit] = &[
    limit(
        "API Gateway takes the methods GET, HEAD, POST, PUT, DELETE, OPTIONS and PATCH.",
        |all| methods_but(all, SEVEN_METHODS),
        FOR_THE_APPLICATION,
    ),
    limit("The largest `MaxAge` of API Gateway is 86400 seconds.", |all| max_age_over(all, 86_400), LESS),
];

const LAMBDA_URL: &[Limit] = &[
    limit(
        "A function URL takes 100 origins at most.",
        |all| at_most(all, 100, "origins", |config| &config.origins),
        FOR_THE_FUNCTION,
    ),
    limit(
        "An origin of a function URL has 253 characters at most.",
        |all| origins_but(all, |entry| entry.len() <= 253),
        FOR_THE_FUNCTION,
    ),
    limit(
        "A function URL takes the methods GET, HEAD, POST, PUT, DELETE and PATCH.",
        |all| methods_but(all, &["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]),
        FOR_THE_FUNCTION,
    ),
    limit(
        "A function URL takes 100 request headers at most.",
        |all| at_most(all, 100, "request headers", |config| &config.request_headers),
        FEWER,
    ),
    limit(
        "A function URL takes 100 exposed headers at most.",
        |all| at_most(all, 100, "exposed headers", |config| &config.expose_headers),
        FEWER,
    ),
    limit("The largest `MaxAge` of a function URL is 86400 seconds.", |all| max_age_over(all, 86_400), LESS),
];

const FOR_THE_FUNCTION: &str = "Leave the CORS configuration of the URL out, and let the function answer: compile the policy for its framework.";

const GCS: &[Limit] = &[
    limit(
        "Google Cloud Storage has one list of headers, for requests and for responses.",
        has_other_headers_to_expose,
        "Write the same names into `request-headers` and `expose-headers`.",
    ),
    limit(
        "Google Cloud Storage takes the methods GET, HEAD, POST, PUT and DELETE.",
        |all| methods_but(all, &["GET", "HEAD", "POST", "PUT", "DELETE"]),
        "Leave it out: the service has no other methods.",
    ),
];

const AZURE_BLOB: &[Limit] = &[
    limit(
        "Azure sends `Access-Control-Allow-Credentials: true` to every listed origin.",
        is_without_credentials,
        ALLOW_CREDENTIALS,
    ),
    limit(
        "A rule of Azure takes 64 origins at most.",
        |all| at_most(all, 64, "origins", |config| &config.origins),
        FEWER,
    ),
    limit(
        "An origin of Azure has 256 characters at most.",
        |all| origins_but(all, |entry| entry.len() <= 256),
        "Leave it out, or use a shorter name.",
    ),
    limit(
        "A rule of Azure takes 64 request headers at most.",
        |all| at_most(all, 64, "request headers", |config| &config.request_headers),
        FEWER,
    ),
    limit(
        "A rule of Azure takes 64 exposed headers at most.",
        |all| at_most(all, 64, "exposed headers", |config| &config.expose_headers),
        FEWER,
    ),
    limit(
        "Azure takes the methods GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH and MERGE.",
        |all| methods_but(all, &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "MERGE"]),
        "Leave it out: the service has no other methods.",
    ),
    limit("The CORS rules of Azure have 2 KiB at most.", |all| bytes_over(all, 2 * 1024, 0), FEWER),
];

/// Returns the limits of a target that are not about a [`Feature`](crate::Feature) as a whole: sentences.
///
/// ```
/// use corsac_stacks::{Target, limits};
/// assert!(limits(Target::GatewayApi).any(|limit| limit == "Gateway API takes 64 origins at most."));
/// assert_eq!(limits(Target::Nginx).count(), 0);
/// ```
pub fn limits(target: Target) -> impl Iterator<Item = &'static str> {
    of(target).iter().map(|limit| limit.rule)
}

/// Refuses policies that break a limit of the target.
pub(crate) fn check(target: Target, placement: &Placement) -> Result<(), Refused> {
    for limit in of(target) {
        if let Some(what) = (limit.find)(placement) {
            return Err(Refused::new(format!("{} {what}", limit.rule), limit.instead));
        }
    }
    Ok(())
}
