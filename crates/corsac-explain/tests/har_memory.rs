//! A large recording takes little memory. Linux tells how much a process took at most; the process is this test, started again.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test, which tells its parent what it found")]

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use corsac_explain::har;

/// The most that the process may take, in kilobytes.
const MOST: u64 = 64 * 1024;

const VARIABLE: &str = "CORSAC_HAR_MEGABYTES";

#[test]
fn a_large_recording_is_read_and_copied_in_little_memory() {
    // Without optimization many small parts take long, so the sizes differ. The variable sets one for all.
    let asked: Option<usize> = std::env::var(VARIABLE).ok().and_then(|size| size.parse().ok());
    let rows = [
        ("bodies", Kind::Bodies, 20, 20),
        ("one body", Kind::OneBody, 30, 30),
        ("requests", Kind::Requests, 8, 2),
        ("messages", Kind::Messages, 4, 2),
    ];
    let check = |child: &str, name: &str, kind: Kind, megabytes: usize| {
        let started = Instant::now();
        let megabytes = asked.unwrap_or(megabytes);
        let peak = peak_of(child, kind, megabytes);
        eprintln!("{child}, {megabytes} MB of {name}: {peak} KB in {:?}", started.elapsed());
        assert!(peak < MOST, "{child}, {name}: {peak} KB");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            rows.iter().for_each(|(name, kind, read, _)| check("read_standard_input", name, *kind, *read));
        });
        scope.spawn(|| {
            rows.iter().for_each(|(name, kind, _, copy)| check("copy_standard_input", name, *kind, *copy));
        });
    });
}

#[test]
#[ignore = "reads standard input: the other test starts it"]
fn read_standard_input() {
    let reading = har::read(io::stdin()).unwrap();
    assert!(reading.entries > 0);
    print_peak();
}

#[test]
#[ignore = "reads standard input: the other test starts it"]
fn copy_standard_input() {
    har::redact(io::stdin(), io::sink()).unwrap();
    print_peak();
}

fn print_peak() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("peak: {}", peak.trim().trim_end_matches(" kB"));
}

fn peak_of(child: &str, kind: Kind, megabytes: usize) -> u64 {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child, "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    write(&mut input, kind, megabytes * 1_000_000).unwrap();
    drop(input);
    let output = process.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    let peak = text.lines().find_map(|line| line.split_once("peak: ")).unwrap().1;
    peak.parse().unwrap()
}

#[derive(Clone, Copy)]
enum Kind {
    /// Many responses of 500 KB.
    Bodies,
    /// One response that is nearly the whole recording.
    OneBody,
    /// As many failed requests between origins as fit.
    Requests,
    /// One WebSocket with many messages.
    Messages,
}

/// Writes a recording of about this size.
fn write(output: &mut impl Write, kind: Kind, size: usize) -> io::Result<()> {
    let mut output = io::BufWriter::with_capacity(1 << 20, output);
    output.write_all(b"{\"log\": {\"creator\": {\"name\": \"WebInspector\"}, \"entries\": [")?;
    let (before, unit, after) = match kind {
        Kind::Bodies => (start("items"), "<p>line \\\"quoted\\\"\\n</p>".repeat(20_000), end(200)),
        Kind::OneBody => (String::new(), "eyJhbGciOiJub25lIn0=".repeat(10_000), String::new()),
        Kind::Requests => (start("items?page=7"), "short".to_owned(), end(500)),
        Kind::Messages => (
            String::new(),
            "{\"type\": \"send\", \"opcode\": 1, \"data\": \"hello\"},".repeat(1_000),
            String::new(),
        ),
    };
    match kind {
        Kind::OneBody => output.write_all(start("items").as_bytes())?,
        Kind::Messages => output.write_all(b"{\"_webSocketMessages\": [")?,
        _ => {}
    }
    let chunk = format!("{before}{unit}{after}");
    let times = size / chunk.len() + 1;
    for number in 0..times {
        output.write_all(chunk.as_bytes())?;
        if matches!(kind, Kind::Bodies | Kind::Requests) && number + 1 < times {
            output.write_all(b",")?;
        }
    }
    match kind {
        Kind::OneBody => output.write_all(end(200).as_bytes())?,
        Kind::Messages => output.write_all(b"null]}")?,
        _ => {}
    }
    output.write_all(b"]}}")?;
    output.flush()
}

fn start(path: &str) -> String {
    let header = |name: &str, value: &str| format!("{{\"name\": \"{name}\", \"value\": \"{value}\"}}");
    let headers = [
        header("Origin", "https://app.example"),
        header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"),
        header("X-Request", "7"),
    ];
    format!(
        "{{\"_resourceType\": \"fetch\", \"request\": {{\"method\": \"GET\", \"url\": \"https://api.example/{path}\", \"headers\": [{}]}}, \
         \"response\": {{\"content\": {{\"mimeType\": \"text/html\", \"text\": \"",
        headers.join(",")
    )
}

fn end(status: u16) -> String {
    format!(
        "\"}}, \"status\": {status}, \"headers\": [{{\"name\": \"Server\", \"value\": \"nginx/1.27\"}}], \"_error\": \"net::ERR_FAILED\"}}}}"
    )
}
