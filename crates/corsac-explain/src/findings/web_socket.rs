//! WebSockets: only the server decides which origins may open one.

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
                "The server also opens the WebSocket for {origin}, an origin that it cannot know. Browsers send the \
                 user's cookies with the handshake, so every site that the user visits can use it as that user."
            ),
            "Compare the `Origin` of the handshake with a list of your origins, and answer others with status 403.",
        ));
    }
}
