//! Console lines: compares what an engine printed with what `corsac-explain` predicts.

use corsac::browser::Engine;

use crate::case::Case;
use crate::compare::{Difference, Part};
use crate::explained::Explanation;
use crate::observation::Observation;
use crate::places::Places;

/// The lines that only one of the two has. The order of lines from different processes of a browser is left to chance.
pub fn differences(engine: Engine, browser: &Observation, profile: &Observation) -> Vec<Difference> {
    // If a request fails for only one of the two, the difference in the console shows nothing new.
    let verdicts =
        |seen: &Observation| seen.calls.iter().map(|call| call.verdict.clone()).collect::<Vec<_>>();
    if verdicts(browser) != verdicts(profile) {
        return Vec::new();
    }
    let mut printed: Vec<_> = browser.console.iter().filter_map(|line| printed(engine, line)).collect();
    // A line without a URL of the case could belong to another case.
    let said = profile.console.iter().filter(|line| is_attributed(engine, line) && is_compared(engine, line));
    let mut missing: Vec<String> = Vec::new();
    for line in said {
        match printed.iter().position(|other| other == line) {
            Some(index) => drop(printed.remove(index)),
            None => missing.push(line.clone()),
        }
    }
    // The remaining lines are compared in pairs.
    let nothing = || "nothing".to_owned();
    let count = printed.len().max(missing.len());
    let (mut printed, mut missing) = (printed.into_iter(), missing.into_iter());
    let pairs = (0..count).map(|_| (printed.next(), missing.next()));
    pairs
        .map(|(browser, profile)| Difference {
            part: Part::Console,
            place: "console".to_owned(),
            browser: browser.unwrap_or_else(nothing),
            profile: profile.unwrap_or_else(nothing),
        })
        .collect()
}

/// Returns `true` if the line belongs to this case for certain: it contains a URL of the case, replaced by its name.
fn is_attributed(engine: Engine, line: &str) -> bool {
    // A line of WebKit is read together with the next one that has a URL.
    engine == Engine::WebKit
        // For this line, Chromium's log has the URL next to the text.
        || line.starts_with("Failed to load resource: net::")
        || line.contains("{base}")
        || Places::keys().any(|key| line.contains(&format!("<{key}>")))
}

/// The text of a line in a browser's log, if it is compared.
fn printed(engine: Engine, line: &str) -> Option<String> {
    let text = shown(engine, line)?;
    is_compared(engine, &text).then_some(text)
}

/// Returns the text of a line in a browser's log as a person sees it in the console, whether it is compared or not.
pub fn shown(engine: Engine, line: &str) -> Option<String> {
    let line = line.trim_end_matches('\n');
    match engine {
        // `SOURCE POSITION TEXT`
        Engine::Chromium => line.splitn(3, ' ').nth(2).map(str::to_owned),
        Engine::Firefox => Some(firefox_text(line)),
        Engine::WebKit => webkit_text(line),
        _ => None,
    }
}

/// Privileged script reads a message as `[JavaScript Error: "TEXT" {file: ...}]`.
fn firefox_text(line: &str) -> String {
    let inner = line.split_once(": \"").filter(|(start, _)| start.starts_with("[JavaScript "));
    let Some((_, text)) = inner else {
        return line.to_owned();
    };
    let end = text.rfind("\" {file:").or_else(|| text.rfind("\"]")).unwrap_or(text.len());
    text.get(..end).unwrap_or(text).to_owned()
}

/// `[URL:LINE:COLUMN: ]CONSOLE SOURCE LEVEL TEXT`
fn webkit_text(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("CONSOLE ")?;
    rest.splitn(3, ' ').nth(2).map(str::to_owned)
}

/// Returns `true` if this line is about what CORS decided. Others are about the server's status, cookies, or bodies that are not XML.
fn is_compared(engine: Engine, text: &str) -> bool {
    let left_out: &[&str] = match engine {
        Engine::Chromium => &[
            // Printed for every failed load, whatever the reason.
            "Failed to load resource: net::ERR_FAILED",
            "Failed to load resource: the server responded with a status of",
            // Printed only if script does not catch the exception. The page does.
            "TypeError: Failed to fetch",
        ],
        Engine::Firefox => &[
            "XML Parsing Error",
            "Referrer Policy:",
            "Cookie “",
            "TypeError: NetworkError when attempting to fetch resource.",
        ],
        // The inspector writes the line that repeats the reason, and no inspector is open.
        Engine::WebKit => &[
            "Failed to load resource:",
            "TypeError: Load failed",
            // The network library's message about a preflight without a response.
            "Connection terminated unexpectedly",
            "NotSupportedError:",
            "Refused to set unsafe header",
        ],
        _ => &[""],
    };
    !left_out.iter().any(|start| text.starts_with(start))
}

/// Why this difference is accepted, if it is explained.
pub fn explain(engine: Engine, case: &Case, difference: &Difference) -> Option<&'static str> {
    if case.calls().any(|call| call.load.is_some()) {
        return Some("what browsers print about what elements load is not described yet");
    }
    Explanation::first(EXPLANATIONS, engine, case, difference)
}

const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        engine: Engine::Chromium,
        why: "of several headers that are not allowed, Chromium names the one that comes first in its hash table",
        applies: |_, difference| both(difference, "Request header field "),
    },
    Explanation {
        engine: Engine::Chromium,
        why: "Corsac's evidence is a string, in which bytes that are not UTF-8 are lost",
        applies: |_, difference| {
            difference.profile.contains("\\uFFFD") && both(difference, " has been blocked by CORS policy: ")
        },
    },
    Explanation {
        engine: Engine::Chromium,
        why: "a connection to no server of the case fails in different ways; in memory it is always refused",
        applies: |_, difference| both(difference, "Failed to load resource: net::ERR_CONNECTION_"),
    },
    Explanation {
        engine: Engine::Chromium,
        why: "a redirect to a refused port leads out of the case, so no case has the line in the log",
        applies: |_, difference| {
            difference.profile == "Failed to load resource: net::ERR_UNSAFE_PORT"
                && difference.browser == "nothing"
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "Firefox names a page of an opaque origin by an identifier that is new each time; Corsac's line has its URL",
        applies: |_, difference| {
            difference.browser.starts_with("Security Error: Content at moz-nullprincipal:")
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "of two faults of a preflight, Firefox names the missing method before the malformed Access-Control-Allow-Headers; a refusal \
              has one reason, which is the malformed header",
        applies: |_, difference| {
            let (browser, profile) = (&difference.browser, &difference.profile);
            browser.contains("(Reason: Did not find method")
                && profile.contains("(Reason: invalid token")
                && profile.ends_with("‘Access-Control-Allow-Headers’).")
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "what a connection that closes without an answer carried before decides: behind a response without content Firefox takes \
              nothing for a response, finds no header list, and says of that what it says of several lines",
        applies: |case, difference| {
            hangs_up(case)
                && difference
                    .browser
                    .contains("Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed")
                && difference.profile.contains("(Reason: CORS request did not succeed)")
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "a preflight that is redirected to another origin is checked once more against the origin that the redirect has tainted",
        applies: |_, difference| {
            difference.browser.contains("‘Access-Control-Allow-Origin’ does not match")
                && difference.profile.contains("CORS preflight response did not succeed). Status code: 30")
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "for a request that begins at the page's own origin, WebKit names the first URL outside; a refusal has the last two",
        applies: |case, difference| {
            let home = format!("<{}>", case.page);
            case.calls().any(|call| call.url.starts_with(&home))
                && both(difference, " due to access control checks.")
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a redirect that is refused for its URL is refused only after the preflight, which may fail first; see `explained`",
        applies: |case, difference| {
            matches!(case.page.as_str(), "s" | "t")
                && (difference.profile.contains("requested insecure content")
                    || difference.profile == "nothing")
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a redirect to `blob:` from the page's own origin is reported without a URL of the case",
        applies: |_, difference| {
            difference.profile.contains(" blob:")
                || difference.profile == "Redirection to URL with a scheme that is not HTTP(S)."
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a redirect to a refused port is reported without a URL of the case",
        applies: |_, difference| {
            difference.profile.starts_with("Not allowed to use restricted network port ")
                && difference.browser == "nothing"
        },
    },
    Explanation {
        engine: Engine::Chromium,
        why: "Chromium prints the password of a redirect's URL, and Corsac does not",
        applies: |_, difference| {
            both(difference, "Unsafe attempt to load URL ") && difference.browser.contains('@')
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "WebKit prints the password of a redirect's URL, and Corsac does not",
        applies: |_, difference| both(difference, " has credentials") && difference.profile.contains(":***@"),
    },
    Explanation {
        engine: Engine::WebKit,
        why: "Corsac's evidence is a string, in which bytes that are not UTF-8 are lost",
        applies: |_, difference| {
            both(difference, " has an invalid value: ") && !difference.profile.is_ascii()
        },
    },
];

fn hangs_up(case: &Case) -> bool {
    case.server
        .values()
        .flat_map(|resource| resource.preflight.iter().chain(&resource.request))
        .any(|reply| reply.close)
}

fn both(difference: &Difference, text: &str) -> bool {
    difference.browser.contains(text) && difference.profile.contains(text)
}

#[cfg(test)]
mod tests {
    use corsac::browser::Engine;

    use super::printed;

    #[test]
    fn a_line_is_found_in_what_each_log_makes_of_it() {
        let rows = [
            (Engine::Chromium, "{a}/page - Access to fetch at '<b>/x'", Some("Access to fetch at '<b>/x'")),
            (Engine::Chromium, "{a}/page 36:12 Mixed Content: <b>/x", Some("Mixed Content: <b>/x")),
            (Engine::Chromium, "<b>/x - Failed to load resource: net::ERR_FAILED", None),
            (
                Engine::Firefox,
                r#"[JavaScript Error: "Blocked <b>/x" {file: "{a}/p" line: 0}]"#,
                Some("Blocked <b>/x"),
            ),
            (Engine::Firefox, r#"[JavaScript Error: "Blocked <b>/x."]"#, Some("Blocked <b>/x.")),
            (Engine::Firefox, "Blocked <b>/x", Some("Blocked <b>/x")),
            (Engine::WebKit, "{a}/page:1:2: CONSOLE SECURITY ERROR Not allowed", Some("Not allowed")),
            (
                Engine::WebKit,
                "CONSOLE JS ERROR Fetch API cannot load <b>/x",
                Some("Fetch API cannot load <b>/x"),
            ),
        ];
        for (engine, line, text) in rows {
            assert_eq!(printed(engine, line).as_deref(), text, "{line}");
        }
    }
}
