//! WebSockets: the server alone decides who may open one.

use corsac::browser::Load;

use super::{Evidence, Finding, FindingSeverity};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let is_web_socket = evidence.request.init().api.load() == Some(Load::WebSocket);
    let Some((origin, carried)) = evidence.controls.other_origin.filter(|_| is_web_socket) else { return };
    if carried.response().is_some_and(|response| response.status == 101) {
        found.push(Finding::new(
            "websocket-any-origin",
            FindingSeverity::Warning,
            format!(
                "The server also opens the WebSocket for {origin}, a page that it cannot know. Browsers send the user's cookies \
                 along, so every site that the user visits can talk to it as the user."
            ),
            "Compare the `Origin` of the handshake with a list of your pages, and answer others with 403.",
        ));
    }
}
