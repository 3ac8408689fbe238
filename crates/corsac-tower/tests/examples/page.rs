//! A page in a browser: it fetches, and sees what CORS lets it see.

use corsac::browser::{Client, Credentials, Engine, Outcome, RequestInit};
use corsac::origin::Origin;
use corsac_fetch::{Browser, Network, NetworkOptions};

pub(crate) struct Page {
    origin: Origin,
    cookies: bool,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<Vec<u8>>,
}

/// What script sees.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Readable { status: u16, text: String, headers: Vec<String> },
    Refused(String),
}

impl Seen {
    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self::Readable { status, text: text.to_owned(), headers: Vec::new() }
    }

    pub(crate) fn refused(code: &str) -> Self {
        Self::Refused(code.to_owned())
    }

    /// Without CORS headers, on a request without `Origin`.
    fn plain(self) -> Self {
        match self {
            Self::Readable { status, text, .. } => Self::Readable { status, text, headers: Vec::new() },
            refused @ Self::Refused(_) => refused,
        }
    }
}

impl Page {
    pub(crate) fn of(origin: &str) -> Self {
        Self { origin: Origin::parse(origin).unwrap(), cookies: false, headers: Vec::new(), body: None }
    }

    pub(crate) fn with_cookies(mut self) -> Self {
        self.cookies = true;
        self
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) async fn fetch(&self, method: &str, url: &str) -> Seen {
        self.fetch_with_headers(method, url).await.plain()
    }

    pub(crate) async fn fetch_with_headers(&self, method: &str, url: &str) -> Seen {
        let mut init = RequestInit::new(url.parse().unwrap(), Client::new(self.origin.clone()));
        init.method = method.to_owned();
        for (name, value) in &self.headers {
            init.headers.append(*name, *value);
        }
        if self.cookies {
            init.credentials = Credentials::Include;
        }
        init.body = self.body.clone().map(Into::into);
        let mut browser = Browser::new(Network::new(NetworkOptions::default()).unwrap(), Engine::Spec);
        let fetched = browser.fetch(init.build().unwrap()).await;
        match &fetched.outcome {
            Outcome::Readable(response) => Seen::Readable {
                status: response.status,
                text: String::from_utf8_lossy(fetched.body().unwrap_or_default()).into_owned(),
                headers: response.headers.iter().map(|line| line.name.to_ascii_lowercase()).collect(),
            },
            Outcome::Opaque(_) => panic!("mode no-cors was not asked for"),
            Outcome::Refused(refusal) => Seen::Refused(refusal.reason.code().to_string()),
        }
    }
}
