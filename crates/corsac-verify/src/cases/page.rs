//! Requests of pages as cases.

use corsac::browser::{BodyInit, BodyKind, Client, Credentials, Request, RequestInit};
use corsac::origin::Origin;
use url::Url;

use crate::case::{Ask, Case, Scope, Variation};

/// What differs from `fetch(url)`.
#[derive(Default)]
pub(crate) struct Asked<'a> {
    pub(crate) method: Option<&'a str>,
    pub(crate) headers: &'a [&'a str],
    pub(crate) with_credentials: bool,
    pub(crate) force_preflight: bool,
}

/// The case of a page of this origin that requests a URL. `None`: no page can make this request to another origin.
pub(crate) fn page(url: &Url, origin: &str, asked: &Asked<'_>, scope: Scope) -> Option<Case> {
    let parsed = if origin == "null" { Origin::opaque() } else { Origin::parse(origin).ok()? };
    let method = asked.method.unwrap_or("GET");
    let mut init = RequestInit::new(url.clone(), Client::new(parsed));
    init.method = method.to_owned();
    init.headers = asked.headers.iter().map(|name| (*name, value_of(name))).collect();
    init.force_preflight = asked.force_preflight;
    if asked.with_credentials {
        init.credentials = Credentials::Include;
    }
    if method == "POST" {
        init.body = Some(BodyInit::new(BodyKind::Text, Vec::new()));
    }
    let request = init.build().ok()?;
    let description = describe(&request, origin, scope, asked);
    Some(Case {
        description,
        open_code: "any-origin-allowed",
        closed_code: "origin-refused",
        ask: Ask::Page { request, scope, variation: Variation::None },
    })
}

/// Gives a case's request a query of its own, so that no cache has a response for it.
pub(crate) fn give_own_query(case: &mut Case, seed: u64, number: usize) {
    let value = format!("{:x}-{number}", seed);
    let add = |url: &mut Url| {
        url.query_pairs_mut().append_pair("corsac-verify", &value);
    };
    match &mut case.ask {
        Ask::Alone(exchange) => add(&mut exchange.url),
        Ask::Page { request, .. } => {
            let changed = request.init().clone().with(|init| add(&mut init.url)).build();
            if let Ok(changed) = changed {
                *request = changed;
            }
        }
    }
}

fn describe(request: &Request, origin: &str, scope: Scope, asked: &Asked<'_>) -> String {
    let mut text = match scope {
        Scope::Preflight => format!("the preflight of {} from {origin}", request.method()),
        Scope::Whole if asked.force_preflight => {
            format!("{} with a preflight from {origin}", request.method())
        }
        Scope::Whole => format!("{} from {origin}", request.method()),
    };
    if !asked.headers.is_empty() {
        text.push_str(&format!(" with {}", asked.headers.join(", ")));
    }
    if asked.with_credentials {
        text.push_str(" with credentials");
    }
    text
}

/// A value with which the header needs a permission.
fn value_of(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "content-type" => "application/json",
        "authorization" => "Bearer corsac",
        // Too long to be safelisted.
        "accept" | "accept-language" | "content-language" => concat!(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        ),
        _ => "1",
    }
}
