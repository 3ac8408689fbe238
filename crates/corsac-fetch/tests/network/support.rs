//! Servers on threads of their own that answer as a test wants, and functions to send to them.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use corsac::browser::{Exchange, ExchangeKind, NetworkError, NetworkErrorKind};
use corsac::header::HeaderList;
use corsac_fetch::{Network, NetworkOptions, Received, SendError};

/// A thread per connection, each doing the same.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// How many bytes went into sockets.
    pub(crate) written: Arc<AtomicUsize>,
    requests: Receiver<String>,
}

impl Server {
    pub(crate) fn on(address: &str, behave: impl Fn(&mut Client) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let written = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&written);
        let (report, requests) = mpsc::channel();
        let behave = Arc::new(behave);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                // No thread of a test outlives it for long.
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
                let mut client = Client { stream, written: Arc::clone(&counter), report: report.clone() };
                let behave = Arc::clone(&behave);
                std::thread::spawn(move || behave(&mut client));
            }
        });
        Self { address, written, requests }
    }

    pub(crate) fn new(behave: impl Fn(&mut Client) + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1:0", behave)
    }

    /// Reads a request, and answers with these bytes.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(move |client| {
            client.read_request();
            client.write(&answer);
            client.finish();
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The next request that was read whole, as text.
    pub(crate) fn request(&self) -> String {
        self.requests.recv_timeout(Duration::from_secs(20)).expect("a request")
    }

    pub(crate) fn saw_no_request(&self) -> bool {
        self.requests.recv_timeout(Duration::from_millis(50)).is_err()
    }

    pub(crate) fn written(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }
}

/// The connection, as a server sees it.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    written: Arc<AtomicUsize>,
    report: mpsc::Sender<String>,
}

impl Client {
    /// Reads a request with its body (by `Content-Length`), and reports it to the test.
    pub(crate) fn read_request(&mut self) -> String {
        let request = read_request(&mut self.stream);
        if !request.is_empty() {
            let _ = self.report.send(request.clone());
        }
        request
    }

    /// Returns `true` if the client still takes these bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        match self.stream.write_all(bytes) {
            Ok(()) => {
                self.written.fetch_add(bytes.len(), Ordering::Relaxed);
                true
            }
            Err(_) => false,
        }
    }

    /// Ends the response, and takes what still comes, so that the system does not turn the end into a reset.
    pub(crate) fn finish(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
        self.wait();
    }

    /// Until the client goes away.
    pub(crate) fn wait(&mut self) {
        let mut buffer = [0; 1024];
        while matches!(self.stream.read(&mut buffer), Ok(1..)) {}
    }
}

pub(crate) fn read_request(stream: &mut impl Read) -> String {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1..) => request.push(byte[0]),
            _ => return String::new(),
        }
    }
    let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    request.extend(body);
    String::from_utf8_lossy(&request).into_owned()
}

pub(crate) fn get(url: &str) -> Exchange {
    let mut exchange = Exchange::new(ExchangeKind::Request, "GET", url.parse().unwrap());
    exchange.headers = HeaderList::from_iter([("Accept", "*/*"), ("Origin", "https://app.example")]);
    exchange
}

pub(crate) fn options() -> NetworkOptions {
    NetworkOptions::default().with(|options| options.timeout = Duration::from_secs(20))
}

/// Options for an exchange that is going to run into its time limit.
pub(crate) fn hasty() -> NetworkOptions {
    NetworkOptions::default().with(|options| options.timeout = Duration::from_millis(300))
}

pub(crate) async fn send(options: NetworkOptions, exchange: &Exchange) -> Result<Received, SendError> {
    Network::new(options).unwrap().send(exchange, None, &mut |_| true).await
}

pub(crate) async fn received(url: &str) -> Received {
    send(options(), &get(url)).await.expect("a response")
}

/// The error that an exchange ends in. Servers of these tests wait or send for ever, so that only a limit of ours ends it.
pub(crate) async fn failure(options: NetworkOptions, url: &str) -> NetworkError {
    match send(options, &get(url)).await {
        Err(SendError::Failed(error)) => error,
        other => panic!("{url}: {other:?}"),
    }
}

/// The error that an exchange ends in, which must be of this kind.
pub(crate) async fn fails(options: NetworkOptions, url: &str, kind: NetworkErrorKind) -> NetworkError {
    let error = failure(options, url).await;
    assert_eq!(error.kind, kind, "{error}");
    error
}

/// Collects values from a callback.
pub(crate) struct Noted<T>(Mutex<Vec<T>>);

impl<T> Noted<T> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    pub(crate) fn note(&self, value: T) {
        self.0.lock().unwrap().push(value);
    }

    pub(crate) fn all(self) -> Vec<T> {
        self.0.into_inner().unwrap()
    }
}
