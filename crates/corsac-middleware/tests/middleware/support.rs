//! Requests, policies, the adapter's part, and what is logged and counted.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use corsac::server::{Policy, PolicyRefusal};
use corsac_middleware::{Begun, Cors, Judged, Later, RequestView, Verdict};
use http::{HeaderMap, Request};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tracing::Level;

pub(crate) const REFUSED: Verdict = Verdict::Refused(PolicyRefusal::OriginNotAllowed);

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

pub(crate) fn later(cors: &Cors, request: &Request<()>) -> Later {
    match cors.begin(&RequestView::of(request)) {
        Begun::Later(later) => later,
        Begun::Now(judged) => panic!("decided at once: {judged:?}"),
    }
}

pub(crate) fn now(cors: &Cors, request: &Request<()>) -> Judged {
    match cors.begin(&RequestView::of(request)) {
        Begun::Now(judged) => judged,
        Begun::Later(_) => panic!("a lookup was asked"),
    }
}

pub(crate) async fn judged(cors: &Cors, request: &Request<()>) -> Judged {
    match cors.begin(&RequestView::of(request)) {
        Begun::Now(judged) => judged,
        Begun::Later(later) => later.await,
    }
}

/// The headers of a response that had none.
pub(crate) fn finished(judged: &Judged) -> HeaderMap {
    let mut headers = HeaderMap::new();
    judged.finish(&mut headers);
    headers
}

/// All lines of `Vary`, as one text.
pub(crate) fn vary(headers: &HeaderMap) -> String {
    let lines: Vec<&str> = headers.get_all("vary").iter().map(|line| line.to_str().expect("ASCII")).collect();
    lines.join(" | ")
}

/// The lines of a log at this level while `act` runs.
pub(crate) fn log(level: Level, act: impl FnOnce()) -> Vec<String> {
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);
    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_ansi(false)
        .with_max_level(level)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, act);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

/// The counters after `act`, as `name{label=value,...} = count`, in order.
pub(crate) fn counters(act: impl FnOnce()) -> Vec<String> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, act);
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
