//! The result of a diagnosis.

use serde_json::{Value, json};

use crate::explain::Fix;

/// Why the server, or something between it and the page, answered in a way that keeps the page from reading the response.
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
/// assert!(!cause.is_cors); // the failure only looks like CORS
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// Its stable name: the code of the rule that found it, or of the browser's reason if no rule applies.
    pub code: &'static str,
    /// Where the cause is, and so who has to act.
    pub layer: Layer,
    /// How certain it is.
    pub confidence: Confidence,
    /// `false` if the failure only looks like CORS, and no CORS header fixes it.
    pub is_cors: bool,
    /// What is wrong, in one or two sentences.
    pub title: String,
    /// Why this is certain, or what else would look the same: one sentence for each piece of evidence.
    pub evidence: Vec<String>,
    /// What to change.
    pub fix: Fix,
}

impl Cause {
    /// Returns it as in the JSON of `corsac.check/2`. Header lines of the fix are names and values, and other lines are in its text.
    ///
    /// ```
    /// # use corsac::browser::{Client, Outcome, Reason, Refusal, RequestInit, Stage};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let url: url::Url = "https://api.example/items".parse().unwrap();
    /// # let request = RequestInit::new(url.clone(), page).build().unwrap();
    /// # let outcome = Outcome::Refused(Box::new(Refusal::new(Stage::Start, url, "https://app.example", Reason::MixedContent)));
    /// let evidence = corsac_explain::Evidence::new(&request, &[], &outcome);
    /// let cause = corsac_explain::diagnose(&evidence)[0].to_json();
    /// assert_eq!((&cause["code"], &cause["cors"]), (&"mixed-content".into(), &false.into()));
    /// ```
    pub fn to_json(&self) -> Value {
        let headers: Vec<_> = self.fix.headers().map(|(name, value)| [name, value]).collect();
        let stack = self.fix.stack.as_ref().map(|stack| json!({ "name": stack.name, "lines": stack.lines }));
        json!({
            "code": self.code,
            "layer": self.layer.as_str(),
            "confidence": self.confidence.as_str(),
            "cors": self.is_cors,
            "title": self.title,
            "evidence": self.evidence,
            "fix": {
                "text": self.fix.whole_text(),
                "headers": headers,
                "stack": stack,
                "safe_to_paste": !headers.is_empty(),
            },
        })
    }
}

/// Where the cause of a failure is.
///
/// ```
/// assert_eq!(corsac_explain::diagnosis::Layer::Application.as_str(), "application");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// The settings of the server's CORS layer: its origins, methods and headers.
    Policy,
    /// The application itself.
    Application,
    /// Something in front of the application: a proxy, a gateway or a platform.
    Proxy,
    /// A cache.
    Cache,
    /// DNS, the connection, or the certificate.
    Network,
    /// The page that sends the request.
    Page,
    /// The browser, or its user.
    Browser,
}

impl Layer {
    /// Returns `policy`, `application`, `proxy`, `cache`, `network`, `page` or `browser`.
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

/// How certain a cause is.
///
/// ```
/// use corsac_explain::diagnosis::Confidence;
/// assert!(Confidence::Certain > Confidence::Likely && Confidence::Likely > Confidence::Possible);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a report has a word for each level")]
pub enum Confidence {
    /// The evidence neither supports nor excludes it.
    Possible,
    /// The evidence supports it, but something else could look the same.
    Likely,
    /// The evidence proves it.
    Certain,
}

impl Confidence {
    /// Returns `certain`, `likely` or `possible`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}
