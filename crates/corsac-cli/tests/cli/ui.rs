//! `corsac ui`: what is served, what is asked, and what is refused.

mod ask;
mod guard;
mod pages;
mod prove;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::command::binary;

/// `corsac ui` on a free port, until dropped.
pub(crate) struct Page {
    pub(crate) child: Child,
    /// What it printed until it was ready.
    pub(crate) text: String,
    /// The host and the port that the link has.
    host: String,
    token: String,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The header lines, with names in lower case.
    lines: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Page {
    fn start() -> Self {
        Self::with(&[])
    }

    fn with(arguments: &[&str]) -> Self {
        let fixed = ["ui", "--no-open", "--port", "0"];
        Self::of(&[&fixed, arguments].concat())
    }

    /// Starts this command, and waits until it says how it is stopped.
    pub(crate) fn of(arguments: &[&str]) -> Self {
        let mut command = binary();
        command.args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut text = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            text.push_str(&line);
            text.push('\n');
            if line.contains("Ctrl-C") {
                break;
            }
        }
        let (start, token) = text.split_once("#token=").unwrap();
        let host = start.rsplit_once("://").unwrap().1.trim_end_matches('/').to_owned();
        let token = token.split_whitespace().next().unwrap().to_owned();
        Self { child, text, host, token }
    }

    fn port(&self) -> &str {
        self.host.rsplit_once(':').unwrap().1
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.host)
    }

    /// Sends these bytes, and reads what comes until the end.
    fn send(&self, request: &[u8]) -> Answer {
        exchange(&format!("127.0.0.1:{}", self.port()), request)
    }

    /// A GET with these header lines besides `Host`.
    pub(crate) fn get(&self, path: &str, lines: &[&str]) -> Answer {
        let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let host = &self.host;
        self.send(
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}Connection: close\r\n\r\n").as_bytes(),
        )
    }

    /// The header lines of a call as the page makes it.
    fn lines(&self) -> Vec<String> {
        vec![
            format!("Host: {}", self.host),
            format!("Origin: {}", self.origin()),
            "Sec-Fetch-Site: same-origin".to_owned(),
            "Content-Type: application/json".to_owned(),
            format!("X-Corsac-Token: {}", self.token),
        ]
    }

    /// A request with these header lines.
    fn post_with(&self, request_line: &str, lines: &[String], body: &str) -> Answer {
        self.send(bytes(request_line, lines, body).as_slice())
    }

    /// A call as the page makes it.
    pub(crate) fn call(&self, path: &str, value: &Value) -> Answer {
        self.post_with(&format!("POST /api/{path}"), &self.lines(), &value.to_string())
    }

    /// The answer of a call that succeeds.
    pub(crate) fn answer(&self, path: &str, value: &Value) -> Value {
        let answer = self.call(path, value);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

fn bytes(request_line: &str, lines: &[String], body: &str) -> Vec<u8> {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    format!("{request_line} HTTP/1.1\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

/// Sends these bytes to this address, and reads what comes until the end.
fn exchange(address: &str, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    // A server that refuses a body may close the connection before all of it was sent.
    let _ = stream.write_all(request);
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a response");
    let head = String::from_utf8_lossy(&response[..end]).into_owned();
    let mut lines = head.lines();
    Answer {
        status: lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap(),
        lines: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: response[end + 4..].to_vec(),
    }
}
