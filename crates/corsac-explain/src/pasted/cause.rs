//! What is the matter, from what stands in a text.
//!
//! If the text has what a refusal needs, the refusal is built again, and goes through the same diagnosis as one that `corsac check` sees. What
//! the text does not say takes no part in it.

use corsac::browser::{
    AddressSpace, Client, CompletedExchange, Credentials, Exchange, ExchangeKind, NetworkError,
    NetworkErrorKind, Outcome, Reason, ReasonCode, Refusal, Request, RequestInit, ResponseHead, Stage,
};
use corsac::origin::Origin;
use corsac::server::{PolicyRefusal, ProblemCode};
use url::Url;

use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::entries::entry;
use crate::explain::{Fix, describe, explain};
use crate::{Evidence, Item, ItemStage, diagnose, look_alikes, policy};

/// Returns the causes, the likeliest first. There is always one.
pub(crate) fn causes(item: &Item) -> Vec<Cause> {
    let Some(code) = item.code() else { return vec![unknown(item)] };
    if item.codes == super::chromium::ANY_REFUSAL {
        return vec![refused_without_reason(item)];
    }
    if item.cors == Some(true) && item.url.as_deref().is_some_and(|url| url.starts_with("file:")) {
        return vec![of_reason(item, ReasonCode::SchemeNotHttp)];
    }
    let mut causes = match code.parse::<ReasonCode>() {
        Ok(reason) => from_refusal(item, reason).unwrap_or_else(|| vec![of_reason(item, reason)]),
        Err(_) => of_name(item, code).into_iter().collect(),
    };
    if causes.is_empty() {
        causes.push(unknown(item));
    }
    if item.codes.len() > 1 && item.cors == Some(true) {
        let others =
            item.codes.iter().skip(1).take(3).map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
        if let Some(first) = causes.first_mut() {
            first.confidence = first.confidence.min(Confidence::Likely);
            first
                .evidence
                .push(format!("The message is the same for {others}: `corsac check` tells them apart."));
        }
    }
    causes
}

/// What stands for a page, and for a server, that the text does not name, while the diagnosis runs. No such names exist.
const SOME_ORIGIN: &str = "https://some-page.invalid";
const SOME_URL: &str = "https://some-server.invalid/";

/// Runs the diagnosis on the refusal that the text tells of, if it tells enough.
fn from_refusal(item: &Item, code: ReasonCode) -> Option<Vec<Cause>> {
    let address = item.value("address").map(|address| format!("http://{address}/"));
    let url = address.and_then(|address| Url::parse(&address).ok());
    let url = url.or_else(|| Url::parse(item.url.as_deref().unwrap_or(SOME_URL)).ok());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"))?;
    // Whether two origins differ cannot be said of one that is not known.
    let compares_origins = matches!(
        code,
        ReasonCode::AllowOriginMismatch
            | ReasonCode::AllowOriginMultiple
            | ReasonCode::AllowOriginInvalid
            | ReasonCode::MixedContent
    );
    if compares_origins && (item.origin.is_none() || item.url.is_none()) {
        return None;
    }
    let page = item.origin.as_deref().unwrap_or(SOME_ORIGIN);
    let origin = Origin::parse(page).ok()?;
    let reason = reason(item, code, &origin)?;
    let first =
        item.value("first-url").and_then(|first| Url::parse(first).ok()).unwrap_or_else(|| url.clone());
    let method = item.value("method").unwrap_or("GET");
    let mut init = RequestInit::new(first, Client::new(origin));
    if !method.eq_ignore_ascii_case("OPTIONS") {
        init.method = method.to_owned();
    }
    if matches!(code, ReasonCode::CredentialsWildcard | ReasonCode::AllowCredentialsNotTrue) {
        init.credentials = Credentials::Include;
    }
    if let Reason::HeaderNotAllowed { name, .. } = &reason {
        init.headers = [(name.clone(), Box::from(&b"x"[..]))].into_iter().collect();
    }
    let request = init.build().ok()?;
    let stage = match item.stage {
        Some(ItemStage::Preflight) => Stage::Preflight,
        Some(ItemStage::Redirect) => Stage::Redirect,
        Some(ItemStage::Network) => Stage::Start,
        _ => Stage::Request,
    };
    let mut refusal = Refusal::new(stage, url.clone(), page, reason);
    refusal.method = request.method().to_owned();
    refusal.status = item.status();
    // A status without headers says something only about a response that has no CORS header.
    let seen = refusal
        .status
        .filter(|_| code == ReasonCode::AllowOriginMissing || code == ReasonCode::PreflightStatus);
    let exchange = seen.map(|status| {
        let (kind, method) = match stage {
            Stage::Preflight => (ExchangeKind::Preflight, "OPTIONS"),
            _ => (ExchangeKind::Request, request.method()),
        };
        let head = ResponseHead::new(status, std::iter::empty::<(&str, &str)>());
        CompletedExchange::new(Exchange::new(kind, method, url.clone()), Ok(head))
    });
    // Where a redirect came from and led to stands there, but not its status.
    let redirect = item.value("first-url").filter(|_| stage == Stage::Redirect).map(|_| {
        let head = ResponseHead::new(302, [("location", refusal.url.as_str())]);
        let first = Exchange::new(ExchangeKind::Request, request.method(), request.init().url.clone());
        CompletedExchange::new(first, Ok(head))
    });
    let exchanges: Vec<CompletedExchange> = redirect.into_iter().chain(exchange).collect();
    let outcome = Outcome::Refused(Box::new(refusal));
    let mut causes = diagnose(&Evidence::new(&request, &exchanges, &outcome));
    for cause in &mut causes {
        // A message shows less than an exchange: nothing but the browser's own reason is certain.
        if cause.code != code.as_str() {
            cause.confidence = cause.confidence.min(Confidence::Likely);
        }
        without_guesses(cause, &outcome, &request);
        for_everybody(cause);
    }
    if let (Some(first), Some(missing)) = (causes.first_mut(), missing(item)) {
        if first.evidence.is_empty() {
            first.evidence.push("The message says so.".to_owned());
        }
        first.evidence.push(missing);
    }
    Some(causes)
}

/// Takes back what a diagnosis says about headers and a status that the text does not contain.
fn without_guesses(cause: &mut Cause, outcome: &Outcome, request: &Request) {
    let Some(refusal) = outcome.refusal() else { return };
    cause.title = cause
        .title
        .replace("it answered with status 302 and redirected it", "it redirected the request")
        .replace(" with status 302 and redirected it", " by redirecting it");
    let told = match &refusal.reason {
        Reason::HeaderNotAllowed { name, .. } => Some(format!(
            "The request has the header `{name}`, and the answer to the preflight does not allow it in `Access-Control-Allow-Headers`."
        )),
        Reason::MethodNotAllowed { method, .. } => Some(format!(
            "The request has the method `{method}`, and the answer to the preflight does not allow it in `Access-Control-Allow-Methods`."
        )),
        Reason::AllowCredentialsNotTrue { value: None } => Some(
            "The request was made with credentials, and the response does not have `Access-Control-Allow-Credentials: true`.".to_owned(),
        ),
        _ => None,
    };
    if let Some(title) = told.filter(|_| cause.code == refusal.reason.code().as_str()) {
        cause.title = title;
        cause.evidence = vec!["The browser's message says so.".to_owned()];
    }
    if refusal.status.is_none() && cause.fix.text.contains("status <status>") {
        let mut fixes = explain(refusal, request).fixes.into_iter();
        if let Some(fix) = fixes.find(|fix| !fix.text.contains("<status>")) {
            cause.fix = fix;
        }
    }
}

/// Replaces what stands for an unknown page and server by general words.
fn for_everybody(cause: &mut Cause) {
    let replace = |text: &mut String| {
        if text.contains(".invalid") {
            *text = text
                .replace(SOME_ORIGIN, "<your origin>")
                .replace(SOME_URL, "<the URL>")
                .replace("https://some-server.invalid", "<the server>")
                .replace("some-server.invalid", "<the host>")
                .replace("some-page.invalid", "<your host>");
        }
    };
    replace(&mut cause.title);
    replace(&mut cause.fix.text);
    cause.evidence.iter_mut().chain(&mut cause.fix.lines).for_each(replace);
}

/// Returns the browser's reason with the values of the text, or `None` if one is missing without which its explanation would be wrong.
fn reason(item: &Item, code: ReasonCode, origin: &Origin) -> Option<Reason> {
    let value = || item.value("value").map(str::to_owned);
    let space = |name: &str| match item.value(name)? {
        "loopback" => Some(AddressSpace::Loopback),
        "local" | "private" => Some(AddressSpace::Local),
        "public" => Some(AddressSpace::Public),
        _ => None,
    };
    let network =
        |kind| Some(Reason::Network(NetworkError::new(kind, item.value("error").unwrap_or_default())));
    Some(match code {
        ReasonCode::AllowOriginMissing => Reason::AllowOriginMissing,
        ReasonCode::AllowOriginMismatch => {
            Reason::AllowOriginMismatch { value: value()?, origin: origin.as_str().to_owned() }
        }
        ReasonCode::AllowOriginMultiple => {
            Reason::AllowOriginMultiple { value: value()?, lines: 1, exact_lines: 1 }
        }
        ReasonCode::AllowOriginInvalid => {
            let value = value()?;
            let is_url = Url::parse(&value).is_ok();
            Reason::AllowOriginInvalid { value, is_url }
        }
        ReasonCode::CredentialsWildcard => Reason::CredentialsWildcard,
        ReasonCode::AllowCredentialsNotTrue => {
            Reason::AllowCredentialsNotTrue { value: value().filter(|value| !value.is_empty()) }
        }
        ReasonCode::PreflightStatus => Reason::PreflightStatus { status: item.status()? },
        ReasonCode::MethodNotAllowed => {
            Reason::MethodNotAllowed { method: item.value("method")?.to_owned(), allowed: None }
        }
        ReasonCode::HeaderNotAllowed => Reason::HeaderNotAllowed {
            name: item.value("name")?.to_owned(),
            others: Vec::new(),
            allowed: None,
        },
        ReasonCode::MixedContent => Reason::MixedContent,
        ReasonCode::LocalNetworkDenied => Reason::LocalNetworkDenied { space: space("space")? },
        ReasonCode::LocalNetworkInsecure => Reason::LocalNetworkInsecure { space: space("space")? },
        ReasonCode::ConnectionRefused => network(NetworkErrorKind::Refused)?,
        ReasonCode::DnsFailed => network(NetworkErrorKind::Dns)?,
        _ => return None,
    })
}

/// The cause of a reason whose text lacks the URL, the origin or a value: the entry of the knowledge base, in general words.
fn of_reason(item: &Item, code: ReasonCode) -> Cause {
    let explanation = describe(code);
    // A fix for a certain case comes after one that always applies.
    let always = entry(code).fixes.iter().position(|fix| fix.case.is_empty()).unwrap_or_default();
    let is_file = item.url.as_deref().is_some_and(|url| url.starts_with("file:"))
        || item.origin.as_deref() == Some("null");
    let at = if code == ReasonCode::SchemeNotHttp && is_file { 0 } else { always };
    let fix = match code {
        ReasonCode::PreflightStatus => Fix::new(
            "Look at the status of the `OPTIONS` request in the Network panel. 401 or 403: let `OPTIONS` reach the CORS layer before the login \
             or the firewall. 404 or 405: nothing answers `OPTIONS`, so enable CORS in the server. 500 to 599: look in the server's log.",
            Vec::new(),
        ),
        ReasonCode::PreflightRedirected => Fix::new(
            "Look at `Location` in the answer to the `OPTIONS` request in the Network panel, and request that URL directly. If it is a login \
             page, let `OPTIONS` through before the login.",
            Vec::new(),
        ),
        _ => explanation.fixes.into_iter().nth(at).unwrap_or_else(Fix::none),
    };
    let usual = match (code, item.url.as_deref()) {
        (ReasonCode::PreflightRedirected, Some(url)) if url.starts_with("https:") => Some(
            "The URL is https already, so the redirect is probably about a slash at the end of the path, another host, or a login."
                .to_owned(),
        ),
        (ReasonCode::PreflightRedirected, Some(_)) => {
            Some("The URL is http, and servers usually redirect everything to https, preflights included.".to_owned())
        }
        _ => explanation.causes.into_iter().next(),
    };
    Cause {
        code: code.as_str(),
        layer: layer(code, item),
        confidence: Confidence::Likely,
        is_cors: code.is_cors(),
        title: format!("{}.", explanation.title.trim_end_matches('.')),
        evidence: usual.into_iter().chain(missing(item)).collect(),
        fix,
    }
}

/// Says what the text lacks for a closer look.
fn missing(item: &Item) -> Option<String> {
    let lacks = match (&item.url, &item.origin) {
        (None, None) => "the URL and the page's origin",
        (None, Some(_)) => "the URL",
        (Some(_), None) => "the page's origin",
        (Some(_), Some(_)) => return None,
    };
    Some(format!(
        "The text does not contain {lacks}. With the URL and the origin, `corsac check URL --origin ORIGIN` asks the server."
    ))
}

fn layer(code: ReasonCode, item: &Item) -> Layer {
    match item.stage {
        _ if code.is_cors() => Layer::Policy,
        Some(ItemStage::Network) if code == ReasonCode::MixedContent => Layer::Page,
        Some(ItemStage::Network) => Layer::Network,
        _ => Layer::Application,
    }
}

/// The cause of a code that is no reason of the browser half.
fn of_name(item: &Item, code: &str) -> Option<Cause> {
    if let Some(entry) = look_alikes::entry(code) {
        return Some(of_entry(entry, item));
    }
    // Django's check against forged requests logs a refused origin, too.
    if item.codes.contains(&"origin-guard") {
        let mut cause = of_entry(crate::diagnosis::entry("origin-guard")?, item);
        let origin = item.origin.as_deref().unwrap_or("the page's origin");
        cause.fix =
            Fix::new(format!("Add `{origin}` to `CSRF_TRUSTED_ORIGINS` in Django's settings."), Vec::new());
        return Some(cause);
    }
    // A refusal that a server logs is its CORS layer's; a rule of the diagnosis may have the same name.
    let refusal = PolicyRefusal::ALL.iter().find(|refusal| refusal.as_str() == code);
    if let Some(entry) = refusal.and_then(|refusal| policy::refusal(*refusal)) {
        return Some(Cause {
            code: entry.refusal.as_str(),
            layer: if item.cors == Some(false) { Layer::Application } else { Layer::Policy },
            confidence: Confidence::Certain,
            is_cors: item.cors != Some(false),
            title: format!("The server says so itself: {}.", uncapitalized(entry.title)),
            evidence: item.origin.iter().map(|origin| format!("It names the origin `{origin}`.")).collect(),
            fix: Fix::new(
                "If the page is yours, add its origin to the list of the server's CORS layer, exactly as the browser sends it: scheme, \
                 host and port, without a slash at the end.",
                Vec::new(),
            ),
        });
    }
    if let Some(entry) = crate::diagnosis::entry(code) {
        return Some(of_entry(entry, item));
    }
    let problem = code.parse::<ProblemCode>().ok().and_then(policy::problem)?;
    Some(Cause {
        code: problem.code.as_str(),
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!("The server's CORS settings cannot work: {}.", uncapitalized(problem.title)),
        evidence: vec![problem.why.to_owned()],
        fix: Fix::new(problem.fix, Vec::new()),
    })
}

fn of_entry(entry: &'static DiagnosisEntry, item: &Item) -> Cause {
    let layer = match entry.code {
        "content-security-policy" | "canvas-tainted" | "service-worker-opaque" | "frame-access" => {
            Layer::Page
        }
        "blocked-by-client" => Layer::Browser,
        "network-error" => Layer::Network,
        _ => Layer::Application,
    };
    Cause {
        code: entry.code,
        layer,
        confidence: if entry.code == "network-error" { Confidence::Possible } else { Confidence::Likely },
        is_cors: entry.is_cors,
        title: format!("{}.", entry.title),
        evidence: item
            .value("directive")
            .map(|directive| format!("The directive is `{directive}`."))
            .into_iter()
            .chain([entry.what.to_owned()])
            .collect(),
        fix: Fix::new(entry.fix, Vec::new()),
    }
}

/// The cause of a text that says that CORS refused, and lost why.
fn refused_without_reason(item: &Item) -> Cause {
    Cause {
        code: "reason-not-shown",
        layer: Layer::Policy,
        confidence: Confidence::Possible,
        is_cors: true,
        title: "CORS refused, but the text does not say why: that stands behind `blocked by CORS policy:`.".to_owned(),
        evidence: vec![
            "The most frequent reason is that `Access-Control-Allow-Origin` is missing, often because the server answered with an error."
                .to_owned(),
        ],
        fix: Fix::new(how_to_learn_more(item), Vec::new()),
    }
}

/// The cause of a message that does not say why: script's exception, or a network line without a name.
fn unknown(item: &Item) -> Cause {
    let cause = Cause {
        code: "reason-not-shown",
        layer: Layer::Browser,
        confidence: Confidence::Possible,
        is_cors: false,
        title: "The message says only that the request failed, not why. Script is never told whether it was CORS.".to_owned(),
        evidence: vec![
            "The same words are used if CORS refuses, if the server does not answer, if its certificate is not trusted, and if an \
             extension blocks the request."
                .to_owned(),
        ],
        fix: Fix::new(how_to_learn_more(item), Vec::new()),
    };
    if item.text.contains("Network request failed") {
        return Cause {
            layer: Layer::Network,
            title: "The request failed on the way. React Native, which prints this, has no CORS; a browser with a polyfill may print it, too."
                .to_owned(),
            evidence: vec!["No header of the server helps in an app: only browsers enforce CORS.".to_owned()],
            fix: Fix::new(
                "In an emulator, `localhost` is the emulator itself: use the machine's address, or 10.0.2.2 in Android's. Check that the app may \
                 send to `http://` URLs, and that it trusts the server's certificate.",
                Vec::new(),
            ),
            ..cause
        };
    }
    match item.status().filter(|status| *status >= 400) {
        Some(status) => Cause {
            layer: Layer::Application,
            title: format!("The server answered with status {status}. This line alone is not about CORS."),
            evidence: vec!["If CORS refused as well, another line of the console says so.".to_owned()],
            ..cause
        },
        None => cause,
    }
}

/// Says what to paste, or to run, to find out more.
fn how_to_learn_more(item: &Item) -> String {
    match &item.url {
        Some(url) if !url.contains(crate::secrets::REDACTED) => format!(
            "Run `corsac check {url} --origin ORIGIN` with the origin of your page. Or look for the line above this one in the console, \
             and for the request in the Network panel, and paste those."
        ),
        _ => "Open the developer tools, reload, and copy the whole red message: it names the URL and the reason. The Network panel can also be \
              saved as a HAR file for `corsac explain FILE.har`. With the URL, run `corsac check URL --origin ORIGIN`."
            .to_owned(),
    }
}

/// What to do with a request of which no failure is known.
pub(super) fn of_request(item: &Item, what: &str) -> Cause {
    let url = item.url.as_deref().unwrap_or("URL");
    let to_do = if item.value("method").is_some() {
        "Save the text in a file, and run `corsac check --from FILE`: it asks the server as a browser would, and says what is wrong. Add \
         `--origin ORIGIN` with the origin of your page, if the text has no `Origin` or `Referer`."
            .to_owned()
    } else {
        format!(
            "Run `corsac check {url} --origin ORIGIN` with the origin of your page: it asks the server as a browser would."
        )
    };
    Cause {
        code: "reason-not-shown",
        layer: Layer::Browser,
        confidence: Confidence::Possible,
        is_cors: false,
        title: format!("{what} It does not say what failed."),
        evidence: Vec::new(),
        fix: Fix::new(to_do, Vec::new()),
    }
}

fn uncapitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
