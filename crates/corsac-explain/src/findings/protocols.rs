//! Response headers that clients of known protocols and formats read, but that the page cannot see.

use corsac::browser::{Exchange, Outcome, ResponseHead, ResponseType};
use corsac::header::names::{ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_TYPE};

use super::{Evidence, Finding, FindingSeverity, quoted};

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    let Outcome::Readable(readable) = evidence.outcome else { return };
    let Some((exchange, response)) = evidence.response().filter(|_| readable.kind == ResponseType::Cors)
    else {
        return;
    };
    found.extend(location_is_http(evidence, exchange, response));
    let seen = Observed { evidence: *evidence, exchange, response };
    for need in NEEDS.iter().filter(|need| (need.applies)(seen)) {
        let is_hidden = |name: &&&str| response.headers.contains(name) && !readable.headers.contains(name);
        let mut hidden: Vec<&str> = need.names.iter().filter(is_hidden).copied().collect();
        let is_new = |name: &&str| {
            !found.iter().any(|other| other.code == CODE && other.message.contains(&format!("`{name}`")))
        };
        hidden.retain(is_new);
        if !hidden.is_empty() {
            found.push(not_exposed(response, &hidden, need));
        }
    }
}

const CODE: &str = "protocol-header-not-exposed";

/// A response with its exchange and all other evidence.
#[derive(Clone, Copy)]
struct Observed<'a> {
    evidence: Evidence<'a>,
    exchange: &'a Exchange,
    response: &'a ResponseHead,
}

/// The headers that clients of a protocol read.
struct Need {
    /// Which clients read them, and why: the end of a sentence, after "and".
    why: &'static str,
    names: &'static [&'static str],
    applies: fn(Observed<'_>) -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        why: "tus clients need this to create and resume uploads",
        names: &["Upload-Offset", "Upload-Length", "Location"],
        applies: |seen| seen.asks_with("tus-resumable") || seen.response.headers.contains("tus-resumable"),
    },
    Need {
        why: "gRPC-Web clients need this to learn whether the call succeeded",
        names: &["grpc-status", "grpc-message", "grpc-status-details-bin"],
        applies: |seen| seen.asks_with("x-grpc-web") || seen.is_of_type("application/grpc-web"),
    },
    Need {
        why: "MCP clients (Model Context Protocol) send this with each later request",
        names: &["Mcp-Session-Id"],
        applies: |_| true,
    },
    Need {
        why: "multipart uploads to S3 need the value of each part to complete",
        names: &["ETag"],
        applies: |seen| {
            seen.exchange.method == "PUT"
                && seen.has_parameter("partNumber")
                && seen.has_parameter("uploadId")
        },
    },
    Need {
        why: "pdf.js needs this to load a document page by page",
        names: &["Accept-Ranges", "Content-Range"],
        applies: |seen| seen.is_of_type("application/pdf") || seen.exchange.url.path().ends_with(".pdf"),
    },
    Need {
        why: "a client that requests a range of bytes needs this to know which part it got, and of how many bytes",
        names: &["Content-Range"],
        applies: |seen| seen.asks_with("range") && seen.response.status == 206,
    },
    Need {
        why: "it contains the file name for the download",
        names: &["Content-Disposition"],
        applies: |seen| seen.says("content-disposition", "filename"),
    },
    Need {
        why: "clients of paginated lists need this to find the next page",
        names: &["Link"],
        applies: |seen| {
            ["next", "prev", "last"].iter().any(|rel| {
                seen.says("link", &format!("rel=\"{rel}\"")) || seen.says("link", &format!("rel={rel}"))
            })
        },
    },
    Need {
        why: "clients of paginated lists need this to know the number of items",
        names: &[
            "X-Total-Count",
            "X-Total",
            "X-Total-Pages",
            "X-Next-Page",
            "X-Pagination",
            "X-WP-Total",
            "X-WP-TotalPages",
            "Content-Range",
        ],
        applies: |seen| !seen.says("content-range", "bytes"),
    },
    Need {
        why: "it says where the new resource is",
        names: &["Location", "Operation-Location"],
        applies: |seen| matches!(seen.response.status, 201 | 202),
    },
    Need {
        why: "it says when to retry",
        names: &["Retry-After"],
        applies: |seen| matches!(seen.response.status, 429 | 503),
    },
];

impl Observed<'_> {
    fn asks_with(self, name: &str) -> bool {
        self.evidence.request.headers().contains(name)
    }

    fn says(self, name: &str, words: &str) -> bool {
        self.response.headers.text(name).is_some_and(|value| value.to_ascii_lowercase().contains(words))
    }

    fn is_of_type(self, start: &str) -> bool {
        let value = self.response.headers.text(CONTENT_TYPE);
        value.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with(start))
    }

    fn has_parameter(self, name: &str) -> bool {
        self.exchange.url.query_pairs().any(|(other, _)| other == name)
    }
}

fn not_exposed(response: &ResponseHead, hidden: &[&str], need: &Need) -> Finding {
    // Keeps the names that are already exposed, so that the line can be pasted.
    let exposed = response.headers.extract_tokens(ACCESS_CONTROL_EXPOSE_HEADERS).and_then(Result::ok);
    let mut names: Vec<String> = exposed.unwrap_or_default().into_iter().filter(|name| name != "*").collect();
    for name in hidden {
        if !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            names.push((*name).to_owned());
        }
    }
    Finding::new(
        CODE,
        FindingSeverity::Warning,
        format!("The page can read the response but not {}, and {}.", quoted(hidden), need.why),
        format!("Send `Access-Control-Expose-Headers: {}`.", names.join(", ")),
    )
}

/// Returns `true` if clients of a known protocol read this header of this response, so that there is a warning about it.
pub(super) fn is_needed(
    evidence: &Evidence<'_>,
    exchange: &Exchange,
    response: &ResponseHead,
    name: &str,
) -> bool {
    let seen = Observed { evidence: *evidence, exchange, response };
    NEEDS
        .iter()
        .any(|need| need.names.iter().any(|other| other.eq_ignore_ascii_case(name)) && (need.applies)(seen))
}

/// The new resource has an http URL, which an https page cannot request.
fn location_is_http(
    evidence: &Evidence<'_>,
    exchange: &Exchange,
    response: &ResponseHead,
) -> Option<Finding> {
    let location = response.headers.text("location").filter(|_| matches!(response.status, 201 | 202))?;
    let target = exchange.url.join(&location).ok().filter(|target| target.scheme() == "http")?;
    let is_secure_page = evidence.request.origin().scheme() == Some("https");
    let leaves_https = exchange.url.scheme() == "https" || is_secure_page;
    // On a development server without https, the URL is right.
    if !leaves_https && target.host() == exchange.url.host() {
        return None;
    }
    Some(Finding::new(
        "location-is-http",
        if leaves_https { FindingSeverity::Problem } else { FindingSeverity::Warning },
        format!(
            "The `Location` of the new resource is an http URL, `{}`. On an https page a request to it is mixed \
             content, which browsers refuse. The application does not know that it is served over https.",
            crate::evidence::printable(&location)
        ),
        "Make the proxy set `X-Forwarded-Proto`, and the application trust it. Or send only a path in `Location`.",
    ))
}
