//! Starts the three browsers, headless, with every name of [`Places`] resolved to loopback.

mod firefox;
mod webkit;

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use corsac::browser::Engine;
use serde_json::{Value, json};

use crate::webdriver::Session;
use corsac_conformance::Failure;
use corsac_conformance::places::Places;
use firefox::Firefox;
use webkit::MiniBrowser;

/// A running browser. Dropping it ends the browser, its driver and its display.
#[derive(Debug)]
pub struct Browser {
    pub engine: Engine,
    /// Its name and version.
    pub version: String,
    control: Control,
}

/// How the browser is controlled, and where its console is read.
#[derive(Debug)]
enum Control {
    // Dropped in this order: the session first, so that the driver can close the browser.
    WebDriver { session: Session, _processes: Vec<Process> },
    Firefox(Firefox),
    WithoutDriver(MiniBrowser),
}

/// A child process that ends with this program.
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
        let (session, processes) = match engine {
            Engine::Chromium => chromium()?,
            Engine::Firefox => {
                let firefox = Firefox::start()?;
                let version = firefox.version.clone();
                return Ok(Self { engine, version, control: Control::Firefox(firefox) });
            }
            Engine::WebKit => webkit::driven()?,
            _ => return Err(format!("{} is not a browser that can be started", engine.title()).into()),
        };
        let version = session.browser.clone();
        Ok(Self { engine, version, control: Control::WebDriver { session, _processes: processes } })
    }

    /// A second browser whose console can be read, where that of the first cannot.
    pub fn start_for_console(engine: Engine) -> Result<Option<Self>, Failure> {
        if engine != Engine::WebKit {
            return Ok(None);
        }
        let control = Control::WithoutDriver(MiniBrowser::new()?);
        Ok(Some(Self { engine, version: String::new(), control }))
    }

    /// Starts the same browser again.
    pub fn again(&self) -> Result<Self, Failure> {
        match self.control {
            Control::WebDriver { .. } | Control::Firefox(_) => Self::start(self.engine),
            Control::WithoutDriver(_) => Ok(Self {
                engine: self.engine,
                version: self.version.clone(),
                control: Control::WithoutDriver(MiniBrowser::new()?),
            }),
        }
    }

    /// Opens this page in place of the current one.
    pub fn open(&mut self, url: &str) -> Result<(), Failure> {
        match &mut self.control {
            Control::WebDriver { session, .. } => session.navigate(url),
            Control::Firefox(browser) => browser.open(url),
            Control::WithoutDriver(browser) => browser.open(url),
        }
    }

    /// The console lines since the last call.
    pub fn console(&mut self) -> Vec<String> {
        match &mut self.control {
            Control::WebDriver { session, .. } => match self.engine {
                Engine::Chromium => chromium_console(session),
                _ => Vec::new(),
            },
            Control::Firefox(browser) => browser.console().unwrap_or_default(),
            Control::WithoutDriver(browser) => browser.console().unwrap_or_default(),
        }
    }
}

fn chromium_console(session: &Session) -> Vec<String> {
    let log = session.post("/se/log", &json!({ "type": "browser" })).unwrap_or_default();
    texts(&log, "message")
}

fn texts(log: &Value, field: &str) -> Vec<String> {
    let entries = log.as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(|entry| entry.get(field)?.as_str().map(str::to_owned)).collect()
}

fn chromium() -> Result<(Session, Vec<Process>), Failure> {
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
    Ok((session, vec![driver]))
}

/// Starts a driver, or a browser with a built-in one, and waits until it listens.
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
