//! The request that a client of a known protocol sends next.

use corsac::browser::{BodyInit, BodyKind, Request, ResponseHead};
use corsac::header::names::CONTENT_TYPE;

/// The request that the client of a protocol sends next, where the response hands out what that needs.
///
/// ```
/// use corsac::browser::{Client, RequestInit, ResponseHead};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let mut init = RequestInit::new("https://api.example/mcp".parse().unwrap(), page);
/// init.method = "POST".to_owned();
/// let request = init.build().unwrap();
/// let response = ResponseHead::new(200, [("Mcp-Session-Id", "7")]);
/// let next = corsac_explain::next_request(&request, &response).unwrap();
/// assert_eq!(next.protocol, "MCP");
/// assert!(next.request.headers().contains("mcp-session-id"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NextRequest {
    /// The protocol, as people call it.
    pub protocol: &'static str,
    /// The request, with words in the place of values that only the client knows.
    pub request: Request,
}

/// The next request of an MCP client (whose response has `Mcp-Session-Id`) or of a tus client (whose upload was created), if it is one of
/// those. See [`NextRequest`] for an example.
pub fn next_request(request: &Request, response: &ResponseHead) -> Option<NextRequest> {
    let mut init = request.init().clone();
    let protocol = if response.headers.contains("mcp-session-id") {
        init.method = "POST".to_owned();
        for (name, value) in [("Mcp-Session-Id", "id"), ("Mcp-Protocol-Version", "version")] {
            init.headers.delete(name);
            init.headers.append(name, value);
        }
        "MCP"
    } else if request.headers().contains("tus-resumable") && response.status == 201 {
        let location = response.headers.text("location")?;
        init.url = init.url.join(&location).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        init.method = "PATCH".to_owned();
        for name in ["upload-length", "upload-metadata", "upload-defer-length", CONTENT_TYPE] {
            init.headers.delete(name);
        }
        init.headers.append("Upload-Offset", "0");
        init.headers.append("Content-Type", "application/offset+octet-stream");
        "tus"
    } else {
        return None;
    };
    init.body = Some(BodyInit::new(BodyKind::Text, *b"{}"));
    Some(NextRequest { protocol, request: init.build().ok()? })
}
