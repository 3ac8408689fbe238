//! The test server: one program for all origins. It responds as the cases say and records the requests.
//!
//! Below `/k/` are the cases. `/page` is the page that runs them, and `/control/` is where that page fetches work and sends results.

use std::collections::HashMap;
use std::io::{BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::control::Control;
use crate::http::{self, Request, Response};
use crate::http2;
use crate::tls;
use corsac_conformance::Failure;
use corsac_conformance::case::Case;
use corsac_conformance::observation::{WireRequest, to_bytes};
use corsac_conformance::places::{self, Places, Protocol};
use corsac_conformance::script::{Answer, Script};

/// How long responses are delayed if requests start at once, so that all of them are sent before the first response.
const PARALLEL_DELAY: Duration = Duration::from_millis(100);

/// The state that the server's threads share.
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
    /// Listens on all ports. The threads run until the program ends.
    pub fn start(places: Places) -> Result<Arc<Self>, Failure> {
        let server = Arc::new(Self { control: Control::default(), places, runs: Mutex::default() });
        let (tls, http2) = (tls::config(&Places::hosts(), "http/1.1")?, tls::config(&Places::hosts(), "h2")?);
        for (port, protocol) in server.places.ports {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .map_err(|error| format!("cannot listen on 127.0.0.1:{port}: {error}; try --port"))?;
            let (server, tls, http2) = (Arc::clone(&server), Arc::clone(&tls), Arc::clone(&http2));
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (server, tls, http2) = (Arc::clone(&server), Arc::clone(&tls), Arc::clone(&http2));
                    std::thread::spawn(move || match protocol {
                        Protocol::Http => server.connection(stream, None),
                        Protocol::Https => server.connection(stream, Some(tls)),
                        // Only the connection ends with an error.
                        Protocol::Http2 => {
                            drop(http2::serve(stream, http2, move |request| server.answer(request)));
                        }
                    });
                }
            });
        }
        Ok(server)
    }

    /// Starts run `id`: its requests now get the responses of `case`, whose names are expanded.
    pub fn begin(&self, id: u32, case: Case) {
        let case = Arc::new(case);
        let run = Run { script: Script::new(Arc::clone(&case)), case, wire: Vec::new() };
        self.runs().insert(id, run);
    }

    /// Ends run `id`, and returns its requests.
    pub fn end(&self, id: u32) -> Vec<WireRequest> {
        self.runs().remove(&id).map(|run| run.wire).unwrap_or_default()
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<u32, Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An error only ends the connection: a browser may close it at any time.
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
            if reader.get_mut().write_all(&answer.to_bytes()).and_then(|()| reader.get_mut().flush()).is_err()
            {
                return;
            }
        }
    }

    /// What to send, or `None` to close the connection.
    fn answer(&self, request: &Request) -> Option<Response> {
        match request.path() {
            "/page" => Some(page(None)),
            "/page-null" => Some(page(Some(("Content-Security-Policy", "sandbox allow-scripts")))),
            "/runner.js" => Some(file("text/javascript", include_str!("page.js"), None)),
            "/control/next" => {
                let null = request.query("page").is_some_and(|page| page == "null");
                let page = if null { "null" } else { request.origin() };
                let work = self.control.next(page);
                Some(file("application/json", &work, Some(("Access-Control-Allow-Origin", "*"))))
            }
            "/control/done" => {
                self.control.done(&request.body);
                Some(file("text/plain", "thanks", Some(("Access-Control-Allow-Origin", "*"))))
            }
            path => self.answer_case(request, places::run_of(path)),
        }
    }

    fn answer_case(&self, request: &Request, id: Option<u32>) -> Option<Response> {
        let nothing = || Some(response(404, &[("Content-Length", "0")], ""));
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
        let key = request.header("sec-websocket-key").unwrap_or_default();
        (!answer.close).then(|| scripted(answer.accepting(&web_socket_accept(&key))))
    }
}

/// The page. All that it does is in `page.js`.
fn page(header: Option<(&str, &str)>) -> Response {
    let html = "<!doctype html><meta charset=utf-8><title>corsac</title><link rel=icon href=data:,><script src=/runner.js></script>";
    let mut page = file("text/html", html, header);
    // A cookie, which shows whether requests have credentials.
    page.headers.push(("Set-Cookie".to_owned(), b"page=1; Path=/".to_vec()));
    page
}

fn file(media_type: &str, text: &str, header: Option<(&str, &str)>) -> Response {
    let length = text.len().to_string();
    let mut lines =
        vec![("Content-Type", media_type), ("Cache-Control", "no-store"), ("Content-Length", &length)];
    lines.extend(header);
    response(200, &lines, text)
}

fn response(status: u16, lines: &[(&str, &str)], text: &str) -> Response {
    let headers = lines.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    Response { status, headers, body: text.as_bytes().to_vec() }
}

/// The response to the `Sec-WebSocket-Key` of a handshake: [RFC 6455, section 4.2.2](https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2).
fn web_socket_accept(key: &str) -> String {
    let text = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    BASE64_STANDARD.encode(hash)
}

fn scripted(answer: Answer) -> Response {
    let headers = answer.headers.into_iter().map(|(name, value)| (name, to_bytes(&value))).collect();
    Response { status: answer.status, headers, body: answer.body.to_vec() }
}
