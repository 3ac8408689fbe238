//! `--as`: from the arguments to the request of an element, a style sheet, an `EventSource`, a beacon, a WebSocket or a link; and what the
//! report says of it.

use corsac::browser::{BodyInit, BodyKind, Credentials, CrossOrigin, Load, Outcome, RequestInit};
use corsac::header::names::CONTENT_TYPE;

use crate::arguments::{CheckArguments, RequestArguments};

/// The request as `load` makes it. The error says what HTML fixes, and so cannot be chosen.
pub(super) fn request(
    arguments: &CheckArguments,
    load: Load,
    body: Option<Vec<u8>>,
    mut init: RequestInit,
) -> Result<RequestInit, String> {
    let RequestArguments { credentials, method, headers, .. } = &arguments.request;
    refuse_what_is_fixed(arguments, load)?;
    init.credentials = credentials.unwrap_or_default();
    init.referrer_policy = arguments.request.referrer_policy;
    let has_body = body.is_some();
    init.body = body.map(|bytes| {
        let given = headers.first().map(|(_, value)| String::from_utf8_lossy(value).into_owned());
        let kind = match (load, given) {
            (_, Some(media_type)) => BodyKind::Blob { media_type },
            (Load::Navigation, None) => {
                BodyKind::Blob { media_type: "application/x-www-form-urlencoded".to_owned() }
            }
            (_, None) => BodyKind::Text,
        };
        BodyInit::new(kind, bytes)
    });
    let usual = if has_body { "POST" } else { "GET" };
    init.method = method.clone().unwrap_or_else(|| usual.to_owned());
    Ok(init.for_load(load, arguments.load.crossorigin))
}

fn refuse_what_is_fixed(arguments: &CheckArguments, load: Load) -> Result<(), String> {
    let RequestArguments { method, mode, credentials, headers, data, force_preflight, .. } =
        &arguments.request;
    let name = load.as_str();
    let subject = subject(load);
    let refuse = |option: &str, why: String| Err(format!("`{option}` does not go with `--as {name}`: {why}"));
    if arguments.load.crossorigin.is_some() && !load.takes_crossorigin() {
        return refuse("--crossorigin", without_crossorigin(load).to_owned());
    }
    if let Some(method) = method {
        let is_form = load == Load::Navigation && matches!(method.as_str(), "GET" | "POST");
        if !is_form {
            let fixed = match load {
                Load::Navigation => "links are GET, and forms GET or POST".to_owned(),
                Load::Beacon => "a beacon is always a POST".to_owned(),
                _ => format!("{subject} is always asked for with GET"),
            };
            return refuse("-X", format!("{fixed}."));
        }
    }
    if mode.is_some() {
        let instead = if load.takes_crossorigin() { " `--crossorigin` makes it a CORS request." } else { "" };
        return refuse("--mode", format!("the page cannot choose the mode of {subject}.{instead}"));
    }
    match credentials {
        Some(Credentials::SameOrigin | Credentials::Include) if load == Load::EventSource => {}
        Some(Credentials::Omit) if load == Load::EventSource => {
            return refuse(
                "--credentials omit",
                "an EventSource has `same-origin`, or `include` with `withCredentials`.".to_owned(),
            );
        }
        Some(_) => {
            let instead = if load.takes_crossorigin() {
                " `--crossorigin` sends none to other origins, `--crossorigin=use-credentials` sends them."
            } else {
                ""
            };
            return refuse(
                "--credentials",
                format!("the page cannot choose the credentials of {subject}.{instead}"),
            );
        }
        None => {}
    }
    let only_type = load == Load::Beacon
        && data.is_some()
        && matches!(headers.as_slice(), [(name, _)] if name.eq_ignore_ascii_case(CONTENT_TYPE));
    if !headers.is_empty() && !only_type {
        let why = match load {
            Load::Beacon => {
                "of a beacon the page chooses the type of its body alone: one `-H 'Content-Type: …'`, with `-d`."
            }
            _ => "no page can add headers there.",
        };
        return refuse("-H", why.to_owned());
    }
    if data.is_some() && !matches!(load, Load::Beacon | Load::Navigation) {
        return refuse("-d", format!("{subject} is asked for without a body."));
    }
    if arguments.redirect.is_some() {
        return refuse(
            "--redirect",
            format!("the page cannot choose what becomes of redirects of {subject}."),
        );
    }
    if *force_preflight {
        return refuse("--force-preflight", "that is what upload listeners of XMLHttpRequest do.".to_owned());
    }
    Ok(())
}

/// What to write where HTML has no `crossorigin` attribute.
fn without_crossorigin(load: Load) -> &'static str {
    match load {
        Load::Font => "a font is always a CORS request without cookies for other origins.",
        Load::CssImage => "an image of a style sheet is never a CORS request.",
        Load::EventSource => {
            "an EventSource is always a CORS request. `withCredentials` is `--credentials include`."
        }
        Load::Beacon => "whether a beacon is a CORS request depends on the type of its body.",
        Load::WebSocket => "CORS plays no part in a WebSocket.",
        _ => "CORS plays no part when a page is left for another.",
    }
}

/// The load, in the middle of a sentence.
pub(super) fn subject(load: Load) -> &'static str {
    match load {
        Load::Image => "an image",
        Load::Script => "a script",
        Load::ModuleScript => "a module script",
        Load::Font => "a font",
        Load::Video => "a video",
        Load::Audio => "audio",
        Load::CssImage => "an image of a style sheet",
        Load::EventSource => "an EventSource",
        Load::Beacon => "a beacon",
        Load::WebSocket => "a WebSocket",
        Load::Navigation => "a navigation",
        _ => load.as_str(),
    }
}

/// What the page has of a response that reached it, in a sentence or two; nothing after a refusal.
pub(super) fn what_the_page_has(load: Load, outcome: &Outcome) -> String {
    let text = match (load, outcome) {
        (_, Outcome::Refused(_)) => "",
        (Load::WebSocket, _) => "The server opens the WebSocket, and the page can send and read messages.",
        (Load::Beacon, _) => "The beacon is sent. No page learns what the server answers.",
        (Load::Image, Outcome::Opaque(_)) => {
            "The image reaches the page, which can show it and not read it: it taints a canvas that it is drawn to."
        }
        (Load::CssImage, Outcome::Opaque(_)) => {
            "The image reaches the page, which can show it and not read it."
        }
        (Load::Video, Outcome::Opaque(_)) => {
            "The video reaches the page, which can play it and not read it: it taints a canvas, and is silent in Web Audio."
        }
        (Load::Audio, Outcome::Opaque(_)) => {
            "The sound reaches the page, which can play it and not read it: it is silent in Web Audio."
        }
        (Load::Script, Outcome::Opaque(_)) => {
            "The script runs. Of its errors the page learns nothing but \"Script error.\"."
        }
        (Load::Navigation, Outcome::Opaque(_)) => {
            "The browser goes there. The page that it leaves cannot read the document."
        }
        (Load::Navigation, Outcome::Readable(_)) => {
            "The browser goes there, within one origin: its documents may read each other."
        }
        (Load::EventSource, _) => "The page reads the events.",
        (Load::Script | Load::ModuleScript, _) => "The script runs, and the page sees its errors.",
        (Load::Font, _) => "The font reaches the page.",
        (_, _) => "The page has it, and may read it: from a canvas, or with Web Audio.",
    };
    text.to_owned()
}

/// What decides in a browser, too, and is not looked at here.
pub(super) fn not_modelled(load: Load) -> &'static str {
    match load {
        Load::Image | Load::CssImage | Load::Video | Load::Audio | Load::Font => {
            "Not looked at: whether the bytes are what they are taken for, the page's Content-Security-Policy, service workers, caches."
        }
        Load::Script | Load::ModuleScript => {
            "Not looked at: `integrity`, the page's Content-Security-Policy, service workers, caches; of a module what it imports."
        }
        Load::EventSource => {
            "Not looked at: `Last-Event-ID` of a connection made anew, the page's Content-Security-Policy, service workers."
        }
        Load::Beacon => "Not looked at: the page's Content-Security-Policy, and the limit of 64 KiB.",
        Load::WebSocket => {
            "Not looked at: subprotocols and extensions, and the page's Content-Security-Policy."
        }
        _ => {
            "Not looked at: X-Frame-Options and `frame-ancestors` of a frame, Cross-Origin-Opener-Policy, whether a click led there."
        }
    }
}

/// The attribute, for the line that says who asks.
pub(super) fn attribute(load: Load, credentials: Credentials, is_cors: bool) -> Option<&'static str> {
    let is_element = load.takes_crossorigin() && is_cors;
    match credentials {
        Credentials::Include if is_element => Some(CrossOrigin::UseCredentials.as_str()),
        Credentials::SameOrigin if is_element && load != Load::ModuleScript => {
            Some(CrossOrigin::Anonymous.as_str())
        }
        _ => None,
    }
}
