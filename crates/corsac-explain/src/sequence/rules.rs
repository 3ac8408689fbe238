//! The rules as a list: those that ran, and those that were not reached.

use corsac::browser::{Api, Fetched, Load, Mode, Request, Rule, RuleResult, Stage, TraceEntry};
use corsac::origin::Origin;
use serde_json::{Value, json};

use super::call;

/// One rule in the list, with what it found.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// # use corsac::origin::Origin;
/// use corsac_explain::sequence::{RuleRowResult, rules};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let fetch = Fetch::new(request.clone(), Engine::Spec.profile());
/// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(ResponseHead::new(200, [("Vary", "Origin")])));
/// let rows = rules(&request, &fetched, Engine::Spec);
/// assert_eq!(rows[1].title, "CORS check, request");
/// assert_eq!(rows[1].text, "No Access-Control-Allow-Origin");
/// assert_eq!((rows[2].title.as_str(), rows[2].result), ("Response filter", RuleRowResult::Later));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// Its title, with the stage where a rule runs at several.
    pub title: String,
    /// What it found.
    pub result: RuleRowResult,
    /// What decided, in one sentence.
    pub text: String,
}

impl RuleRow {
    /// Returns the row as JSON.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
    /// # use corsac::origin::Origin;
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// # let fetch = Fetch::new(request.clone(), Engine::Spec.profile());
    /// # let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| Ok(ResponseHead::new(200, [("Vary", "Origin")])));
    /// let rows = corsac_explain::sequence::rules(&request, &fetched, Engine::Spec);
    /// assert_eq!(rows[1].to_json()["spec"], "https://fetch.spec.whatwg.org/#concept-cors-check");
    /// ```
    pub fn to_json(&self) -> Value {
        json!({
            "rule": self.rule.as_str(),
            "title": self.title,
            "result": self.result.as_str(),
            "text": self.text,
            "spec": self.rule.spec(),
        })
    }
}

/// What a rule in the list found, or that the fetch ended before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a rule ran or did not")]
pub enum RuleRowResult {
    /// The rule ran.
    Ran(RuleResult),
    /// The fetch ended before this rule.
    Later,
}

impl RuleRowResult {
    /// Returns the name in JSON: `pass`, `fail`, `note` or `later`.
    ///
    /// ```
    /// assert_eq!(corsac_explain::sequence::RuleRowResult::Later.as_str(), "later");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ran(result) => result.as_str(),
            Self::Later => "later",
        }
    }
}

/// Returns the title of a rule.
///
/// ```
/// use corsac::browser::Rule;
/// assert_eq!(corsac_explain::sequence::rule_title(Rule::ResourcePolicyCheck), "Resource policy");
/// ```
pub fn rule_title(rule: Rule) -> &'static str {
    match rule {
        Rule::MainFetch => "Main fetch",
        Rule::BadPort => "Port",
        Rule::MixedContent => "Mixed content",
        Rule::LocalNetworkAccess => "Local network access",
        Rule::PreflightNeeded => "Preflight needed",
        Rule::PreflightStatus => "Preflight status",
        Rule::PreflightMethod => "Preflight method",
        Rule::PreflightHeaders => "Preflight headers",
        Rule::PreflightCache => "Preflight cache",
        Rule::CorsCheck => "CORS check",
        Rule::TaoCheck => "Timing check",
        Rule::ResourcePolicyCheck => "Resource policy",
        Rule::Redirect => "Redirect",
        Rule::StreamBody => "Streamed body",
        Rule::RangeCheck => "Range",
        Rule::LoadCheck => "Status for this use",
        Rule::MimeTypeCheck => "Media type",
        Rule::OpaqueResponseBlocking => "Opaque response blocking",
        Rule::ResponseFilter => "Response filter",
        Rule::Network => "Connection",
        Rule::EngineDifference => "This browser differs",
        rule => rule.as_str(),
    }
}

/// Returns every rule that ran, in order, and then those that a fetch of this kind would have reached if it had not been refused.
///
/// ```
/// # use std::time::Duration;
/// # use corsac::browser::{Client, Engine, Fetch, PreflightCache, RequestInit, ResponseHead};
/// # use corsac::origin::Origin;
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let mut init = RequestInit::new("https://api.example/".parse().unwrap(), page);
/// init.method = "PUT".to_owned();
/// # let request = init.build().unwrap();
/// # let fetch = Fetch::new(request.clone(), Engine::Spec.profile());
/// let fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |_| {
///     Ok(ResponseHead::new(404, [("Access-Control-Allow-Origin", "*")]))
/// });
/// let rows = corsac_explain::sequence::rules(&request, &fetched, Engine::Spec);
/// let later: Vec<&str> = rows.iter().filter(|row| row.result.as_str() == "later").map(|row| row.title.as_str()).collect();
/// assert_eq!(later, ["Preflight method", "Preflight headers", "Preflight cache", "CORS check, request", "Response filter"]);
/// ```
pub fn rules(request: &Request, fetched: &Fetched, engine: corsac::browser::Engine) -> Vec<RuleRow> {
    let entries = fetched.trace.entries();
    let ran = entries.iter().map(|entry| RuleRow {
        rule: entry.rule,
        title: title_at(entry.rule, entry.stage),
        result: RuleRowResult::Ran(entry.result),
        text: text(entry, request, engine),
    });
    let later = later(request, fetched).into_iter().map(|(rule, stage)| RuleRow {
        rule,
        title: title_at(rule, stage),
        result: RuleRowResult::Later,
        text: "Not reached".to_owned(),
    });
    ran.chain(later).collect()
}

fn title_at(rule: Rule, stage: Stage) -> String {
    match rule {
        Rule::CorsCheck => format!("{}, {}", rule_title(rule), stage.as_str()),
        rule => rule_title(rule).to_owned(),
    }
}

fn text(entry: &TraceEntry, request: &Request, engine: corsac::browser::Engine) -> String {
    match entry.rule {
        Rule::MainFetch if entry.result == RuleResult::Note => call::main_fetch(entry, request, engine),
        _ => crate::capitalized(&entry.evidence),
    }
}

/// Returns what comes after the rule that refused, in the order of the standard.
fn later(request: &Request, fetched: &Fetched) -> Vec<(Rule, Stage)> {
    let entries = fetched.trace.entries();
    let Some(refused) = entries.iter().rfind(|entry| entry.result == RuleResult::Fail) else {
        return Vec::new();
    };
    // Rules that refuse before anything is sent come before all others; those of a redirect come after the redirect's checks.
    let is_before =
        matches!(refused.rule, Rule::MainFetch | Rule::MixedContent | Rule::BadPort | Rule::StreamBody);
    let order = in_order(request, entries);
    let at = order.iter().position(|(rule, stage)| *rule == refused.rule && *stage == refused.stage);
    let begin = match at {
        Some(at) => at.saturating_add(1),
        None if is_before => 0,
        // A preflight that could not be sent is before its checks, and so is a request.
        None => order.iter().position(|(_, stage)| *stage == refused.stage).unwrap_or(order.len()),
    };
    let has_run =
        |rule: Rule, stage: Stage| entries.iter().any(|entry| entry.rule == rule && entry.stage == stage);
    order.into_iter().skip(begin).filter(|(rule, stage)| !has_run(*rule, *stage)).collect()
}

/// Returns the rules that a fetch of this kind reaches.
fn in_order(request: &Request, entries: &[TraceEntry]) -> Vec<(Rule, Stage)> {
    let init = request.init();
    let redirected =
        entries.iter().any(|entry| entry.rule == Rule::Redirect && entry.result == RuleResult::Pass);
    let stage = if redirected { Stage::Redirect } else { Stage::Request };
    let start = if redirected { Stage::Redirect } else { Stage::Start };
    let is_same_origin = !redirected && request.origin().same_origin(&Origin::of(&init.url));
    let mut order = vec![(Rule::MainFetch, start)];
    if entries.iter().any(|entry| entry.stage == Stage::Preflight) {
        let preflight = [
            Rule::CorsCheck,
            Rule::PreflightStatus,
            Rule::PreflightMethod,
            Rule::PreflightHeaders,
            Rule::PreflightCache,
        ];
        order.extend(preflight.map(|rule| (rule, Stage::Preflight)));
    }
    match init.mode {
        Mode::Cors if !is_same_origin => order.push((Rule::CorsCheck, stage)),
        Mode::NoCors if !is_same_origin => order.push((Rule::ResourcePolicyCheck, stage)),
        _ => {}
    }
    if let Api::Load(load) = init.api {
        if init.mode == Mode::NoCors && !is_same_origin {
            order.push((Rule::OpaqueResponseBlocking, stage));
        }
        if matches!(load, Load::Script | Load::ModuleScript | Load::EventSource) {
            order.push((Rule::MimeTypeCheck, stage));
        }
        if !matches!(load, Load::Image | Load::CssImage | Load::Beacon | Load::Navigation) {
            order.push((Rule::LoadCheck, stage));
        }
    }
    order.push((Rule::ResponseFilter, stage));
    order
}
