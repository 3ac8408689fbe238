//! How to send a control so that no shared cache stores its response for everyone, and whether to send it at all.
//!
//! A cache stores by URL unless `Vary` says otherwise. The response to a request without `Origin`, or from another origin, has no
//! `Access-Control-Allow-Origin` for the pages that work now. Stored under their URL, it blocks them until it expires. This was measured with
//! Varnish and nginx in front of servers without `Vary`.

use corsac::browser::{CompletedExchange, Exchange, ExchangeKind, ResponseHead};
use corsac::header::names::CACHE_CONTROL;
use corsac::header::{HeaderList, list_items};
use corsac_explain::{is_secret_name, is_web_token};
use url::Url;

/// How to send a control.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Precaution {
    /// At the page's URL. No shared cache stores the response.
    Unchanged,
    /// With a unique query, so that a stored response is never served again.
    UniqueQuery,
    /// Do not send it, for this reason.
    Skip(String),
}

/// Decides how to send `control`, given the exchanges of the page's own request.
pub(super) fn precaution(control: &Exchange, seen: &[&CompletedExchange]) -> Precaution {
    let responses = || {
        let here = seen.iter().filter(|completed| completed.exchange.url == control.url);
        here.filter_map(|completed| Some((&completed.exchange, completed.response()?)))
    };
    if let Some((_, response)) = responses().find(|(_, response)| asks_for_fewer_requests(response)) {
        return Precaution::Skip(format!("the server asked for fewer requests (status {})", response.status));
    }
    let is_preflight = |exchange: &Exchange| exchange.kind == ExchangeKind::Preflight;
    let mut alike =
        responses().filter(|(exchange, _)| is_preflight(exchange) == is_preflight(control)).peekable();
    if alike.peek().is_some() && alike.all(|(_, response)| forbids_shared_caching(response)) {
        return Precaution::Unchanged;
    }
    let names: Vec<&str> = responses().flat_map(|(_, response)| cache_headers(&response.headers)).collect();
    if let Some(name) = names.first() {
        return Precaution::Skip(format!(
            "a cache answers here (`{name}`) and could store the response for everyone"
        ));
    }
    if let Some(name) = signature(&control.url) {
        return Precaution::Skip(format!(
            "a cache could store the response for everyone, and the query of a URL with {name} cannot be changed"
        ));
    }
    Precaution::UniqueQuery
}

/// Returns `true` if the server asks the client to slow down.
fn asks_for_fewer_requests(response: &ResponseHead) -> bool {
    response.status == 429 || response.status == 503 && response.headers.contains("retry-after")
}

/// Returns `true` if the response forbids shared caches to store it ([RFC 9111, section 5.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2)).
pub(crate) fn forbids_shared_caching(response: &ResponseHead) -> bool {
    // No cache stores a WebSocket.
    if response.status == 101 {
        return true;
    }
    response.headers.all(CACHE_CONTROL).flat_map(list_items).any(|directive| {
        // `private="Set-Cookie"` is about that one header.
        directive.eq_ignore_ascii_case(b"no-store") || directive.eq_ignore_ascii_case(b"private")
    })
}

/// Returns the names of the headers that caches add.
pub(crate) fn cache_headers(headers: &HeaderList) -> impl Iterator<Item = &str> {
    const NAMES: [&str; 7] =
        ["age", "via", "x-varnish", "cf-cache-status", "cache-status", "x-proxy-cache", "x-cache"];
    const STARTS: [&str; 2] = ["x-amz-cf-", "x-cache-"];
    headers.iter().map(|line| line.name.as_str()).filter(|name| {
        let name = name.to_ascii_lowercase();
        NAMES.contains(&name.as_str()) || STARTS.iter().any(|start| name.starts_with(start))
    })
}

/// Describes the signature or token in the URL, if there is one. Such a URL fails with another query.
pub(crate) fn signature(url: &Url) -> Option<String> {
    // These are not secret, but they belong to a signature.
    const OF_A_SIGNATURE: [&str; 5] = ["policy", "hash", "digest", "keypairid", "expires"];
    if !url.username().is_empty() || url.password().is_some() {
        return Some("a user name or password".to_owned());
    }
    let named = url.query_pairs().find(|(name, value)| {
        let mut plain = name.to_ascii_lowercase();
        plain.retain(|character| character.is_ascii_alphanumeric());
        is_secret_name(name) || OF_A_SIGNATURE.contains(&plain.as_str()) || is_web_token(value)
    });
    if let Some((name, _)) = named {
        return Some(format!("a signature or token (`{name}`)"));
    }
    let in_path = url.path_segments().is_some_and(|mut segments| segments.any(is_web_token));
    in_path.then(|| "a token in its path".to_owned())
}

#[cfg(test)]
mod tests {
    use corsac::browser::{NetworkError, NetworkErrorKind};

    use super::*;

    const URL: &str = "https://api.example/items?page=2";

    fn exchange(kind: ExchangeKind, url: &str) -> Exchange {
        let method = if kind == ExchangeKind::Preflight { "OPTIONS" } else { "GET" };
        Exchange::new(kind, method, url.parse().unwrap())
    }

    fn completed(exchange: Exchange, headers: &[(&str, &str)]) -> CompletedExchange {
        CompletedExchange::new(exchange, Ok(ResponseHead::new(200, headers.iter().copied())))
    }

    fn precaution_for(control: &Exchange, seen: &[CompletedExchange]) -> Precaution {
        precaution(control, &seen.iter().collect::<Vec<_>>())
    }

    #[test]
    fn how_a_control_is_sent_depends_on_cache_headers() {
        let get = || exchange(ExchangeKind::Request, URL);
        let options = || exchange(ExchangeKind::Preflight, URL);
        let table: Vec<(&str, Exchange, Vec<CompletedExchange>, &str)> = vec![
            ("no-store", get(), vec![completed(get(), &[("Cache-Control", "no-store")])], "as it is"),
            (
                "private",
                get(),
                vec![completed(get(), &[("cache-control", "max-age=60, Private")])],
                "as it is",
            ),
            (
                "private, behind a cache",
                get(),
                vec![completed(get(), &[("Cache-Control", "private"), ("Via", "1.1 varnish")])],
                "as it is",
            ),
            (
                "a part is private",
                get(),
                vec![completed(get(), &[("Cache-Control", "private=\"X\"")])],
                "query",
            ),
            ("no word", get(), vec![completed(get(), &[])], "query"),
            ("no-cache is stored", get(), vec![completed(get(), &[("Cache-Control", "no-cache")])], "query"),
            (
                "one engine's response may be stored",
                get(),
                vec![completed(get(), &[("Cache-Control", "no-store")]), completed(get(), &[])],
                "query",
            ),
            (
                "what the preflight says is about the preflight",
                get(),
                vec![completed(options(), &[("Cache-Control", "no-store")]), completed(get(), &[])],
                "query",
            ),
            ("no response of its kind", get(), vec![completed(options(), &[])], "query"),
            (
                "what the request says is not about the preflight",
                options(),
                vec![completed(options(), &[]), completed(get(), &[("Cache-Control", "no-store")])],
                "query",
            ),
            (
                "a preflight that is not stored",
                options(),
                vec![completed(options(), &[("Cache-Control", "no-store")])],
                "as it is",
            ),
            (
                "a cache behind a redirect is another URL's",
                get(),
                vec![
                    completed(get(), &[]),
                    completed(exchange(ExchangeKind::Redirect, "https://cdn.example/"), &[("Age", "1")]),
                ],
                "query",
            ),
        ];
        for (name, control, seen, expected) in table {
            let way = match precaution_for(&control, &seen) {
                Precaution::Unchanged => "as it is",
                Precaution::UniqueQuery => "query",
                Precaution::Skip(_) => "left out",
            };
            assert_eq!(way, expected, "{name}");
        }
    }

    #[test]
    fn nothing_is_sent_if_there_is_a_cache() {
        for name in [
            "Age",
            "via",
            "X-Cache",
            "X-Cache-Hits",
            "X-Varnish",
            "CF-Cache-Status",
            "X-Amz-Cf-Pop",
            "X-Amz-Cf-Id",
            "Cache-Status",
        ] {
            let get = exchange(ExchangeKind::Request, URL);
            let seen = [completed(get.clone(), &[(name, "1")])];
            let Precaution::Skip(why) = precaution_for(&get, &seen) else { panic!("{name}") };
            assert!(why.contains(name), "{why}");
        }
    }

    #[test]
    fn a_server_that_asks_for_fewer_requests_gets_no_more() {
        let get = exchange(ExchangeKind::Request, URL);
        let seen = |status, headers: &[(&str, &str)]| {
            [CompletedExchange::new(get.clone(), Ok(ResponseHead::new(status, headers.iter().copied())))]
        };
        let retry = [("Retry-After", "60")];
        for (status, headers, is_left_out) in
            [(429, &[][..], true), (503, &retry[..], true), (503, &[][..], false), (200, &retry[..], false)]
        {
            let way = precaution_for(&get, &seen(status, headers));
            assert_eq!(matches!(way, Precaution::Skip(_)), is_left_out, "{status} {headers:?}: {way:?}");
        }
    }

    #[test]
    fn a_signed_url_is_not_changed() {
        let signed = [
            "https://b.s3.amazonaws.com/k?X-Amz-Signature=1",
            "https://a.example/?sig=1",
            "https://a.example/?access_token=1",
            "https://a.example/?api_key=1",
            "https://a.example/?API-Key=1",
            "https://a.example/?a=eyJhbGciOiJub25lIn0.e30.",
            "https://a.example/eyJhbGciOiJub25lIn0.e30./x",
            "https://u:p@a.example/",
            "https://a.example/?Key-Pair-Id=K",
        ];
        for url in signed {
            let get = exchange(ExchangeKind::Request, url);
            let way = precaution_for(&get, &[completed(get.clone(), &[])]);
            assert!(matches!(way, Precaution::Skip(_)), "{url}: {way:?}");
        }
        for url in ["https://a.example/", "https://a.example/?page=2&q=tokyo", "https://a.example/signature"]
        {
            let get = exchange(ExchangeKind::Request, url);
            assert_eq!(
                precaution_for(&get, &[completed(get.clone(), &[])]),
                Precaution::UniqueQuery,
                "{url}"
            );
        }
    }

    #[test]
    fn a_failed_exchange_proves_nothing() {
        let get = exchange(ExchangeKind::Request, URL);
        let failed =
            CompletedExchange::new(get.clone(), Err(NetworkError::new(NetworkErrorKind::Closed, "")));
        assert_eq!(precaution_for(&get, &[failed]), Precaution::UniqueQuery);
    }
}
