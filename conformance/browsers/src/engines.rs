//! Starting the three browsers, headless, with every name of [`Places`] leading to loopback.

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
    way: Way,
}

/// How the browser is told to open a page, and where its console is read.
#[derive(Debug)]
enum Way {
    // Dropped in this order: the session first, so that the driver can close the browser.
    WebDriver { session: Session, _processes: Vec<Process> },
    Firefox(Firefox),
    Alone(MiniBrowser),
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
        let (session, processes) = match engine {
            Engine::Chromium => chromium()?,
            Engine::Firefox => {
                let firefox = Firefox::start()?;
                let version = firefox.version.clone();
                return Ok(Self { engine, version, way: Way::Firefox(firefox) });
            }
            Engine::WebKit => webkit::driven()?,
            _ => return Err(format!("{} is not a browser that can be started", engine.title()).into()),
        };
        let version = session.browser.clone();
        Ok(Self { engine, version, way: Way::WebDriver { session, _processes: processes } })
    }

    /// A second browser whose console can be read, where that of the first cannot.
    pub fn start_for_console(engine: Engine) -> Result<Option<Self>, Failure> {
        if engine != Engine::WebKit {
            return Ok(None);
        }
        let way = Way::Alone(MiniBrowser::new()?);
        Ok(Some(Self { engine, version: String::new(), way }))
    }

    /// The same, new.
    pub fn again(&self) -> Result<Self, Failure> {
        match self.way {
            Way::WebDriver { .. } | Way::Firefox(_) => Self::start(self.engine),
            Way::Alone(_) => Ok(Self {
                engine: self.engine,
                version: self.version.clone(),
                way: Way::Alone(MiniBrowser::new()?),
            }),
        }
    }

    /// Leave the page that is open for this one.
    pub fn open(&mut self, url: &str) -> Result<(), Failure> {
        match &mut self.way {
            Way::WebDriver { session, .. } => session.navigate(url),
            Way::Firefox(browser) => browser.open(url),
            Way::Alone(browser) => browser.open(url),
        }
    }

    /// What the console said since the last call, line by line.
    pub fn console(&mut self) -> Vec<String> {
        match &mut self.way {
            Way::WebDriver { session, .. } => match self.engine {
                Engine::Chromium => chromium_console(session),
                _ => Vec::new(),
            },
            Way::Firefox(browser) => browser.console().unwrap_or_default(),
            Way::Alone(browser) => browser.console().unwrap_or_default(),
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

/// Start a driver, or a browser that is its own, and wait until it listens.
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
