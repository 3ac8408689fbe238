//! `--as`: the requests of an element, a style sheet, an `EventSource`, a beacon, a WebSocket or a link, and what the report says about them.

use corsac::browser::{BodyInit, BodyKind, Credentials, CrossOrigin, Load, Outcome, RequestInit};
use corsac::header::names::CONTENT_TYPE;

use crate::arguments::{CheckArguments, RequestArguments};

/// Returns the request as `load` makes it. An option that the page cannot choose there is an error.
pub(super) fn request(
    arguments: &CheckArguments,
    load: Load,
    body: Option<Vec<u8>>,
    mut init: RequestInit,
) -> Result<RequestInit, String> {
    let RequestArguments { credentials, method, headers, .. } = &arguments.request;
    refuse_what_is_fixed(arguments, load)?;
    init.credentials = credentials.unwrap_or_default();
    init.referrer_policy = arguments.request.referrer_policy.unwrap_or_default();
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
    let refuse =
        |option: &str, why: String| Err(format!("`{option}` cannot be used with `--as {name}`: {why}"));
    if arguments.load.crossorigin.is_some() && !load.takes_crossorigin() {
        return refuse("--crossorigin", without_crossorigin(load).to_owned());
    }
    if let Some(method) = method {
        let is_form = load == Load::Navigation && matches!(method.as_str(), "GET" | "POST");
        if !is_form {
            let fixed = match load {
                Load::Navigation => "links use GET, and forms GET or POST".to_owned(),
                Load::Beacon => "a beacon is always a POST".to_owned(),
                _ => format!("{subject} is always requested with GET"),
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
                " `--crossorigin` sends none to other origins, and `--crossorigin=use-credentials` does."
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
                "the page can choose only the type of a beacon's body: one `-H 'Content-Type: ...'`, with `-d`."
            }
            _ => "the page cannot add headers to this request.",
        };
        return refuse("-H", why.to_owned());
    }
    if data.is_some() && !matches!(load, Load::Beacon | Load::Navigation) {
        return refuse("-d", format!("{subject} is requested without a body."));
    }
    if arguments.redirect.is_some() {
        return refuse(
            "--redirect",
            format!("the page cannot choose how redirects of {subject} are handled."),
        );
    }
    if *force_preflight {
        return refuse(
            "--force-preflight",
            "only upload listeners of XMLHttpRequest force a preflight.".to_owned(),
        );
    }
    Ok(())
}

/// Explains what to write for a load that has no `crossorigin` attribute.
fn without_crossorigin(load: Load) -> &'static str {
    match load {
        Load::Font => "a font is always a CORS request, which sends no cookies to other origins.",
        Load::CssImage => "an image in a style sheet is never a CORS request.",
        Load::EventSource => {
            "an EventSource is always a CORS request. For `withCredentials`, use `--credentials include`."
        }
        Load::Beacon => "whether a beacon is a CORS request depends on the type of its body.",
        Load::WebSocket => "CORS does not apply to a WebSocket.",
        _ => "CORS does not apply to a navigation.",
    }
}

/// Returns the name of the load, for the middle of a sentence.
pub(super) fn subject(load: Load) -> &'static str {
    match load {
        Load::Image => "an image",
        Load::Script => "a script",
        Load::ModuleScript => "a module script",
        Load::Font => "a font",
        Load::Video => "a video",
        Load::Audio => "audio",
        Load::CssImage => "an image in a style sheet",
        Load::EventSource => "an EventSource",
        Load::Beacon => "a beacon",
        Load::WebSocket => "a WebSocket",
        Load::Navigation => "a navigation",
        _ => load.as_str(),
    }
}

/// Describes what the page can do with the response. Empty after a refusal.
pub(super) fn what_the_page_gets(load: Load, outcome: &Outcome) -> String {
    let text = match (load, outcome) {
        (_, Outcome::Refused(_)) => "",
        (Load::WebSocket, _) => "The WebSocket opens, and the page can send and read messages.",
        (Load::Beacon, _) => "The beacon is sent. The page cannot read the response.",
        (Load::Image, Outcome::Opaque(_)) => {
            "The page can show the image but not read it: it taints a canvas that it is drawn on."
        }
        (Load::CssImage, Outcome::Opaque(_)) => "The page can show the image but not read it.",
        (Load::Video, Outcome::Opaque(_)) => {
            "The page can play the video but not read it: it taints a canvas, and is silent in Web Audio."
        }
        (Load::Audio, Outcome::Opaque(_)) => {
            "The page can play the audio but not read it: it is silent in Web Audio."
        }
        (Load::Script, Outcome::Opaque(_)) => {
            "The script runs. The page sees only \"Script error.\" for its errors."
        }
        (Load::Navigation, Outcome::Opaque(_)) => {
            "The browser opens the document. The page that it leaves cannot read it."
        }
        (Load::Navigation, Outcome::Readable(_)) => {
            "The browser opens the document, which has the same origin, so both documents may read each other."
        }
        (Load::EventSource, _) => "The page reads the events.",
        (Load::Script | Load::ModuleScript, _) => "The script runs, and the page sees its errors.",
        (Load::Font, _) => "The page can use the font.",
        (_, _) => "The page can use it and read it: from a canvas, or with Web Audio.",
    };
    text.to_owned()
}

/// Lists what a browser also checks, and Corsac does not.
pub(super) fn not_modelled(load: Load) -> &'static str {
    match load {
        Load::Image | Load::CssImage | Load::Video | Load::Audio | Load::Font => {
            "Not checked: whether the bytes have the expected format, the page's Content-Security-Policy, service workers, caches."
        }
        Load::Script | Load::ModuleScript => {
            "Not checked: `integrity`, what a module imports, the page's Content-Security-Policy, service workers, caches."
        }
        Load::EventSource => {
            "Not checked: `Last-Event-ID` when reconnecting, the page's Content-Security-Policy, service workers."
        }
        Load::Beacon => "Not checked: the page's Content-Security-Policy, and the limit of 64 KiB.",
        Load::WebSocket => {
            "Not checked: subprotocols and extensions, and the page's Content-Security-Policy."
        }
        _ => {
            "Not checked: X-Frame-Options and `frame-ancestors` of a frame, Cross-Origin-Opener-Policy, and whether a user clicked."
        }
    }
}

/// Returns the value of the `crossorigin` attribute, for the line about the page.
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
