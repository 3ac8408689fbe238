//! Gateways of clusters and services of clouds. What they document was read in November 2026; Envoy's answers were measured.

use super::{F, LIST_NAMES, Row, note, refused};

const NO_ENFORCE: Row = refused(
    F::Enforce,
    "`enforce` blocks requests before the application sees them, and a setting of a gateway or a service blocks none.",
    super::ENFORCE_IN_THE_APPLICATION,
);

const LIST_METHODS: &str = "List the methods.";
const LIST_HOSTS: &str = "List the hosts, or let them be subdomains of one domain.";
const LIST_PORTS: &str = "List the ports.";
const ALLOW_EVERY_ORIGIN: &str = "If the data is public, allow every origin.";
const ANSWER_ELSEWHERE: &str =
    "Let the application answer these origins: compile the policy for its framework.";
const ONE_SECOND: &str = "Write `max-age = 1`.";
const SET_IT: &str = "Leave it out of the policy, and let the application send the header.";
const NO_FILTER: &str = "Leave the setting out: without it no origin is allowed.";

const ENVOY_WILDCARD: &str =
    "The wildcard of Envoy's filter for request headers also covers `Authorization`.";
const ENVOY_PREFIXES: &str = "Envoy's filter has no prefixes of request headers.";
const ENVOY_TIMING: &str =
    "A route adds headers with fixed values, and `Timing-Allow-Origin` has to name the request's origin.";
const ENVOY_TELLS: &str = "Envoy sends the lists of methods and request headers with preflights of other origins, too, without `Access-Control-Allow-Origin`. Pages cannot use them.";
const ENVOY_VARY: &str = "Envoy's filter sends no `Vary: Origin`, so the route adds it.";
const ENVOY_MANY: &str =
    "Envoy compares the origins one after the other, for each request that has an `Origin`.";

pub(super) const GATEWAY_API: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "A CORS filter of Gateway API is for at least one origin.", NO_FILTER),
    refused(F::PartOfLabel, "The wildcard of Gateway API stands for whole labels only.", LIST_HOSTS),
    refused(F::AnyPort, "Gateway API has no wildcard for ports.", LIST_PORTS),
    refused(F::AppSchemes, "Origins of Gateway API begin with http or https.", ANSWER_ELSEWHERE),
    refused(F::NullOrigin, "Gateway API never allows `Origin: null`.", ALLOW_EVERY_ORIGIN),
    refused(F::RequestHeaderPrefixes, "Gateway API has no prefixes of request headers.", LIST_NAMES),
    note(
        F::AnyRequestHeader,
        "A gateway may send `*`, which in the standard does not cover `Authorization`. In browsers it does.",
    ),
    refused(
        F::AnyRequestHeaderRepeated,
        "The wildcard of Gateway API for request headers also covers `Authorization`.",
        LIST_NAMES,
    ),
    refused(F::NoMaxAge, "The least `maxAge` of Gateway API is one second.", ONE_SECOND),
    refused(F::Timing, ENVOY_TIMING, SET_IT),
    note(
        F::Errors,
        "Whether errors that the gateway itself produces have the headers is left to the gateway. In gateways with Envoy they do.",
    ),
    note(
        F::ReplacesHeaders,
        "Gateway API does not say in which order filters change a response, so no header of the application is removed. Remove CORS headers from the application.",
    ),
    note(
        F::Vary,
        "Gateway API does not ask for `Vary: Origin`, and Envoy's filter does not send it, so a second filter adds it.",
    ),
    note(
        F::OtherOrigins,
        "What a preflight of another origin is told is left to the gateway. Envoy sends the lists of methods and request headers, without `Access-Control-Allow-Origin`. Pages cannot use them.",
    ),
];

pub(super) const ISTIO: &[Row] = &[
    NO_ENFORCE,
    note(F::ManyOrigins, ENVOY_MANY),
    refused(F::RequestHeaderPrefixes, ENVOY_PREFIXES, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, ENVOY_WILDCARD, LIST_NAMES),
    refused(F::NoMaxAge, "The least `maxAge` of Istio is one millisecond.", ONE_SECOND),
    refused(F::Timing, ENVOY_TIMING, SET_IT),
    note(
        F::At,
        "Istio compares paths after the mesh's `pathNormalization`. With `MERGE_SLASHES` it compares them as Corsac does.",
    ),
    note(
        F::Preflights,
        "An AuthorizationPolicy decides before the preflight is answered, and preflights have no credentials: let it allow `OPTIONS`. Preflights of other origins reach the application.",
    ),
    note(F::Vary, ENVOY_VARY),
];

pub(super) const ENVOY_GATEWAY: &[Row] = &[
    NO_ENFORCE,
    refused(F::PartOfLabel, "The wildcard of Envoy Gateway stands for whole labels only.", LIST_HOSTS),
    refused(F::AnyPort, "Envoy Gateway has no wildcard for ports.", LIST_PORTS),
    refused(F::NullOrigin, "Envoy Gateway never allows `Origin: null`.", ALLOW_EVERY_ORIGIN),
    note(F::ManyOrigins, ENVOY_MANY),
    refused(F::RequestHeaderPrefixes, ENVOY_PREFIXES, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, ENVOY_WILDCARD, LIST_NAMES),
    refused(F::Timing, ENVOY_TIMING, SET_IT),
    note(F::Vary, ENVOY_VARY),
    note(F::OtherOrigins, ENVOY_TELLS),
];

const S3_METHODS: &str = "S3 has no wildcard for methods.";
const S3_TIMING: &str = "S3 does not send `Timing-Allow-Origin`.";
const SET_IT_BEFORE: &str = "Leave it out of the policy, and let a CDN before the bucket send the header.";

pub(super) const S3: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "A rule of S3 is for at least one origin.", NO_FILTER),
    refused(
        F::PartOfLabel,
        "The wildcard of S3 also stands for dots, so it would cover more than a part of a label.",
        LIST_HOSTS,
    ),
    refused(F::AnyPort, "Whether the wildcard of S3 can stand for no port is not documented.", LIST_PORTS),
    refused(F::NullOrigin, "Whether S3 compares `Origin: null` is not documented.", ALLOW_EVERY_ORIGIN),
    refused(F::AnyMethod, S3_METHODS, LIST_METHODS),
    refused(F::AnyMethodWithCredentials, S3_METHODS, LIST_METHODS),
    refused(
        F::RequestHeaderPrefixes,
        "The wildcard of S3 can stand for nothing, so `x-acme-*` would also cover the name `x-acme-`.",
        LIST_NAMES,
    ),
    refused(
        F::AnyRequestHeaderRepeated,
        "The wildcard of S3 for request headers also covers `Authorization`.",
        LIST_NAMES,
    ),
    refused(F::NoMaxAge, "Whether S3 sends `Access-Control-Max-Age: 0` is not documented.", ONE_SECOND),
    refused(F::Timing, S3_TIMING, SET_IT_BEFORE),
    refused(F::TimingForAll, S3_TIMING, SET_IT_BEFORE),
    refused(F::ResourcePolicy, "S3 does not send `Cross-Origin-Resource-Policy`.", SET_IT_BEFORE),
    refused(
        F::At,
        "S3 has one CORS configuration for a whole bucket.",
        "Choose the policy of the bucket: `--name NAME --path /`.",
    ),
    refused(
        F::Pass,
        "`cors = \"pass\"` leaves CORS to an application, and a bucket has none.",
        "Leave this policy out.",
    ),
    note(F::Errors, "Whether errors have the headers is not documented."),
    note(
        F::Vary,
        "S3 sends `Vary: Origin` only to requests that have an `Origin`. A cache gives its copy of another response to pages as well: add `crossorigin` to images and style sheets of the bucket, and let a CDN's cache key have `Origin`.",
    ),
];

const CLOUDFRONT_METHODS: &str = "CloudFront has no wildcard for methods: its `ALL` stands for seven.";
const CLOUDFRONT_WILDCARD: &str =
    "Whether CloudFront's wildcard for request headers also covers `Authorization` is not documented.";

pub(super) const CLOUDFRONT: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "The CORS part of a response headers policy is for at least one origin.", NO_FILTER),
    note(
        F::Subdomains,
        "Whether CloudFront's wildcard stands for several labels is not documented. `corsac verify` shows it.",
    ),
    refused(F::PartOfLabel, "CloudFront has a wildcard only as the first label of a host.", LIST_HOSTS),
    refused(F::AnyPort, "CloudFront has no wildcard for ports.", LIST_PORTS),
    refused(
        F::AppSchemes,
        "Whether CloudFront takes origins without http or https is not documented.",
        ANSWER_ELSEWHERE,
    ),
    refused(
        F::NullOrigin,
        "Whether CloudFront compares `Origin: null` is not documented.",
        ALLOW_EVERY_ORIGIN,
    ),
    refused(F::AnyMethod, CLOUDFRONT_METHODS, LIST_METHODS),
    refused(F::AnyMethodWithCredentials, CLOUDFRONT_METHODS, LIST_METHODS),
    refused(F::RequestHeaderPrefixes, "CloudFront has no prefixes of request headers.", LIST_NAMES),
    refused(F::AnyRequestHeader, CLOUDFRONT_WILDCARD, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, CLOUDFRONT_WILDCARD, LIST_NAMES),
    refused(
        F::Timing,
        "CloudFront adds other headers with fixed values, and `Timing-Allow-Origin` has to name the request's origin.",
        SET_IT,
    ),
    refused(
        F::At,
        "A response headers policy has no path: it is attached to a cache behavior, which has one.",
        "Choose one policy after the other with `--name NAME --path /`, and attach each to the cache behavior of its path.",
    ),
    refused(
        F::Pass,
        "A response headers policy cannot leave CORS to the origin server.",
        "Leave this policy out, and attach none to the cache behavior of its path.",
    ),
    note(
        F::Preflights,
        "CloudFront does not answer preflights: it adds the headers to the origin server's answer. The cache behavior has to allow `OPTIONS`, and the origin server has to answer it with a status of 200 to 299.",
    ),
    note(
        F::Vary,
        "Whether CloudFront sends `Vary: Origin` is not documented. Its own cache does not need it, because the headers are added to each response; caches of browsers do.",
    ),
    note(
        F::OtherOrigins,
        "Which of the other headers CloudFront sends to an origin that is not allowed is not documented.",
    ),
];
