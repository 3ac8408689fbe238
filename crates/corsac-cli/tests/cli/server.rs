//! Servers whose behaviour a test defines, with a thread for each connection.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request, as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// The header lines, in order, as spelled.
    pub(crate) lines: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of the first line of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.header("access-control-request-method").is_some()
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Reads each request, and answers it with these bytes.
    pub(crate) fn new(answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::raw(move |client| {
            if let Some(request) = client.read_request() {
                client.write(&answer(&request));
                client.finish();
            }
        })
    }

    /// Answers each request alike.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(move |_| answer.clone())
    }

    /// Answers preflights and requests with these header lines and status 204 or 200.
    pub(crate) fn allowing(preflight: &'static [&'static str], request: &'static [&'static str]) -> Self {
        Self::new(move |asked| match asked.is_preflight() {
            true => response(204, preflight),
            false => response(200, request),
        })
    }

    /// Does this with each connection.
    pub(crate) fn raw(behave: impl Fn(&mut Client) + Send + Sync + 'static) -> Self {
        Self::listening(TcpListener::bind("127.0.0.1:0").unwrap(), behave)
    }

    /// Two servers at one port: the first at ::1 and the second at 127.0.0.1. They answer each request alike.
    pub(crate) fn two_at_one_port(first: Vec<u8>, second: Vec<u8>) -> (Self, Self) {
        let answering = |answer: Vec<u8>| {
            move |client: &mut Client| {
                if client.read_request().is_some() {
                    client.write(&answer);
                    client.finish();
                }
            }
        };
        // The port that is free for the one is nearly always free for the other.
        let pair = (0..20).find_map(|_| {
            let first = TcpListener::bind("[::1]:0").ok()?;
            let second = TcpListener::bind(("127.0.0.1", first.local_addr().ok()?.port())).ok()?;
            Some((first, second))
        });
        let (at_first, at_second) = pair.expect("a port that is free at ::1 and 127.0.0.1");
        (Self::listening(at_first, answering(first)), Self::listening(at_second, answering(second)))
    }

    fn listening(listener: TcpListener, behave: impl Fn(&mut Client) + Send + Sync + 'static) -> Self {
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (behave, seen) = (Arc::new(behave), Arc::clone(&requests));
        std::thread::spawn(move || {
            for stream in listener.incoming().map(Result::unwrap) {
                // No thread of a test outlives it for long.
                stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
                stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
                let (behave, seen) = (Arc::clone(&behave), Arc::clone(&seen));
                std::thread::spawn(move || behave(&mut Client { stream, seen }));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Their methods.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.method).collect()
    }
}

/// A connection, as the server sees it.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Client {
    /// A request with its body (by `Content-Length`), unless the client goes away first.
    pub(crate) fn read_request(&mut self) -> Option<Request> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            match self.stream.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => return None,
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let lines: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut request = Request { method, target, lines, body: Vec::new() };
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        request.body = vec![0; length];
        self.stream.read_exact(&mut request.body).ok()?;
        self.seen.lock().unwrap().push(request.clone());
        Some(request)
    }

    /// Writes the bytes. Returns `false` if the client is gone.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Ends the response, and reads what still arrives, so that the system does not reset the connection.
    pub(crate) fn finish(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
        self.wait();
    }

    /// Waits until the client is gone.
    pub(crate) fn wait(&mut self) {
        let mut buffer = [0; 4096];
        while matches!(self.stream.read(&mut buffer), Ok(1..)) {}
    }
}

/// A response without a body.
pub(crate) fn response(status: u16, lines: &[&str]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\nConnection: close\r\n");
    for line in lines {
        head.push_str(line);
        head.push_str("\r\n");
    }
    if status != 204 {
        head.push_str("Content-Length: 0\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// Nothing listens there: only root can use the port, no service does, and browsers do not block it.
pub(crate) const NOTHING_LISTENS: &str = "http://127.0.0.1:4/";
