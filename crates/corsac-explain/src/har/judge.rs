//! Compares what the browser must have decided with what the recording says.

use corsac::browser::{Engine, NetworkError, Outcome, Reason, ReasonCode, Refusal, Stage};
use corsac::header::unsafe_request_header_names;
use corsac::origin::Origin;

use super::causes;
use super::failure::{Failure, failure};
use super::links::Links;
use super::recorded::Recorded;
use super::recording::Recording;
use super::replay::{End, Replay};
use super::script_request::{Kind, has_credentials, script_request};
use crate::diagnosis::Confidence;
use crate::item::{Item, ItemStage};

/// What a fetch came to.
#[derive(Debug)]
pub(super) enum Judged {
    /// The page did not get the response.
    Failed(Box<Item>),
    /// The page may read the response.
    Fine { origin: String },
    /// The page, or its user, did not want it any more.
    Cancelled,
    /// The recording ends before it has an answer.
    Unanswered,
    /// Nothing to say about CORS.
    Nothing,
}

/// A fetch of the recording.
#[derive(Clone, Copy)]
pub(super) struct Case<'r> {
    pub(super) recording: &'r Recording,
    pub(super) links: &'r Links<'r>,
    position: usize,
    pub(super) entry: &'r Recorded,
    kind: Kind,
    pub(super) is_only_counted: bool,
}

impl<'r> Case<'r> {
    pub(super) fn new(recording: &'r Recording, links: &'r Links<'r>, position: usize) -> Option<Self> {
        let entry = links.entry(position)?;
        let mut kind = Kind::of(entry);
        kind.is_cors |= entry.is_preflight();
        Some(Self { recording, links, position, entry, kind, is_only_counted: false })
    }

    /// Leaves the causes out if nobody will see them.
    pub(super) fn only_counted(mut self, is_only_counted: bool) -> Self {
        self.is_only_counted = is_only_counted;
        self
    }

    /// Judges the fetch that begins with the entry.
    pub(super) fn judge(self) -> Judged {
        let Some(origin) = self.recording.origin(self.entry) else { return Judged::Nothing };
        let Some(replay) = self.replay(&origin, self.sent_credentials(&origin), None) else {
            return Judged::Nothing;
        };
        let preflights = replay.preflights.clone();
        let error = self.chain().into_iter().rev().find_map(|(_, entry)| entry.error.as_deref());
        let judged = match error.map(failure) {
            Some(Failure::Cancelled) => Judged::Cancelled,
            Some(Failure::Network(error)) => self.network(replay, &origin, error),
            Some(Failure::Other(code)) => self.other(&replay, code),
            Some(failure) => self.blocked(&replay, &origin, &failure),
            None => self.unmarked(&replay, &origin),
        };
        preflights.iter().for_each(|preflight| self.links.pair(*preflight));
        judged
    }

    /// Judges a preflight whose request was not recorded.
    pub(super) fn judge_preflight(self) -> Judged {
        let Some(origin) = self.recording.origin(self.entry) else { return Judged::Nothing };
        match self.replay(&origin, false, None) {
            Some(replay) => match &replay.end {
                End::Outcome(Outcome::Refused(_)) => {
                    self.refused(&replay, &["The request itself was not recorded."], Confidence::Certain)
                }
                _ => Judged::Nothing,
            },
            None => Judged::Nothing,
        }
    }

    fn replay(
        self,
        origin: &Origin,
        with_credentials: bool,
        substitute: Option<&Recorded>,
    ) -> Option<Replay> {
        let preflight = self.preflight(origin);
        let page = self.recording.page(self.entry);
        let asked = preflight.and_then(|preflight| self.links.entry(preflight));
        let as_request;
        let entry = if self.entry.is_preflight() {
            as_request = request_of(self.entry);
            &as_request
        } else {
            self.entry
        };
        let init = script_request(entry, asked, self.kind, origin, page, with_credentials)?;
        let head = substitute.and_then(Recorded::head);
        let run = |init| Replay::run(self.links, self.position, init, self.engine(), head.as_ref());
        let replay = run(init.clone())?;
        if preflight.is_some() && self.kind.is_cors && replay.preflights.is_empty() {
            // A page can make the browser send one: listeners for the upload do.
            let forced = run(init.with(|init| init.force_preflight = true));
            return forced.filter(|forced| !forced.preflights.is_empty()).or(Some(replay));
        }
        Some(replay)
    }

    fn preflight(self, origin: &Origin) -> Option<usize> {
        let method = if self.entry.is_preflight() {
            self.entry.requested_method()?
        } else {
            self.entry.method.clone()
        };
        self.links.preflight(self.entry.url.as_ref()?, &method, self.position, origin)
    }

    fn sent_credentials(self, origin: &Origin) -> bool {
        let preflight = self.preflight(origin).and_then(|preflight| self.links.entry(preflight));
        self.chain().iter().any(|(_, entry)| has_credentials(entry, preflight))
    }

    fn engine(self) -> Engine {
        self.recording.engine().unwrap_or(Engine::Chromium)
    }

    /// Returns the entry and those to which its redirects led.
    pub(super) fn chain(self) -> Vec<(usize, &'r Recorded)> {
        const MOST_HOPS: usize = 25;
        let next = |position: &usize| self.links.next_hop(*position);
        let positions = std::iter::successors(Some(self.position), next).take(MOST_HOPS);
        positions.filter_map(|position| Some((position, self.links.entry(position)?))).collect()
    }

    /// The recording has no error for it.
    fn unmarked(self, replay: &Replay, origin: &Origin) -> Judged {
        let tells = self.recording.tells_verdicts();
        let last = self.chain().last().map_or(self.entry, |(_, entry)| *entry);
        match &replay.end {
            _ if self.chain().iter().any(|(_, entry)| entry.from_service_worker) => Judged::Nothing,
            End::Outcome(Outcome::Readable(_)) if self.kind.is_cors => {
                Judged::Fine { origin: origin.as_str().to_owned() }
            }
            End::Outcome(Outcome::Readable(_) | Outcome::Opaque(_)) => Judged::Nothing,
            End::Outcome(Outcome::Refused(refusal)) => {
                let code = refusal.reason.code();
                let is_told_elsewhere = is_about_content(code) || tells && !code.is_cors() && last.status > 0;
                // Its headers are those of the copy that it renews, and that copy was not recorded.
                let is_partial = last.status == 304 && refusal.status == Some(304);
                if is_told_elsewhere || is_partial || !is_web(origin) {
                    return Judged::Nothing;
                }
                if tells && last.status > 0 {
                    let note = "The recording has no error for this request, although its headers do not allow the page to read the \
                                response. Either the recording was changed, or the browser ran with its web security off.";
                    return self.refused(replay, &[note], Confidence::Likely);
                }
                self.refused(replay, &[], Confidence::Certain)
            }
            End::NotFollowed => Judged::Nothing,
            End::NoResponse | End::NoPreflight => {
                if let Some(judged) = self.out_of_cache(replay, origin) {
                    return judged;
                }
                let engine = self.recording.engine();
                match &replay.end {
                    _ if tells => Judged::Unanswered,
                    End::NoPreflight if engine.is_some() => self.no_preflight(replay, None),
                    _ => {
                        let note = "The recording has no response, and does not say why. A request that the page aborted looks the same.".to_owned();
                        let cause = causes::of_code("network-error", Confidence::Possible, note);
                        let codes = causes::UNEXPLAINED.to_vec();
                        let cors = if engine.is_some() { None } else { Some(false) };
                        self.item(replay, codes, cors, Some(ItemStage::Network), vec![cause])
                    }
                }
            }
        }
    }

    /// The browser says that it refused, but not why.
    fn blocked(self, replay: &Replay, origin: &Origin, failure: &Failure) -> Judged {
        if self.chain().iter().any(|(_, entry)| entry.from_service_worker) {
            return self.service_worker(replay, origin);
        }
        let told = self.told();
        if let End::Outcome(Outcome::Refused(refusal)) = &replay.end
            && (refusal.reason.code().is_cors() || !is_about_content(refusal.reason.code()))
        {
            return self.refused(replay, &[], Confidence::Certain);
        }
        if let Some(judged) = self.out_of_cache(replay, origin) {
            return judged;
        }
        if !self.kind.is_cors {
            let error = self.entry.error.clone().unwrap_or_default();
            let cause =
                causes::of_code("network-error", Confidence::Possible, format!("The browser says {error}."));
            return self.item(replay, vec!["network-error"], None, None, vec![cause]);
        }
        if let Some(judged) = self.with_credentials(origin) {
            return judged;
        }
        if let Some(mut told) = told {
            let causes = std::mem::take(&mut told.diagnosis);
            return self.item(replay, told.codes, told.cors, told.stage, causes);
        }
        match &replay.end {
            End::NoPreflight => self.no_preflight(replay, Some(true)),
            End::NoResponse | End::NotFollowed if *failure == Failure::Unknown => {
                let note = format!("The browser says {}.", self.entry.error.clone().unwrap_or_default());
                let cause = causes::of_code("network-error", Confidence::Possible, note);
                self.item(replay, vec!["network-error"], None, Some(ItemStage::Network), vec![cause])
            }
            End::NoResponse | End::NotFollowed => {
                let is_redirected = matches!(replay.end, End::NotFollowed) || replay.hops.len() > 1;
                let (stage, item_stage) = if is_redirected {
                    (Stage::Redirect, ItemStage::Redirect)
                } else {
                    (Stage::Request, ItemStage::Response)
                };
                let codes = causes::response_codes().collect();
                let cause = causes::response_not_recorded(&replay.request, stage);
                self.item(replay, codes, Some(true), Some(item_stage), vec![cause])
            }
            End::Outcome(_) => {
                let cause = causes::unknown(&replay.request);
                self.item(replay, Vec::new(), None, None, vec![cause])
            }
        }
    }

    /// A browser that takes a response out of its cache judges the headers that it stored.
    fn out_of_cache(self, replay: &Replay, origin: &Origin) -> Option<Judged> {
        if !matches!(replay.end, End::NoResponse) || self.entry.method != "GET" {
            return None;
        }
        let (_, earlier) = self.links.earlier(self.position).next()?;
        let replay = self.replay(origin, self.sent_credentials(origin), Some(earlier))?;
        let is_refused = replay.end.refusal().is_some_and(|refusal| refusal.reason.code().is_cors());
        let note = format!(
            "No response was recorded here. The browser took it out of its cache, where the one of entry {} was stored.",
            earlier.index
        );
        is_refused.then(|| self.refused(&replay, &[&note], Confidence::Likely))
    }

    /// An export without sensitive data has no cookies.
    fn with_credentials(self, origin: &Origin) -> Option<Judged> {
        let replay = self.replay(origin, true, None)?;
        let refusal = replay.end.refusal()?;
        // A redirect that the browser followed was not what it refused.
        let last = self.chain().last().map_or(self.entry, |(_, entry)| *entry);
        if last.url.as_ref() != Some(&refusal.url) {
            return None;
        }
        let code = refusal.reason.code();
        let note = "The headers allow the request without credentials, and the browser refused it. So the page asked with credentials; exports \
                    without sensitive data leave cookies out.";
        code.is_cors().then(|| self.refused(&replay, &[note], Confidence::Likely))
    }

    fn service_worker(self, replay: &Replay, origin: &Origin) -> Judged {
        let own = self
            .links
            .others(self.position)
            .find(|(_, other)| !other.from_service_worker && other.error.is_some());
        let refused = own.and_then(|(position, _)| {
            let case = Case::new(self.recording, self.links, position)?;
            case.replay(origin, case.sent_credentials(origin), None)?
                .end
                .refusal()
                .map(|refusal| refusal.reason.code())
        });
        let refused = refused.filter(|code| code.is_cors());
        let code = "service-worker-opaque";
        let cause =
            causes::of_code(code, Confidence::Likely, "A service worker answered this request.".to_owned());
        match refused {
            Some(refused) => {
                let note = "A service worker answered this request, and the browser refused the worker's own request for the same URL.";
                let first = causes::of_code(refused.as_str(), Confidence::Likely, note.to_owned());
                self.item(
                    replay,
                    vec![refused.as_str(), code],
                    Some(true),
                    Some(ItemStage::Response),
                    vec![first, cause],
                )
            }
            None => self.item(replay, vec![code], Some(false), Some(ItemStage::Response), vec![cause]),
        }
    }

    fn network(self, mut replay: Replay, origin: &Origin, error: NetworkError) -> Judged {
        let is_refused_by_network = |refusal: &Refusal| matches!(refusal.reason, Reason::Network(_));
        if !replay.end.refusal().is_some_and(is_refused_by_network) {
            let last = self.chain().last().map_or(self.entry, |(_, entry)| *entry);
            let Some(url) = last.url.clone() else { return Judged::Nothing };
            let mut refusal = Refusal::new(Stage::Request, url, origin.as_str(), Reason::Network(error));
            self.entry.method.clone_into(&mut refusal.method);
            replay.end = End::Outcome(Outcome::Refused(Box::new(refusal)));
        }
        self.refused(&replay, &[], Confidence::Certain)
    }

    fn other(self, replay: &Replay, code: &'static str) -> Judged {
        if replay.end.refusal().is_some_and(|refusal| refusal.reason.code().as_str() == code) {
            return self.refused(replay, &[], Confidence::Certain);
        }
        let error =
            self.chain().into_iter().rev().find_map(|(_, entry)| entry.error.clone()).unwrap_or_default();
        let cause = causes::of_code(code, Confidence::Certain, format!("The browser says {error}."));
        let cors = cause.is_cors;
        let stage = match code {
            "resource-policy" | "opaque-response-blocked" => ItemStage::Response,
            "too-many-redirects" | "location-invalid" | "scheme-not-http" => ItemStage::Redirect,
            _ => ItemStage::Network,
        };
        self.item(replay, vec![code], Some(cors), Some(stage), vec![cause])
    }

    fn no_preflight(self, replay: &Replay, cors: Option<bool>) -> Judged {
        let request = &replay.request;
        let unsafe_names = unsafe_request_header_names(request.headers(), &self.engine().profile().safelist);
        let is_allowed = self.links.allows(&Origin::of(&request.init().url), request.origin());
        let mut codes = causes::preflight_codes(request, &unsafe_names, is_allowed);
        if cors.is_none() {
            codes.extend(causes::UNEXPLAINED);
        }
        let code = codes.first().copied().unwrap_or("preflight-status");
        if self.recording.is_playwright() {
            let more: Vec<_> = causes::response_codes().filter(|code| !codes.contains(code)).collect();
            codes.extend(more);
            let cause = causes::neither_recorded(code, request);
            return self.item(replay, codes, cors, None, vec![cause]);
        }
        let cause = causes::preflight_not_recorded(code, request, !replay.preflights.is_empty());
        self.item(replay, codes, cors, Some(ItemStage::Preflight), vec![cause])
    }

    /// Returns what the browser's own words say, if the failure is a sentence and not only a name.
    fn told(self) -> Option<Item> {
        let error = self.chain().into_iter().rev().find_map(|(_, entry)| entry.error.as_deref())?;
        let read = if error.contains(' ') { crate::pasted::read(error).items } else { Vec::new() };
        read.into_iter().next().filter(|item| !item.codes.is_empty() && !item.diagnosis.is_empty())
    }
}

impl End {
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Outcome(outcome) => outcome.refusal(),
            _ => None,
        }
    }
}

/// Returns the request for which a preflight asks.
fn request_of(preflight: &Recorded) -> Recorded {
    let mut request = Recorded { url: preflight.url.clone(), ..Recorded::default() };
    request.method = preflight.requested_method().unwrap_or_else(|| "GET".to_owned());
    request
}

/// Returns `true` for reasons that concern what a response contains. A page can tell them from its own elements, and they are not CORS.
fn is_about_content(code: ReasonCode) -> bool {
    matches!(
        code,
        ReasonCode::LoadStatus
            | ReasonCode::LoadType
            | ReasonCode::NoSniff
            | ReasonCode::OpaqueResponseBlocked
            | ReasonCode::RangeNotRequested
    )
}

/// Returns `false` for extensions and applications, which may have permissions of their own.
fn is_web(origin: &Origin) -> bool {
    origin.is_opaque() || matches!(origin.scheme(), Some("http" | "https"))
}
