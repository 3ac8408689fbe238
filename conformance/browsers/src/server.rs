//! The test server: one program behind all origins. It answers as the cases say and keeps what arrived.
//!
//! Below `/k/` are the cases; `/page` is the page that runs them, and `/control/` is where that page fetches work and hands in results.

use std::collections::HashMap;
use std::io::{BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::control::Control;
use crate::http::{self, Request};
use crate::tls;
use corsac_conformance::Failure;
use corsac_conformance::case::Case;
use corsac_conformance::observation::{WireRequest, to_bytes};
use corsac_conformance::places::{self, Places};
use corsac_conformance::script::{Answer, Script};

/// How long answers wait where requests start at once, so that all of them are on their way before the first is answered.
const PARALLEL_DELAY: Duration = Duration::from_millis(100);

/// What the server's threads share.
#[derive(Debug)]
pub struct Server {
    pub control: Control,
    places: Places,
    runs: Mutex<HashMap<u32, Run>>,
}

/// A case that is being run.
#[derive(Debug)]
struct Run {
    case: Arc<Case>,
    script: Script,
    wire: Vec<WireRequest>,
}

trait Connection: Read + Write + Send {}
impl<T: Read + Write + Send> Connection for T {}

impl Server {
    /// Listens on all ports. The threads live as long as the program.
    pub fn start(places: Places) -> Result<Arc<Self>, Failure> {
        let server = Arc::new(Self { control: Control::default(), places, runs: Mutex::default() });
        let tls = tls::config(&Places::hosts())?;
        for (port, secure) in server.places.ports {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .map_err(|error| format!("cannot listen on 127.0.0.1:{port}: {error}; try --port"))?;
            let (server, tls) = (Arc::clone(&server), Arc::clone(&tls));
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (server, tls) = (Arc::clone(&server), secure.then(|| Arc::clone(&tls)));
                    std::thread::spawn(move || server.connection(stream, tls));
                }
            });
        }
        Ok(server)
    }

    /// From now on, requests of run `id` are answered as `case` says. Its names are expanded.
    pub fn begin(&self, id: u32, case: Case) {
        let case = Arc::new(case);
        let run = Run { script: Script::new(Arc::clone(&case)), case, wire: Vec::new() };
        self.runs().insert(id, run);
    }

    /// What arrived for run `id`, which is over.
    pub fn end(&self, id: u32) -> Vec<WireRequest> {
        self.runs().remove(&id).map(|run| run.wire).unwrap_or_default()
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<u32, Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Errors end a connection, and nobody else hears of them: a browser may close whenever it likes.
    fn connection(&self, stream: TcpStream, tls: Option<Arc<rustls::ServerConfig>>) {
        let _ = stream.set_nodelay(true);
        let _ = stream.set_read_timeout(Some(Duration::from_secs(120)));
        let scheme = if tls.is_some() { "https" } else { "http" };
        let connection: Box<dyn Connection> = match tls {
            None => Box::new(stream),
            Some(config) => match rustls::ServerConnection::new(config) {
                Ok(session) => Box::new(rustls::StreamOwned::new(session, stream)),
                Err(_) => return,
            },
        };
        let mut reader = BufReader::new(connection);
        while let Ok(Some(request)) = http::read_request(&mut reader, scheme) {
            let Some(answer) = self.answer(&request) else {
                return;
            };
            if reader.get_mut().write_all(&answer).and_then(|()| reader.get_mut().flush()).is_err() {
                return;
            }
        }
    }

    /// The bytes to send, or `None` to close the connection.
    fn answer(&self, request: &Request) -> Option<Vec<u8>> {
        match request.path() {
            "/page" => Some(page("")),
            "/page-null" => Some(page("Content-Security-Policy: sandbox allow-scripts\r\n")),
            "/runner.js" => Some(file("text/javascript", include_str!("page.js"), "")),
            "/control/next" => {
                let null = request.query("page").is_some_and(|page| page == "null");
                let page = if null { "null" } else { request.origin() };
                let work = self.control.next(page);
                Some(file("application/json", &work, "Access-Control-Allow-Origin: *\r\n"))
            }
            "/control/done" => {
                self.control.done(&request.body);
                Some(file("text/plain", "thanks", "Access-Control-Allow-Origin: *\r\n"))
            }
            path => self.answer_case(request, places::run_of(path)),
        }
    }

    fn answer_case(&self, request: &Request, id: Option<u32>) -> Option<Vec<u8>> {
        let nothing = || Some(b"HTTP/1.1 404 Nothing\r\nContent-Length: 0\r\n\r\n".to_vec());
        let Some(id) = id else {
            return nothing();
        };
        let mut runs = self.runs();
        let Some(run) = runs.get_mut(&id) else {
            return nothing();
        };
        let lines = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
        let wire = WireRequest::new(&request.method, request.url.clone(), lines, &run.case);
        let origin = request.header("origin");
        let answer = run.script.answer(&request.method, &request.url, origin.as_deref(), wire.is_preflight());
        run.wire.push(wire);
        let is_parallel = run.case.is_parallel();
        drop(runs);
        if is_parallel {
            std::thread::sleep(PARALLEL_DELAY);
        }
        (!answer.close).then(|| serialized(&answer))
    }
}

/// The page: all it does is in `page.js`.
fn page(header: &str) -> Vec<u8> {
    let html = "<!doctype html><meta charset=utf-8><title>corsac</title><link rel=icon href=data:,><script src=/runner.js></script>";
    // A cookie, so that requests show whether they carry credentials.
    file("text/html", html, &format!("{header}Set-Cookie: page=1; Path=/\r\n"))
}

fn file(media_type: &str, text: &str, header: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nCache-Control: no-store\r\nContent-Length: {}\r\n{header}\r\n",
        text.len()
    );
    [head.as_bytes(), text.as_bytes()].concat()
}

fn serialized(answer: &Answer) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} Scripted\r\n", answer.status).into_bytes();
    for (name, value) in &answer.headers {
        bytes.extend(to_bytes(name));
        bytes.extend(b": ");
        bytes.extend(to_bytes(value));
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"\r\n");
    bytes.extend(answer.body.as_bytes());
    bytes
}
