//! What a diagnosis says.

use crate::explain::Fix;

/// What made the server, or something between it and the page, answer so that the page may not read the response.
///
/// ```
/// use corsac_explain::diagnosis::{Confidence, Layer};
/// # use corsac::browser::{CompletedExchange, Client, Exchange, ExchangeKind, Outcome, Reason, Refusal, RequestInit, ResponseHead, Stage};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let url: url::Url = "https://api.example/items".parse().unwrap();
/// # let request = RequestInit::new(url.clone(), page).build().unwrap();
/// # let mut refusal = Refusal::new(Stage::Request, url.clone(), "https://app.example", Reason::AllowOriginMissing);
/// # refusal.status = Some(403);
/// # let outcome = Outcome::Refused(Box::new(refusal));
/// # let exchange = Exchange::new(ExchangeKind::Request, "GET", url);
/// let seen = [CompletedExchange::new(exchange, Ok(ResponseHead::new(403, [("cf-mitigated", "challenge")])))];
/// # let evidence = corsac_explain::Evidence::new(&request, &seen, &outcome);
/// let cause = &corsac_explain::diagnose(&evidence)[0];
/// assert_eq!((cause.code, cause.layer, cause.confidence), ("challenge-page", Layer::Proxy, Confidence::Certain));
/// assert!(!cause.is_cors); // CORS is only how it was noticed
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// Its stable name: that of the rule that found it, or of the browser's reason where no rule knows more.
    pub code: &'static str,
    /// Who has to act.
    pub layer: Layer,
    /// How sure it is.
    pub confidence: Confidence,
    /// `false` if CORS is only how the failure was noticed, and no CORS header mends it.
    pub is_cors: bool,
    /// What is wrong, in one or two sentences that name the evidence.
    pub title: String,
    /// Why that is so sure, or what else would look the same: one sentence for each piece of evidence.
    pub evidence: Vec<String>,
    /// What to change.
    pub fix: Fix,
}

/// Where the cause of a failure is.
///
/// ```
/// assert_eq!(corsac_explain::diagnosis::Layer::Application.as_str(), "application");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// What the server's CORS layer was given: its origins, methods, headers.
    Policy,
    /// The program that answers.
    Application,
    /// What is in front of it: a proxy, a gateway, a platform.
    Proxy,
    /// A copy that somebody keeps.
    Cache,
    /// Names, connections, certificates.
    Network,
    /// The page that asks.
    Page,
    /// The browser, and who uses it.
    Browser,
}

impl Layer {
    /// `policy`, `application`, `proxy`, `cache`, `network`, `page` or `browser`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Application => "application",
            Self::Proxy => "proxy",
            Self::Cache => "cache",
            Self::Network => "network",
            Self::Page => "page",
            Self::Browser => "browser",
        }
    }
}

/// How sure a cause is.
///
/// ```
/// use corsac_explain::diagnosis::Confidence;
/// assert!(Confidence::Certain > Confidence::Likely && Confidence::Likely > Confidence::Possible);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a report has a word for each")]
pub enum Confidence {
    /// The evidence leaves it open.
    Possible,
    /// The evidence speaks for it, and something else could look the same.
    Likely,
    /// The evidence proves it.
    Certain,
}

impl Confidence {
    /// `certain`, `likely` or `possible`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}
