//! Runs the built binary, and stops it if it hangs.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Far more than any of these runs takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The result of one run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// How long it took.
    pub(crate) took: Duration,
    /// The most memory that it used at a time, in KiB, if the system reports it.
    pub(crate) peak: Option<u64>,
}

impl Run {
    /// Returns the one JSON object on standard output.
    pub(crate) fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value @ Value::Object(_)) => value,
            other => panic!("not one JSON object: {other:?}\n{self:#?}"),
        }
    }
}

/// Returns a command without variables about proxies and colours.
pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corsac"));
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "REQUEST_METHOD"] {
        command.env_remove(name);
    }
    command
}

/// Runs `corsac` with these arguments.
pub(crate) fn corsac<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    let mut command = binary();
    command.args(arguments);
    run(command, b"")
}

/// Runs `corsac check URL --origin http://app.example` with these arguments.
///
/// The page is an http page like the servers, because engines differ in what an https page may request from this machine.
pub(crate) fn check(url: &str, arguments: &[&str]) -> Run {
    let fixed = ["check", url, "--origin", "http://app.example"];
    corsac(fixed.iter().chain(arguments))
}

/// The same with `--json`.
pub(crate) fn check_json(url: &str, arguments: &[&str]) -> Value {
    let run = check(url, &[arguments, &["--json"]].concat());
    assert_eq!(run.stderr, "", "{run:#?}");
    run.json()
}

/// Runs the command to its end, with this on its standard input.
pub(crate) fn run(mut command: Command, input: &[u8]) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It is no error if the command closes the pipe because it reads no input.
    let _ = child.stdin.take().unwrap().write_all(input);
    let stdout = read(child.stdout.take().unwrap());
    let stderr = read(child.stderr.take().unwrap());

    let started = Instant::now();
    let mut peak = None;
    let status = loop {
        peak = peak_memory(child.id()).or(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("still running after {PATIENCE:?}: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Run {
        took: started.elapsed(),
        status: status.code().unwrap_or_else(|| panic!("ended by a signal: {status}, {command:?}")),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
        peak,
    }
}

fn read(mut from: impl std::io::Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).expect("output is UTF-8")
    })
}

/// Linux keeps the highest value, so the last reading before the end has it.
fn peak_memory(process: u32) -> Option<u64> {
    let mut status = String::new();
    std::fs::File::open(format!("/proc/{process}/status")).ok()?.read_to_string(&mut status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
