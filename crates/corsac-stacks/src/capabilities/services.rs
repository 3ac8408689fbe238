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

const KONG_METHODS: &str = "Kong has no wildcard for methods.";
const KONG_TIMING: &str = "Kong's plugin does not send `Timing-Allow-Origin`.";

pub(super) const KONG: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "Without an origin Kong's plugin allows every origin.", NO_FILTER),
    refused(
        F::NullOrigin,
        "An expression for `null` also allows a host of that name in Kong.",
        ALLOW_EVERY_ORIGIN,
    ),
    note(
        F::ManyOrigins,
        "Kong compares the origins one after the other, for each request that has an `Origin`.",
    ),
    refused(F::AnyMethod, KONG_METHODS, LIST_METHODS),
    refused(F::AnyMethodWithCredentials, KONG_METHODS, LIST_METHODS),
    refused(F::RequestHeaderPrefixes, "Kong's plugin has no prefixes of request headers.", LIST_NAMES),
    refused(
        F::AnyRequestHeaderRepeated,
        "Without a list Kong's plugin allows every request header, `Authorization` included.",
        LIST_NAMES,
    ),
    refused(F::Timing, KONG_TIMING, SET_IT),
    refused(F::TimingForAll, KONG_TIMING, SET_IT),
    refused(F::ResourcePolicy, "Kong's plugin does not send `Cross-Origin-Resource-Policy`.", SET_IT),
    note(
        F::ReplacesHeaders,
        "Kong replaces the headers that it sends itself. What else the application says about CORS stays: remove it there.",
    ),
    note(
        F::OtherOrigins,
        "Kong sends the other headers of the policy to other origins, too, without `Access-Control-Allow-Origin`. Pages cannot use them.",
    ),
];

const NO_PATTERNS_OF_AWS: &str = "Origins are compared as they are, or all of them are allowed.";
const LIST_ORIGINS: &str = "List the origins.";
const AWS_WILDCARD: &str =
    "Whether the wildcard for request headers also covers `Authorization` is not documented.";
const AWS_CREDENTIALS_WILDCARD: &str = "With credentials browsers take no wildcard for methods.";
const AWS_SCHEMES: &str = "Whether origins without http or https are taken is not documented.";
const AWS_NULL: &str = "Whether `Origin: null` is compared is not documented.";
const AWS_ERRORS: &str =
    "Whether errors that the service itself produces have the headers is not documented.";
const AWS_VARY: &str = "Whether `Vary: Origin` is sent is not documented. `corsac verify` shows it; if it is missing, let the application send it.";

pub(super) const API_GATEWAY: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "A CORS configuration without an origin has no documented meaning.", NO_FILTER),
    refused(F::Subdomains, NO_PATTERNS_OF_AWS, LIST_ORIGINS),
    refused(F::PartOfLabel, NO_PATTERNS_OF_AWS, LIST_ORIGINS),
    refused(F::AnyPort, NO_PATTERNS_OF_AWS, LIST_PORTS),
    refused(F::AppSchemes, AWS_SCHEMES, ANSWER_ELSEWHERE),
    refused(F::NullOrigin, AWS_NULL, ALLOW_EVERY_ORIGIN),
    refused(F::AnyMethodWithCredentials, AWS_CREDENTIALS_WILDCARD, LIST_METHODS),
    refused(F::RequestHeaderPrefixes, "API Gateway has no prefixes of request headers.", LIST_NAMES),
    refused(F::AnyRequestHeader, AWS_WILDCARD, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, AWS_WILDCARD, LIST_NAMES),
    refused(F::Timing, API_TIMING, SET_IT),
    refused(F::TimingForAll, API_TIMING, SET_IT),
    refused(F::ResourcePolicy, API_RESOURCE_POLICY, SET_IT),
    refused(
        F::At,
        "API Gateway has one CORS configuration for a whole HTTP API.",
        "Choose the policy of the API: `--name NAME --path /`.",
    ),
    refused(
        F::Pass,
        "Without a CORS configuration API Gateway leaves CORS to the application, and with one it never does.",
        "Leave this policy out.",
    ),
    note(F::Errors, AWS_ERRORS),
    note(
        F::Preflights,
        "A `$default` route with an authorizer refuses preflights: give the API a route for `OPTIONS` without one.",
    ),
    note(F::Vary, AWS_VARY),
];

const API_TIMING: &str = "The CORS configuration does not have `Timing-Allow-Origin`.";
const API_RESOURCE_POLICY: &str = "The CORS configuration does not have `Cross-Origin-Resource-Policy`.";

pub(super) const LAMBDA_URL: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "A CORS configuration without an origin has no documented meaning.", NO_FILTER),
    refused(F::Subdomains, NO_PATTERNS_OF_AWS, LIST_ORIGINS),
    refused(F::PartOfLabel, NO_PATTERNS_OF_AWS, LIST_ORIGINS),
    refused(F::AnyPort, NO_PATTERNS_OF_AWS, LIST_PORTS),
    refused(F::AppSchemes, AWS_SCHEMES, ANSWER_ELSEWHERE),
    refused(F::NullOrigin, AWS_NULL, ALLOW_EVERY_ORIGIN),
    refused(F::AnyMethodWithCredentials, AWS_CREDENTIALS_WILDCARD, LIST_METHODS),
    refused(F::RequestHeaderPrefixes, "Function URLs have no prefixes of request headers.", LIST_NAMES),
    refused(F::AnyRequestHeader, AWS_WILDCARD, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, AWS_WILDCARD, LIST_NAMES),
    refused(F::Timing, API_TIMING, SET_IT),
    refused(F::TimingForAll, API_TIMING, SET_IT),
    refused(F::ResourcePolicy, API_RESOURCE_POLICY, SET_IT),
    refused(
        F::At,
        "A function URL has one CORS configuration for all its paths.",
        "Choose the policy of the function: `--name NAME --path /`.",
    ),
    refused(
        F::Pass,
        "Without a CORS configuration the function decides about CORS, and with one both do.",
        "Leave this policy out.",
    ),
    note(F::Errors, AWS_ERRORS),
    note(
        F::ReplacesHeaders,
        "CORS headers of the function are sent beside those of its URL, and browsers refuse repeated ones. Remove them from the function.",
    ),
    note(F::Vary, AWS_VARY),
];

const GCS_TIMING: &str = "Google Cloud Storage does not send `Timing-Allow-Origin`.";
const GCS_PATTERNS: &str = "Google Cloud Storage compares whole origins, or allows all of them.";
const GCS_LIST: &str = "The one list of headers of Google Cloud Storage is for requests and for responses, so a wildcard would expose every header as well.";
const ONE_FOR_A_BUCKET: &str = "Choose the policy of the bucket: `--name NAME --path /`.";
const NO_APPLICATION: &str = "`cors = \"pass\"` leaves CORS to an application, and a bucket has none.";

pub(super) const GCS: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "A rule of Google Cloud Storage is for at least one origin.", NO_FILTER),
    refused(F::Subdomains, GCS_PATTERNS, LIST_ORIGINS),
    refused(F::PartOfLabel, GCS_PATTERNS, LIST_ORIGINS),
    refused(F::AnyPort, GCS_PATTERNS, LIST_PORTS),
    refused(F::AppSchemes, AWS_SCHEMES, ANSWER_ELSEWHERE),
    refused(F::NullOrigin, AWS_NULL, ALLOW_EVERY_ORIGIN),
    refused(
        F::Credentials,
        "Google Cloud Storage does not send `Access-Control-Allow-Credentials`.",
        "Leave out `credentials`: the service knows no cookies for it.",
    ),
    refused(
        F::AnyMethod,
        "The wildcard of Google Cloud Storage stands for the methods that it has.",
        LIST_METHODS,
    ),
    refused(
        F::AnyMethodWithCredentials,
        "The wildcard of Google Cloud Storage stands for the methods that it has.",
        LIST_METHODS,
    ),
    refused(F::RequestHeaderPrefixes, "Google Cloud Storage has no prefixes of headers.", LIST_NAMES),
    refused(F::AnyRequestHeader, GCS_LIST, LIST_NAMES),
    refused(F::AnyRequestHeaderRepeated, GCS_LIST, LIST_NAMES),
    refused(F::NoMaxAge, "Whether `Access-Control-Max-Age: 0` is sent is not documented.", ONE_SECOND),
    refused(F::Timing, GCS_TIMING, SET_IT_BEFORE),
    refused(F::TimingForAll, GCS_TIMING, SET_IT_BEFORE),
    refused(
        F::ResourcePolicy,
        "Google Cloud Storage does not send `Cross-Origin-Resource-Policy`.",
        SET_IT_BEFORE,
    ),
    refused(F::At, "Google Cloud Storage has one CORS configuration for a whole bucket.", ONE_FOR_A_BUCKET),
    refused(F::Pass, NO_APPLICATION, "Leave this policy out."),
    note(F::Errors, AWS_ERRORS),
    note(
        F::Preflights,
        "`storage.cloud.google.com` never answers CORS requests: pages have to use `storage.googleapis.com`.",
    ),
    note(
        F::Vary,
        "Whether `Vary: Origin` is sent without an `Origin` is not documented. A cache may give its copy of another response to pages: add `crossorigin` to images and style sheets of the bucket.",
    ),
];

const AZURE_TIMING: &str = "Azure Blob Storage does not send `Timing-Allow-Origin`.";
const AZURE_METHODS: &str = "Azure Blob Storage has no wildcard for methods.";
const AZURE_PATTERNS: &str = "Azure documents no wildcard within an origin for every API version.";

pub(super) const AZURE_BLOB: &[Row] = &[
    NO_ENFORCE,
    refused(F::NoOrigin, "A rule of Azure Blob Storage is for at least one origin.", NO_FILTER),
    refused(F::Subdomains, AZURE_PATTERNS, LIST_ORIGINS),
    refused(F::PartOfLabel, AZURE_PATTERNS, LIST_ORIGINS),
    refused(F::AnyPort, AZURE_PATTERNS, LIST_PORTS),
    refused(F::AppSchemes, AWS_SCHEMES, ANSWER_ELSEWHERE),
    refused(F::NullOrigin, AWS_NULL, ALLOW_EVERY_ORIGIN),
    refused(F::AnyMethod, AZURE_METHODS, LIST_METHODS),
    refused(F::AnyMethodWithCredentials, AZURE_METHODS, LIST_METHODS),
    refused(
        F::RequestHeaderPrefixes,
        "A prefix of Azure can stand for nothing more, so `x-acme-*` would also cover the name `x-acme-`.",
        LIST_NAMES,
    ),
    refused(
        F::AnyRequestHeaderRepeated,
        "The wildcard of Azure for request headers also covers `Authorization`.",
        LIST_NAMES,
    ),
    refused(F::NoMaxAge, "Whether `Access-Control-Max-Age: 0` is sent is not documented.", ONE_SECOND),
    refused(F::Timing, AZURE_TIMING, SET_IT_BEFORE),
    refused(F::TimingForAll, AZURE_TIMING, SET_IT_BEFORE),
    refused(
        F::ResourcePolicy,
        "Azure Blob Storage does not send `Cross-Origin-Resource-Policy`.",
        SET_IT_BEFORE,
    ),
    refused(
        F::At,
        "Azure has one list of CORS rules for all blobs of a storage account.",
        "Choose the policy of the account: `--name NAME --path /`.",
    ),
    refused(F::Pass, NO_APPLICATION, "Leave this policy out."),
    note(F::Errors, AWS_ERRORS),
];
