//! JSON-RPC over standard input and output, one message a line.
//!
//! rmcp has such a transport, but it does not answer a line that is no JSON or is too long.

use std::collections::HashSet;
use std::io::{self, BufRead, Read as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::JsonRpcMessage;
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::server::LONGEST_CALL;
use crate::terminal::escaped_json;

/// The most bytes of one message.
pub(super) const LONGEST_LINE: usize = 4 << 20;

const PARSE_ERROR: i32 = -32_700;
const INVALID_REQUEST: i32 = -32_600;

/// Standard input and output.
pub(super) struct Lines {
    lines: mpsc::Receiver<Line>,
    /// The requests that are not answered yet, by their id as JSON.
    open: watch::Sender<HashSet<String>>,
    has_begun: bool,
    out: Arc<Mutex<()>>,
}

enum Line {
    Text(Vec<u8>),
    TooLong,
}

impl Lines {
    /// Starts to read, on a thread of its own: reading cannot be interrupted.
    pub(super) fn start() -> Result<Self, String> {
        let (sender, lines) = mpsc::channel(1);
        let reader = std::thread::Builder::new().name("stdin".into());
        reader
            .spawn(move || {
                let mut input = io::stdin().lock();
                while let Ok(Some(line)) = read_line(&mut input) {
                    if sender.blocking_send(line).is_err() {
                        break;
                    }
                }
            })
            .map_err(|error| format!("cannot start: {error}"))?;
        Ok(Self { lines, open: watch::Sender::default(), has_begun: false, out: Arc::default() })
    }

    /// Returns the message in a line, or answers the line itself if it has none.
    fn message(&mut self, line: &Line) -> Option<RxJsonRpcMessage<RoleServer>> {
        let Line::Text(bytes) = line else {
            let text = format!("the message is longer than {} MiB", LONGEST_LINE >> 20);
            self.reject(&Value::Null, INVALID_REQUEST, &text);
            return None;
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
            self.reject(&Value::Null, PARSE_ERROR, "the line is not JSON: write one message on each line");
            return None;
        };
        let id = value.get("id").filter(|id| id.is_string() || id.is_number()).cloned();
        if value.get("method").and_then(Value::as_str) == Some("notifications/cancelled") {
            let cancelled = value.pointer("/params/requestId").map(Value::to_string).unwrap_or_default();
            self.open.send_modify(|open| {
                open.remove(&cancelled);
            });
        }
        match serde_json::from_value::<RxJsonRpcMessage<RoleServer>>(value) {
            Ok(message @ JsonRpcMessage::Request(_)) => {
                self.has_begun = true;
                self.open.send_modify(|open| open.extend(id.map(|id| id.to_string())));
                Some(message)
            }
            // Before the first request, there is nothing that a notification could be about.
            Ok(message) => self.has_begun.then_some(message),
            Err(_) => {
                let id = id.unwrap_or_default();
                self.reject(&id, INVALID_REQUEST, "the line is not a message of JSON-RPC 2.0");
                None
            }
        }
    }

    fn reject(&self, id: &Value, code: i32, message: &str) {
        let answer = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } });
        // If nobody reads the answer, the end of standard input follows.
        let _ = write(&self.out, &answer);
    }
}

impl Transport<RoleServer> for Lines {
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let (out, open) = (Arc::clone(&self.out), self.open.clone());
        async move {
            let value = serde_json::to_value(&item)?;
            let written = write(&out, &value);
            if let Some(id) = value.get("id") {
                open.send_modify(|open| {
                    open.remove(&id.to_string());
                });
            }
            written
        }
    }

    /// Returns the next message. At the end of standard input, the requests before it are answered first.
    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        while let Some(line) = self.lines.recv().await {
            if let Some(message) = self.message(&line) {
                return Some(message);
            }
        }
        let mut open = self.open.subscribe();
        let all_answered = open.wait_for(HashSet::is_empty);
        // Longer than any call takes.
        let _ = tokio::time::timeout(LONGEST_CALL + Duration::from_secs(5), all_answered).await;
        None
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.lines.close();
        Ok(())
    }
}

/// Reads a line. Of one that is too long, nothing is kept.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX).saturating_add(1);
    input.by_ref().take(limit).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.len() <= LONGEST_LINE || bytes.ends_with(b"\n") {
        return Ok(Some(Line::Text(bytes)));
    }
    drop(bytes);
    input.skip_until(b'\n')?;
    Ok(Some(Line::TooLong))
}

fn write(out: &Mutex<()>, message: &Value) -> io::Result<()> {
    let _one_at_a_time = out.lock().unwrap_or_else(PoisonError::into_inner);
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", escaped_json(&message.to_string()))?;
    stdout.flush()
}
