//! The browsers' own names for failures, as their network panels and their protocols print them: `Preflight missing allow origin header`,
//! `PreflightMissingAllowOriginHeader`, `CORS Missing Allow Origin`, `CORSMissingAllowOrigin`.

use corsac::browser::Engine;

use super::message::Message;
use crate::ItemStage::{Network, Preflight, Redirect};

const fn chromium(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::cors(codes, words).by(Engine::Chromium)
}

const fn preflight(codes: &'static [&'static str], words: &'static str) -> Message {
    chromium(codes, words).at(Preflight)
}

const fn firefox(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::cors(codes, words).by(Engine::Firefox)
}

pub(super) const MESSAGES: &[Message] = &[
    preflight(&["allow-origin-missing"], "Preflight ?missing ?allow ?origin ?header"),
    preflight(&["allow-origin-multiple"], "Preflight ?multiple ?allow ?origin ?values"),
    preflight(&["allow-origin-invalid"], "Preflight ?invalid ?allow ?origin ?value"),
    preflight(&["allow-origin-mismatch"], "Preflight ?allow ?origin ?mismatch"),
    preflight(&["credentials-wildcard"], "Preflight ?wildcard ?origin ?not ?allowed"),
    preflight(&["allow-credentials-not-true"], "Preflight ?invalid ?allow ?credentials"),
    preflight(&["preflight-status"], "Preflight ?invalid ?status"),
    preflight(&["preflight-redirected"], "Preflight ?disallowed ?redirect"),
    preflight(
        &["private-network-header-missing"],
        "Preflight ?(?:missing|invalid) ?allow ?(?:private ?network|external)",
    ),
    preflight(&["allow-methods-invalid"], "invalid ?allow ?methods ?preflight ?response"),
    preflight(&["allow-headers-invalid"], "invalid ?allow ?headers ?preflight ?response"),
    preflight(&["method-not-allowed"], "method ?disallowed ?by ?preflight ?response"),
    preflight(
        &["header-not-allowed", "authorization-wildcard"],
        "header ?disallowed ?by ?preflight ?response",
    ),
    chromium(&["allow-origin-missing"], "missing ?allow ?origin ?header"),
    chromium(&["allow-origin-multiple"], "multiple ?allow ?origin ?values"),
    chromium(&["allow-origin-invalid"], "invalid ?allow ?origin ?value"),
    chromium(&["allow-origin-mismatch"], "allow ?origin ?mismatch"),
    chromium(&["credentials-wildcard"], "wildcard ?origin ?not ?allowed"),
    chromium(&["allow-credentials-not-true"], "invalid ?allow ?credentials"),
    chromium(&["redirect-credentials"], "redirect ?contains ?credentials").at(Redirect),
    chromium(&["scheme-not-http"], "cors ?disabled ?scheme").at(Network),
    chromium(&["mode-same-origin"], "disallowed ?by ?mode").at(Network),
    chromium(&["no-cors-redirect-mode"], "no ?cors ?redirect ?mode ?not ?follow").at(Network),
    Message::other(&["local-network-insecure"], "insecure ?(?:local|private) ?network")
        .by(Engine::Chromium)
        .at(Network),
    Message::other(&["local-network-denied"], "local ?network ?access ?permission ?denied")
        .by(Engine::Chromium)
        .at(Network),
    Message::other(&["local-network-mismatch"], "invalid ?(?:local|private) ?network ?access")
        .by(Engine::Chromium)
        .at(Network),
    firefox(&["allow-origin-missing"], "CORS ?Missing ?Allow ?Origin"),
    firefox(
        &["allow-origin-mismatch", "allow-origin-invalid", "allow-origin-multiple"],
        "CORS ?Allow ?Origin ?Not ?Matching ?Origin",
    ),
    firefox(&["allow-origin-multiple"], "CORS ?Multiple ?(?:Allow ?)?Origin ?Not ?Allowed"),
    firefox(&["credentials-wildcard"], "CORS ?Not ?Supporting ?Credentials"),
    firefox(&["allow-credentials-not-true"], "CORS ?Missing ?Allow ?Credentials"),
    firefox(&["method-not-allowed"], "CORS ?Method ?Not ?Found").at(Preflight),
    firefox(&["allow-methods-invalid"], "CORS ?Invalid ?Allow ?Method").at(Preflight),
    firefox(&["allow-headers-invalid"], "CORS ?Invalid ?Allow ?Header").at(Preflight),
    firefox(
        &["header-not-allowed", "authorization-wildcard"],
        "CORS ?Missing ?Allow ?Header ?From ?Preflight",
    )
    .at(Preflight),
    firefox(&["preflight-status", "preflight-redirected"], "CORS ?Preflight ?Did ?Not ?Succeed")
        .at(Preflight),
    firefox(&["preflight-redirected"], "CORS ?External ?Redirect ?Not ?Allowed").at(Preflight),
    firefox(&["scheme-not-http"], "CORS ?Request ?Not ?Http").at(Network),
    firefox(&["authorization-wildcard"], "CORS ?Allow ?Header ?From ?Preflight ?Deprecation").at(Preflight),
    Message::companion("CORS ?Did ?Not ?Succeed").by(Engine::Firefox).meaning(&["network-error"]).at(Network),
];

#[cfg(test)]
mod tests {
    use super::super::pattern::compiled;
    use super::*;

    #[test]
    fn every_name_in_the_knowledge_base_is_recognized() {
        for entry in crate::entries() {
            let chromium = [entry.chromium.request, entry.chromium.preflight].into_iter().flatten();
            for name in chromium.chain(entry.firefox.iter().copied()) {
                let found = MESSAGES.iter().find(|message| compiled(message.words).unwrap().is_match(name));
                // Firefox has one name for whatever the network does.
                let is_network = name == "CORSDidNotSucceed";
                let codes = found.unwrap_or_else(|| panic!("{name}")).codes;
                assert!(is_network || codes.contains(&entry.code.as_str()), "{name}: {codes:?}");
            }
        }
    }
}
