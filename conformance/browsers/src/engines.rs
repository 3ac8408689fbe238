//! Starting the three browsers, headless, with every name of [`Places`] leading to loopback.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use corsac::browser::Engine;
use serde_json::{Value, json};

use crate::webdriver::Session;
use corsac_conformance::Failure;
use corsac_conformance::places::Places;

/// A running browser. Dropping it ends the browser, its driver and its display.
#[derive(Debug)]
pub struct Browser {
    pub engine: Engine,
    // Dropped in this order: the session first, so that the driver can close the browser.
    pub session: Session,
    _processes: Vec<Process>,
}

/// A child that ends with us.
#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    pub fn start(engine: Engine) -> Result<Self, Failure> {
        match engine {
            Engine::Chromium => chromium(),
            Engine::Firefox => firefox(),
            Engine::WebKit => webkit(),
            Engine::Spec => Err("the standard is no browser".into()),
        }
    }

    /// What the console said since the last call, line by line.
    pub fn console(&self) -> Vec<String> {
        match self.engine {
            Engine::Chromium => self.chromium_console(),
            Engine::Firefox => self.firefox_console(),
            Engine::WebKit | Engine::Spec => Vec::new(),
        }
    }

    fn chromium_console(&self) -> Vec<String> {
        let log = self.session.post("/se/log", &json!({ "type": "browser" })).unwrap_or_default();
        texts(&log, "message")
    }

    /// The browser console, through privileged script. Firefox keeps 250 messages.
    fn firefox_console(&self) -> Vec<String> {
        const SCRIPT: &str = "const all = Services.console.getMessageArray() ?? [];
            Services.console.reset();
            return all.map((message) => ({ text: message.errorMessage ?? message.message }));";
        let set = |context: &str| self.session.post("/moz/context", &json!({ "context": context }));
        if set("chrome").is_err() {
            return Vec::new();
        }
        let log =
            self.session.post("/execute/sync", &json!({ "script": SCRIPT, "args": [] })).unwrap_or_default();
        let _ = set("content");
        texts(&log, "text")
    }
}

fn texts(log: &Value, field: &str) -> Vec<String> {
    let entries = log.as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(|entry| entry.get(field)?.as_str().map(str::to_owned)).collect()
}

fn chromium() -> Result<Browser, Failure> {
    let port = free_port()?;
    let driver = start(Command::new("chromedriver").arg(format!("--port={port}")), port)?;
    let rules: Vec<_> = Places::hosts().iter().map(|host| format!("MAP {host} 127.0.0.1")).collect();
    let capabilities = json!({
        "browserName": "chrome",
        "acceptInsecureCerts": true,
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "binary": "/usr/bin/chromium",
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
                "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
                format!("--host-resolver-rules={}", rules.join(",")),
            ],
        },
    });
    let session = Session::open(port, &capabilities)?;
    Ok(Browser { engine: Engine::Chromium, session, _processes: vec![driver] })
}

fn firefox() -> Result<Browser, Failure> {
    let port = free_port()?;
    let marionette = free_port()?;
    let driver = start(
        Command::new("geckodriver").args([
            "--port",
            &port.to_string(),
            "--marionette-port",
            &marionette.to_string(),
            "--allow-system-access",
            "--log",
            "fatal",
        ]),
        port,
    )?;
    let capabilities = json!({
        "browserName": "firefox",
        "acceptInsecureCerts": true,
        "moz:firefoxOptions": {
            "binary": "/usr/bin/firefox-esr",
            "args": ["-headless"],
            "prefs": {
                "network.dns.localDomains": Places::hosts().join(","),
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
                "browser.safebrowsing.malware.enabled": false,
                "browser.safebrowsing.phishing.enabled": false,
                "app.update.disabledForTesting": true,
                "dom.security.https_first": false,
                "dom.min_background_timeout_value": 4,
                "dom.timeout.enable_budget_timer_throttling": false,
            },
        },
    });
    let session = Session::open(port, &capabilities)?;
    Ok(Browser { engine: Engine::Firefox, session, _processes: vec![driver] })
}

fn webkit() -> Result<Browser, Failure> {
    let (display, server) = display()?;
    let port = free_port()?;
    let hosts = std::env::temp_dir().join(format!("corsac-hosts-{}", std::process::id()));
    let lines: Vec<_> = Places::hosts().iter().map(|host| format!("127.0.0.1 {host}\n")).collect();
    std::fs::write(&hosts, lines.concat())?;
    // A mount namespace of its own, so that only this browser sees the names.
    let script = r#"mount --bind "$1" /etc/hosts && exec WebKitWebDriver --port="$2""#;
    let driver = start(
        Command::new("unshare")
            .args(["--mount", "sh", "-c", script, "sh"])
            .arg(&hosts)
            .arg(port.to_string())
            .env("DISPLAY", display)
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env_remove("http_proxy")
            .env_remove("https_proxy"),
        port,
    )?;
    let capabilities = json!({
        "browserName": "MiniBrowser",
        "acceptInsecureCerts": true,
        "webkitgtk:browserOptions": { "binary": mini_browser()?, "args": ["--automation"] },
    });
    let session = Session::open(port, &capabilities)?;
    Ok(Browser { engine: Engine::WebKit, session, _processes: vec![driver, server] })
}

/// WebKitGTK's small browser lies in the library's folder, whose name changes with versions.
fn mini_browser() -> Result<PathBuf, Failure> {
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

/// Start a driver and wait until it listens.
fn start(command: &mut Command, port: u16) -> Result<Process, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    let process = Process(child);
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if Instant::now() > deadline {
            return Err(format!("{program} does not listen on port {port}").into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(process)
}

fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
