//! WebKitGTK's small browser: with its driver, and again without it to read its console.
//!
//! WebKit can write console messages to its output, but never those of pages without storage, such as the pages that the driver opens.
//! Pages fetch their work themselves, so a browser without a driver can run the same cases.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::{Process, free_port};
use crate::webdriver::Session;
use corsac_conformance::Failure;
use corsac_conformance::places::Places;

/// A display, and the browser on it.
#[derive(Debug)]
pub(super) struct MiniBrowser {
    /// Dropped first, before its display.
    running: Option<Process>,
    display: String,
    _server: Process,
    /// The folder of its files, removed when it ends.
    folder: PathBuf,
    /// How much of its output was read.
    read: u64,
}

/// Each has its own files, because a browser that was ended may still write.
static NEXT: AtomicU32 = AtomicU32::new(0);

impl MiniBrowser {
    pub(super) fn new() -> Result<Self, Failure> {
        let (display, server) = display()?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("corsac-webkit-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("hosts"), hosts_file())?;
        Ok(Self { running: None, display, _server: server, folder, read: 0 })
    }

    /// Starts a new browser, with nothing from the one before it.
    pub(super) fn open(&mut self, url: &str) -> Result<(), Failure> {
        self.running = None;
        let home = self.folder.join(format!("home-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&home)?;
        let output = fs::File::create(self.output())?;
        self.read = 0;
        // With tracking prevention on, `Referer` is the same as for the driver's pages.
        let child = in_own_namespace(&self.folder.join("hosts"), &self.display)
            .arg(program()?)
            .args([
                "--ignore-tls-errors",
                "--enable-itp",
                "--enable-write-console-messages-to-stdout=true",
                url,
            ])
            .env("HOME", &home)
            .env("XDG_CACHE_HOME", &home)
            .env("XDG_CONFIG_HOME", &home)
            .env("XDG_DATA_HOME", &home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .map_err(|error| format!("cannot start MiniBrowser: {error}"))?;
        self.running = Some(Process(child));
        Ok(())
    }

    /// The lines since the last call. An incomplete line is returned by the next call.
    pub(super) fn console(&mut self) -> io::Result<Vec<String>> {
        let mut file = fs::File::open(self.output())?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        bytes.truncate(whole);
        self.read += whole as u64;
        Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
    }

    fn output(&self) -> PathBuf {
        self.folder.join("output")
    }
}

impl Drop for MiniBrowser {
    fn drop(&mut self) {
        self.running = None;
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The browser with its driver.
pub(super) fn driven() -> Result<(Session, Vec<Process>), Failure> {
    let (display, server) = display()?;
    let port = free_port()?;
    let hosts = std::env::temp_dir().join(format!("corsac-hosts-{}", std::process::id()));
    fs::write(&hosts, hosts_file())?;
    let driver = super::start(
        in_own_namespace(&hosts, &display).arg("WebKitWebDriver").arg(format!("--port={port}")),
        port,
    )?;
    let capabilities = json!({
        "browserName": "MiniBrowser",
        "acceptInsecureCerts": true,
        "webkitgtk:browserOptions": { "binary": program()?, "args": ["--automation"] },
    });
    let session = Session::open(port, &capabilities)?;
    Ok((session, vec![driver, server]))
}

/// A command that runs in its own mount namespace, so that only it uses the names of [`Places`].
fn in_own_namespace(hosts: &Path, display: &str) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "sh", "-c", r#"mount --bind "$1" /etc/hosts && shift && exec "$@""#, "sh"])
        .arg(hosts)
        .env("DISPLAY", display)
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env_remove("http_proxy")
        .env_remove("https_proxy");
    command
}

fn hosts_file() -> String {
    Places::hosts().iter().map(|host| format!("127.0.0.1 {host}\n")).collect()
}

/// It is in the library's folder, whose name changes with versions.
fn program() -> Result<PathBuf, Failure> {
    let folder = PathBuf::from(format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    let candidates = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
    let mut paths = candidates.iter().map(|name| folder.join(name).join("MiniBrowser"));
    paths.find(|path| path.exists()).ok_or_else(|| "MiniBrowser is not installed: webkit2gtk-driver".into())
}

/// A display without a screen: its name and its server.
fn display() -> Result<(String, Process), Failure> {
    let mut child = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start Xvfb: {error}"))?;
    let output = child.stdout.take().ok_or("Xvfb has no output")?;
    let process = Process(child);
    let mut number = String::new();
    BufReader::new(output).read_line(&mut number)?;
    Ok((format!(":{}", number.trim()), process))
}
