//! Measures how long one `corsac check` takes on loopback, including the start of the process: `cargo bench -p corsac-cli --bench check`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark stops at the first surprise"
)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 51;

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let url = format!("http://{}/", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    println!("wall time of one `corsac check`, process start included, over {RUNS} runs");
    println!("{:44} {:>9} {:>9} {:>9}", "", "min", "median", "max");
    run("start only (corsac --version)", &["--version"]);
    run(
        "GET, one engine, no controls",
        &["check", &url, "--origin", "https://app.example", "--engine", "spec", "--no-controls"],
    );
    run("GET, all engines, controls", &["check", &url, "--origin", "https://app.example"]);
    run(
        "PUT with preflight, all engines, controls",
        &["check", &url, "--origin", "https://app.example", "-X", "PUT"],
    );
}

fn run(name: &str, arguments: &[&str]) {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| one(arguments)).collect();
    times.sort_unstable();
    let shown = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1_000.0);
    println!("{name:44} {:>9} {:>9} {:>9}", shown(times[0]), shown(times[RUNS / 2]), shown(times[RUNS - 1]));
}

fn one(arguments: &[&str]) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corsac"));
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status().expect("the command starts");
    let elapsed = started.elapsed();
    assert_eq!(status.code(), Some(0), "{arguments:?}");
    elapsed
}

/// Allows everything to `https://app.example`.
fn answer(mut stream: TcpStream) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let response = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example\r\nAccess-Control-Allow-Methods: PUT\r\n\
                    Access-Control-Max-Age: 600\r\nVary: Origin\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    // The client may be gone already, because it reads no body.
    let _ = stream.write_all(response.as_bytes());
}
