//! The request that a client of a known protocol sends next.

use corsac::browser::{BodyInit, BodyKind, Request, ResponseHead};
use corsac::header::names::CONTENT_TYPE;

/// The request that the client of a protocol sends next, if the response contains what it needs.
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
    /// The usual name of the protocol.
    pub protocol: &'static str,
    /// The request, with placeholders for values that only the client knows.
    pub request: Request,
}

/// Returns the next request of an MCP client (if the response has `Mcp-Session-Id`) or of a tus client (if the upload was created on the
/// same host). See [`NextRequest`] for an example.
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
        // Corsac sends nothing to a host that is not the one in the user's URL.
        let target = init.url.join(&location).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        init.url = Some(target).filter(|target| target.host() == init.url.host())?;
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

#[cfg(test)]
mod tests {
    use corsac::browser::{Client, RequestInit};
    use corsac::origin::Origin;

    use super::*;

    #[test]
    fn an_upload_on_another_host_is_not_requested() {
        let page = Client::new(Origin::parse("https://app.example").unwrap());
        let mut init = RequestInit::new("https://api.example/uploads".parse().unwrap(), page);
        init.method = "POST".to_owned();
        init.headers.append("Tus-Resumable", "1.0.0");
        let request = init.build().unwrap();
        let table = [
            ("/uploads/7", Some("https://api.example/uploads/7")),
            ("http://api.example:8080/7", Some("http://api.example:8080/7")),
            ("https://internal.example/7", None),
            ("//169.254.169.254/", None),
            ("file:///etc/passwd", None),
        ];
        for (location, expected) in table {
            let next = next_request(&request, &ResponseHead::new(201, [("Location", location)]));
            let url = next.map(|next| next.request.init().url.to_string());
            assert_eq!(url.as_deref(), expected, "{location}");
        }
    }
}
