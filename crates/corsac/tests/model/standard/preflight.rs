//! The CORS-preflight fetch, and the CORS-preflight cache.

use std::time::Duration;

use url::Url;

use super::checks::cors_check;
use super::headers::{cors_unsafe_request_header_names, extract_max_age, extract_tokens, is};
use super::{NetworkError, Request, Sent, UserAgent, is_cors_safelisted, network_fetch};

/// A [cache entry](https://fetch.spec.whatwg.org/#concept-cache).
#[derive(Clone, Debug)]
pub(crate) struct CacheEntry {
    key: String,
    byte_serialized_origin: String,
    url: Url,
    pub(super) max_age: Duration,
    credentials: bool,
    method: Option<String>,
    header_name: Option<String>,
    pub(super) stored: Duration,
}

/// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
pub(super) fn cors_preflight_fetch(agent: &mut UserAgent<'_>, request: &Request) -> Result<(), NetworkError> {
    const FAILED: Result<(), NetworkError> = Err("CORS-preflight fetch");
    // 1-6
    let unsafe_names = cors_unsafe_request_header_names(&request.made.headers);
    let preflight = Sent {
        method: "OPTIONS".to_owned(),
        url: request.current_url().clone(),
        origin: Some(request.byte_serialized_origin()),
        request_method: Some(request.made.method.clone()),
        request_headers: (!unsafe_names.is_empty()).then(|| unsafe_names.join(",")),
        credentials: false,
        body: false,
    };
    let response = network_fetch(agent, &preflight)?;
    // 7, 8
    if !cors_check(request, &response) || !(200..=299).contains(&response.status) {
        return FAILED;
    }
    // 7.1-7.3
    let (methods, header_names) = match (
        extract_tokens(&response.headers, "Access-Control-Allow-Methods"),
        extract_tokens(&response.headers, "Access-Control-Allow-Headers"),
    ) {
        (Ok(methods), Ok(header_names)) => (methods, header_names.unwrap_or_default()),
        _ => return FAILED,
    };
    // 7.4
    let methods = match methods {
        None if request.use_cors_preflight => vec![request.made.method.clone()],
        methods => methods.unwrap_or_default(),
    };
    // 7.5
    let has_wildcard = |list: &[String]| list.iter().any(|item| item == "*");
    if !methods.contains(&request.made.method)
        && !is_cors_safelisted(&request.made.method)
        && (request.includes() || !has_wildcard(&methods))
    {
        return FAILED;
    }
    // 7.6
    let listed = |name: &str| header_names.iter().any(|item| is(item, name));
    if request.made.headers.contains("Authorization") && !listed("Authorization") {
        return FAILED;
    }
    // 7.7
    if unsafe_names.iter().any(|name| !listed(name) && (request.includes() || !has_wildcard(&header_names))) {
        return FAILED;
    }
    // 7.8-7.10
    let max_age = extract_max_age(&response.headers).unwrap_or(Duration::from_secs(5));
    // 7.12-7.15. We read: the new age counts from now.
    for method in &methods {
        update_or_create(agent, request, max_age, Some(method), None);
    }
    for name in &header_names {
        update_or_create(agent, request, max_age, None, Some(name));
    }
    Ok(())
}

fn update_or_create(
    agent: &mut UserAgent<'_>,
    request: &Request,
    max_age: Duration,
    method: Option<&String>,
    header_name: Option<&String>,
) {
    let is_match = |entry: &&mut CacheEntry| {
        method.is_some_and(|method| method_match(entry, method, request))
            || header_name.is_some_and(|name| header_name_match(entry, name, request))
    };
    let (mut found, now) = (false, agent.now);
    for entry in agent.cache.iter_mut().filter(is_match) {
        (entry.max_age, entry.stored, found) = (max_age, now, true);
    }
    if !found {
        agent.cache.push(CacheEntry {
            key: request.made.client.network_partition_key.clone(),
            byte_serialized_origin: request.byte_serialized_origin(),
            url: request.current_url().clone(),
            max_age,
            credentials: request.includes(),
            method: method.cloned(),
            header_name: header_name.cloned(),
            stored: now,
        });
    }
}

/// <https://fetch.spec.whatwg.org/#concept-cache-match>
fn cache_entry_match(entry: &CacheEntry, request: &Request) -> bool {
    entry.key == request.made.client.network_partition_key
        && entry.byte_serialized_origin == request.byte_serialized_origin()
        && entry.url == *request.current_url()
        && (entry.credentials || !request.includes())
}

/// <https://fetch.spec.whatwg.org/#concept-cache-match-method>
pub(super) fn method_match(entry: &CacheEntry, method: &str, request: &Request) -> bool {
    cache_entry_match(entry, request)
        && entry.method.as_deref().is_some_and(|kept| kept == method || kept == "*")
}

/// <https://fetch.spec.whatwg.org/#concept-cache-match-header>
pub(super) fn header_name_match(entry: &CacheEntry, name: &str, request: &Request) -> bool {
    cache_entry_match(entry, request)
        && entry
            .header_name
            .as_deref()
            .is_some_and(|kept| is(kept, name) || (kept == "*" && !is(name, "Authorization")))
}

/// <https://fetch.spec.whatwg.org/#concept-cache-clear>
pub(super) fn clear_cache_entries(agent: &mut UserAgent<'_>, request: &Request) {
    let (origin, url) = (request.byte_serialized_origin(), request.current_url());
    agent.cache.retain(|entry| {
        entry.key != request.made.client.network_partition_key
            || entry.byte_serialized_origin != origin
            || entry.url != *url
    });
}
