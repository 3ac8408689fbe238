//! Servers that mostly allow the request, so that deep states are reached, but sometimes get one detail wrong.

use std::fmt;
use std::net::IpAddr;

use corsac::browser::{NetworkError, NetworkErrorKind, ResponseHead};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::generate::{one_of, url};

/// What a server does with one exchange.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) address: IpAddr,
    error: Option<NetworkErrorKind>,
    status: u16,
    /// Status and `Location` for what is not a preflight.
    redirect: Option<(u16, String)>,
    allow_origin: Says,
    allow_credentials: Says,
    allow_methods: Says,
    allow_headers: Says,
    lines: Vec<(&'static str, Vec<u8>)>,
    range_requested: bool,
}

/// The value of one header.
#[derive(Clone, Debug)]
enum Says {
    /// What the preflight asks for; for `Access-Control-Allow-Credentials`, `true`.
    Asked,
    Nothing,
    Lines(Vec<Vec<u8>>),
}

/// What a response depends on.
pub(crate) struct Asked<'a> {
    pub(crate) origin: Option<&'a str>,
    pub(crate) request_method: Option<&'a str>,
    pub(crate) request_headers: Option<&'a str>,
}

/// On one line, without the usual values.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(redirect) = &self.redirect {
            write!(f, " {redirect:?}")?;
        }
        for (name, says) in [
            ("origin", &self.allow_origin),
            ("credentials", &self.allow_credentials),
            ("methods", &self.allow_methods),
            ("headers", &self.allow_headers),
        ] {
            match says {
                Says::Asked => {}
                Says::Nothing => write!(f, " {name}: nothing")?,
                Says::Lines(lines) => {
                    let lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line)).collect();
                    write!(f, " {name}: {lines:?}")?;
                }
            }
        }
        for (name, value) in &self.lines {
            write!(f, " {name}: {:?}", String::from_utf8_lossy(value))?;
        }
        if let Some(error) = self.error {
            write!(f, " {error:?}")?;
        }
        Ok(())
    }
}

impl Plan {
    pub(crate) fn answer(&self, asked: &Asked<'_>) -> Result<ResponseHead, NetworkError> {
        if let Some(kind) = self.error {
            return Err(NetworkError::new(kind, ""));
        }
        let mut response = ResponseHead::default();
        (response.status, response.range_requested) = (self.status, self.range_requested);
        let is_preflight = asked.request_method.is_some();
        if let Some((status, location)) = self.redirect.as_ref().filter(|_| !is_preflight) {
            response.status = *status;
            response.headers.append("Location", location.as_str());
        }
        for (name, says, as_asked) in [
            ("Access-Control-Allow-Origin", &self.allow_origin, asked.origin),
            ("Access-Control-Allow-Credentials", &self.allow_credentials, Some("true")),
            ("Access-Control-Allow-Methods", &self.allow_methods, asked.request_method),
            ("Access-Control-Allow-Headers", &self.allow_headers, asked.request_headers),
        ] {
            let lines = match says {
                Says::Asked => as_asked.map(|value| value.as_bytes().to_vec()).into_iter().collect(),
                Says::Nothing => Vec::new(),
                Says::Lines(lines) => lines.clone(),
            };
            for line in lines {
                response.headers.append(name, line);
            }
        }
        for (name, value) in &self.lines {
            response.headers.append(*name, value.clone());
        }
        Ok(response)
    }
}

fn location() -> impl Strategy<Value = String> {
    let relative =
        "/a | ?b | #d |  | //third.example/ | https://other.example/login | https://other.example:22/";
    let refused = "https://user:pass@other.example/ | https://user@www.site.example/ | ftp://other.example/ | data:,a \
         | http://[ | https://:80";
    prop_oneof![12 => url().prop_map(String::from), 2 => one_of(relative), 1 => one_of(refused), 1 => "\\PC{0,12}"]
}

/// Mostly what was asked for, sometimes one of these values (` // ` starts a new line), rarely any bytes.
fn says(values: &'static str) -> impl Strategy<Value = Says> {
    let lines =
        |value: String| Says::Lines(value.split(" // ").map(|line| line.as_bytes().to_vec()).collect());
    prop_oneof![
        60 => Just(Says::Asked),
        12 => one_of(values).prop_map(lines),
        1 => Just(Says::Nothing),
        1 => vec(vec(any::<u8>(), 0..10), 1..3).prop_map(Says::Lines),
    ]
}

fn line(name: &'static str, values: &'static str) -> impl Strategy<Value = (&'static str, Vec<u8>)> + Clone {
    one_of(values).prop_map(move |value| (name, value.into_bytes()))
}

/// Lines that do not depend on the request.
fn lines() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let max_ages = line(
        "Access-Control-Max-Age",
        "0 | 1 | 5 | 6 | 60 | 60 | 86400 | 86400 | abc | -1 | +10 |  | 99999999999999999999 | 007",
    );
    let others = prop_oneof![
        2 => line("Access-Control-Expose-Headers", "* | X-Seen | x-seen, * | x-seen x-other |  | *, @ | set-cookie"),
        1 => line("Timing-Allow-Origin", "* | https://www.site.example | null | \"*\" | a, * | \"a, *\", null | \\\"*"),
        1 => line(
            "Cross-Origin-Resource-Policy",
            "same-origin | same-site | cross-origin | Same-Origin | same-site, same-origin",
        ),
        1 => line("Referrer-Policy", "no-referrer, nonsense | unsafe-url | same-origin,, | "),
        1 => line("Location", "/twice"),
        1 => line("cf-mitigated", "challenge"),
        1 => line("WWW-Authenticate", "Basic"),
        2 => line("Set-Cookie", "a=b"),
        2 => line("X-Seen", "1"),
        2 => line("Content-Type", "text/html"),
    ];
    let max_ages = prop_oneof![3 => Just(vec![]), 12 => vec(max_ages.clone(), 1), 1 => vec(max_ages, 2)];
    (max_ages, vec(others, 0..4)).prop_map(|(max_ages, others)| [max_ages, others].concat())
}

fn plan() -> impl Strategy<Value = Plan> {
    use NetworkErrorKind as N;
    let errors = select(vec![
        N::Dns,
        N::Refused,
        N::Unreachable,
        N::Closed,
        N::Timeout,
        N::TlsExpired,
        N::TlsNameMismatch,
        N::TlsUntrusted,
        N::TlsProtocol,
        N::Malformed,
        N::Proxy,
    ]);
    let others = select(vec![204, 206, 299, 304, 416, 401, 403, 404, 500, 503, 302, 307]);
    let statuses = prop_oneof![24 => Just(200), 1 => Just(206), 2 => others];
    let redirects = option::weighted(0.3, (select(vec![301, 302, 303, 307, 308]), location()));
    let addresses =
        one_of("93.184.216.34 | 127.0.0.1 | 192.168.0.1 | ::1").prop_map(|text| text.parse().unwrap());
    let says = (
        says(
            "* | * | * | https://www.site.example | https://www.site.example/ | HTTPS://WWW.SITE.EXAMPLE | null \
             | https://other.example | * // * | https://www.site.example, https://www.site.example | nonsense | ",
        ),
        says("True | true, true | true // true | false"),
        says(
            "* | * | * | PUT, PATCH, patch, DELETE, OPTIONS, X! | PUT //  // DELETE, | put | GET | (bad) \
             | PUT, * | *, PUT",
        ),
        says(
            "* | * | * | *, Authorization | X-A, x-b, authorization, content-type | X-A,, , \
             | x-a // content-type | x a | accept",
        ),
    );
    let all = (option::weighted(0.02, errors), statuses, redirects, says, lines(), addresses, any::<bool>());
    all.prop_map(|(error, status, redirect, says, lines, address, range_requested)| {
        let (allow_origin, allow_credentials, allow_methods, allow_headers) = says;
        Plan {
            address,
            error,
            status,
            redirect,
            allow_origin,
            allow_credentials,
            allow_methods,
            allow_headers,
            lines,
            range_requested,
        }
    })
}

/// A response of something without CORS in place of the server: an error page, a login, a challenge.
fn stranger() -> impl Strategy<Value = Plan> {
    (plan(), select(vec![200, 302, 403, 404, 500, 503])).prop_map(|(plan, status)| {
        let login = (302, "https://other.example/login".to_owned());
        let (allow_origin, allow_credentials, allow_methods, allow_headers) =
            (Says::Nothing, Says::Nothing, Says::Nothing, Says::Nothing);
        let lines = plan.lines.into_iter().filter(|(name, _)| !name.starts_with("Access-Control-")).collect();
        let redirect = (status == 302).then_some(login);
        Plan {
            status,
            redirect,
            allow_origin,
            allow_credentials,
            allow_methods,
            allow_headers,
            lines,
            ..plan
        }
    })
}

/// The plans of the servers for the exchanges of one fetch. Sometimes they redirect in circles.
pub(crate) fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let circle = plan().prop_map(|plan| {
        let (allow_origin, allow_credentials) = (Says::Asked, Says::Asked);
        let (redirect, lines) = (Some((307, "/".to_owned())), Vec::new());
        vec![Plan { error: None, status: 200, redirect, allow_origin, allow_credentials, lines, ..plan }]
    });
    prop_oneof![40 => vec(prop_oneof![20 => plan(), 1 => stranger()], 24), 1 => circle]
}
