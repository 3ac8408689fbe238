//! Requests and policies, an adapter, and what is logged and counted.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::sync::Once;

use corsac::server::{Policy, PolicyRefusal};
use corsac_middleware::{
    Begun, Cors, CorsVerdict, Decided, Finish, LookupFailure, PendingDecision, RequestView,
};
use http::{HeaderMap, Request, Response, StatusCode};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::OptionalWriter;

pub(crate) const REFUSED: CorsVerdict = CorsVerdict::Refused(PolicyRefusal::OriginNotAllowed);

pub(crate) fn policy(origin: &str) -> Policy {
    Policy::builder([origin]).build().expect("the test's own policy")
}

pub(crate) fn get(path: &str, origin: &str) -> Request<()> {
    Request::get(path).header("origin", origin).body(()).expect("the test's own request")
}

pub(crate) fn preflight(path: &str, origin: &str) -> Request<()> {
    Request::options(path)
        .header("origin", origin)
        .header("access-control-request-method", "GET")
        .body(())
        .expect("the test's own request")
}

/// What an adapter does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    AnswerPreflight,
    Forbid,
    Forward,
}

/// What was decided about a request, and what was counted about it.
#[derive(Debug)]
pub(crate) struct Handled {
    decided: Decided<Response<&'static str>>,
    outcome: Option<Outcome>,
}

#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) verdict: CorsVerdict,
    pub(crate) policy: String,
}

impl Handled {
    pub(crate) fn action(&self) -> Action {
        match &self.decided {
            Decided::Forward(_) => Action::Forward,
            Decided::Answer(response) if response.status() == StatusCode::NO_CONTENT => {
                Action::AnswerPreflight
            }
            Decided::Answer(response) => {
                assert_eq!(response.status(), StatusCode::FORBIDDEN);
                Action::Forbid
            }
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome.clone().expect("`counters` has a recorder of its own")
    }

    pub(crate) fn response(&self) -> Option<&Response<&'static str>> {
        match &self.decided {
            Decided::Answer(response) => Some(response),
            Decided::Forward(_) => None,
        }
    }

    fn edit(&self) -> Finish {
        match &self.decided {
            Decided::Forward(forward) => forward.finish.clone(),
            Decided::Answer(response) => panic!("the service is not asked: {response:?}"),
        }
    }

    /// Finishes a response of the service.
    pub(crate) fn finish(&self, headers: &mut HeaderMap) {
        self.edit().apply(headers);
    }
}

fn respond(status: StatusCode, text: &'static str) -> Response<&'static str> {
    let mut response = Response::new(text);
    *response.status_mut() = status;
    response
}

pub(crate) fn pending_decision(cors: &Cors, request: &Request<()>) -> PendingDecision {
    match cors.begin(&RequestView::of(request), respond) {
        Begun::Pending(decision) => decision,
        Begun::Decided(decided) => panic!("decided without a lookup: {decided:?}"),
    }
}

pub(crate) fn now(cors: &Cors, request: &Request<()>) -> Handled {
    let begin = || match cors.begin(&RequestView::of(request), respond) {
        Begun::Decided(decided) => decided,
        Begun::Pending(_) => panic!("a lookup is needed"),
    };
    if COUNTING.get() {
        return Handled { decided: begin(), outcome: None };
    }
    let recorder = DebuggingRecorder::new();
    let decided = metrics::with_local_recorder(&recorder, begin);
    Handled { decided, outcome: Some(Outcome::counted(&recorder.snapshotter())) }
}

pub(crate) async fn handled(cors: &Cors, request: &Request<()>) -> Handled {
    let recorder: &'static DebuggingRecorder = Box::leak(Box::new(DebuggingRecorder::new()));
    let counted = |decided| Handled { decided, outcome: Some(Outcome::counted(&recorder.snapshotter())) };
    match metrics::with_local_recorder(recorder, || cors.begin(&RequestView::of(request), respond)) {
        Begun::Decided(decided) => counted(decided),
        Begun::Pending(decision) => {
            // The recorder is set only while this future is polled, because others run on the same thread in between.
            let mut decision = Box::pin(decision);
            counted(
                std::future::poll_fn(|context| {
                    metrics::with_local_recorder(recorder, || decision.as_mut().poll(context))
                })
                .await,
            )
        }
    }
}

/// The headers of a response that had none.
pub(crate) fn finished(handled: &Handled) -> HeaderMap {
    match &handled.decided {
        Decided::Answer(response) => response.headers().clone(),
        Decided::Forward(_) => {
            let mut headers = HeaderMap::new();
            handled.finish(&mut headers);
            headers
        }
    }
}

impl Outcome {
    /// Reads the counters of one request.
    fn counted(snapshotter: &Snapshotter) -> Self {
        let lines = lines(snapshotter);
        let requests: Vec<_> =
            lines.iter().filter_map(|line| line.strip_prefix("corsac_requests_total{")).collect();
        let [request] = requests[..] else { panic!("one request: {lines:?}") };
        let labels = request.strip_suffix("} = 1").unwrap_or_else(|| panic!("one request: {lines:?}"));
        let label = |name: &str| {
            let value = labels.split(',').find_map(|label| label.strip_prefix(name)?.strip_prefix('='));
            value.unwrap_or_else(|| panic!("{name}: {lines:?}"))
        };
        let reason = label("reason");
        let refusal = || PolicyRefusal::ALL.iter().find(|refusal| refusal.as_str() == reason).copied();
        let failures = [LookupFailure::Failed, LookupFailure::TimedOut];
        let verdict = match label("outcome") {
            "not-asked" => CorsVerdict::NotAsked,
            "allowed" => CorsVerdict::Allowed,
            "same-origin" => CorsVerdict::SameOrigin,
            "no-policy" => CorsVerdict::NoPolicy,
            "pass" => CorsVerdict::Pass,
            "refused" => match failures.into_iter().find(|failure| failure.as_str() == reason) {
                Some(failure) => CorsVerdict::LookupFailed(failure),
                None => CorsVerdict::Refused(refusal().expect("a refusal")),
            },
            other => panic!("{other}"),
        };
        Self { verdict, policy: label("policy").to_owned() }
    }
}

/// All lines of `Vary`, joined.
pub(crate) fn vary(headers: &HeaderMap) -> String {
    let lines: Vec<&str> = headers.get_all("vary").iter().map(|line| line.to_str().expect("ASCII")).collect();
    lines.join(" | ")
}

/// The lines that this thread logs at this level while `act` runs.
///
/// All threads share one subscriber, which takes every level. `tracing` remembers for each event whether a subscriber wants it. With a subscriber
/// for each thread, one that ends while another begins can leave an event switched off for both.
pub(crate) fn log(level: Level, act: impl FnOnce()) -> Vec<String> {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        tracing_subscriber::fmt()
            .without_time()
            .with_ansi(false)
            .with_max_level(Level::TRACE)
            .with_writer(LogOfThread)
            .init();
    });
    LOG.set(Some((level, Vec::new())));
    act();
    let (_, bytes) = LOG.take().expect("`act` calls no `log` of its own");
    let text = String::from_utf8(bytes).unwrap();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

thread_local! {
    static LOG: RefCell<Option<(Level, Vec<u8>)>> = const { RefCell::new(None) };
}

struct LogOfThread;

impl MakeWriter<'_> for LogOfThread {
    type Writer = OptionalWriter<Self>;

    fn make_writer(&self) -> Self::Writer {
        OptionalWriter::some(Self)
    }

    fn make_writer_for(&self, event: &Metadata<'_>) -> Self::Writer {
        let wanted = LOG.with_borrow(|log| log.as_ref().is_some_and(|(level, _)| event.level() <= level));
        if wanted { self.make_writer() } else { OptionalWriter::none() }
    }
}

impl Write for LogOfThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.as_mut().expect("only made inside of `log`").1.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

thread_local! {
    static COUNTING: Cell<bool> = const { Cell::new(false) };
}

/// The counters after `act`, as `name{label=value,...} = count`, in order.
pub(crate) fn counters(act: impl FnOnce()) -> Vec<String> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    COUNTING.set(true);
    metrics::with_local_recorder(&recorder, act);
    COUNTING.set(false);
    lines(&snapshotter)
}

fn lines(snapshotter: &Snapshotter) -> Vec<String> {
    let mut lines: Vec<String> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .filter_map(|(key, _, _, value)| {
            let labels: Vec<String> =
                key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            let DebugValue::Counter(count) = value else { return None };
            Some(format!("{}{{{}}} = {count}", key.key().name(), labels.join(",")))
        })
        .collect();
    lines.sort();
    lines
}
