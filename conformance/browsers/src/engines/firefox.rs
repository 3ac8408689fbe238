//! Firefox, controlled with Marionette: the protocol on which geckodriver builds WebDriver. Using it directly saves building geckodriver,
//! which no distribution package contains.
//!
//! A message is its length in digits, a colon and JSON. A command is `[0, id, name, parameters]`, its response `[1, id, error, value]`
//! ([protocol](https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html)).

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Process, free_port, texts};
use corsac_conformance::Failure;
use corsac_conformance::places::Places;

/// A running Firefox. Dropping it ends the browser and removes its profile.
#[derive(Debug)]
pub(super) struct Firefox {
    /// Its name and version.
    pub version: String,
    marionette: Marionette,
    /// Ended before its profile is removed.
    running: Option<Process>,
    profile: PathBuf,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Firefox {
    pub(super) fn start() -> Result<Self, Failure> {
        let port = free_port()?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("corsac-firefox-{}-{number}", std::process::id()));
        fs::create_dir_all(&profile)?;
        fs::write(profile.join("user.js"), preferences(port))?;
        let running = super::start(&mut command(&profile), port)?;
        let mut marionette = Marionette::connect(port)?;
        let session = marionette.call("WebDriver:NewSession", &json!({ "acceptInsecureCerts": true }))?;
        let says = |name: &str| {
            session.pointer(&format!("/capabilities/{name}")).and_then(Value::as_str).unwrap_or("?")
        };
        let version = format!("{} {}", says("browserName"), says("browserVersion"));
        Ok(Self { version, marionette, running: Some(running), profile })
    }

    /// Opens a URL and waits until the page is loaded.
    pub(super) fn open(&mut self, url: &str) -> Result<(), Failure> {
        self.marionette.call("WebDriver:Navigate", &json!({ "url": url })).map(drop)
    }

    /// Reads the browser console through privileged script. Firefox keeps 250 messages.
    pub(super) fn console(&mut self) -> Result<Vec<String>, Failure> {
        const SCRIPT: &str = "const all = Services.console.getMessageArray() ?? [];
            Services.console.reset();
            const text = (message) => message instanceof Ci.nsIScriptError ? message.errorMessage : message.message;
            return all.map((message) => ({ text: text(message) }));";
        self.marionette.call("Marionette:SetContext", &json!({ "value": "chrome" }))?;
        let log = self.marionette.call("WebDriver:ExecuteScript", &json!({ "script": SCRIPT, "args": [] }));
        self.marionette.call("Marionette:SetContext", &json!({ "value": "content" }))?;
        let log = log?;
        Ok(texts(log.get("value").unwrap_or(&Value::Null), "text"))
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        self.running = None;
        let _ = fs::remove_dir_all(&self.profile);
    }
}

fn command(profile: &Path) -> Command {
    let mut command = Command::new("firefox-esr");
    command
        .args(["--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile"])
        .arg(profile)
        .env("MOZ_CRASHREPORTER_DISABLE", "1");
    command
}

/// The preferences of a profile for tests. Marionette itself sets many more when it starts.
fn preferences(port: u16) -> String {
    let rows = [
        ("marionette.port", json!(port)),
        ("network.dns.localDomains", json!(Places::hosts().join(","))),
        ("network.captive-portal-service.enabled", json!(false)),
        ("network.connectivity-service.enabled", json!(false)),
        // Without it, Firefox asks the user about a redirect that keeps method and body.
        ("network.http.prompt-temp-redirect", json!(false)),
        ("browser.safebrowsing.malware.enabled", json!(false)),
        ("browser.safebrowsing.phishing.enabled", json!(false)),
        ("browser.shell.checkDefaultBrowser", json!(false)),
        ("browser.startup.page", json!(0)),
        ("app.update.disabledForTesting", json!(true)),
        ("datareporting.policy.dataSubmissionEnabled", json!(false)),
        ("toolkit.startup.max_resumed_crashes", json!(-1)),
        ("dom.security.https_first", json!(false)),
        ("dom.min_background_timeout_value", json!(4)),
        ("dom.timeout.enable_budget_timer_throttling", json!(false)),
    ];
    rows.iter().map(|(name, value)| format!("user_pref({}, {value});\n", json!(name))).collect()
}

/// A connection to a browser's Marionette.
#[derive(Debug)]
struct Marionette {
    stream: TcpStream,
    id: u64,
}

/// Longer than any page of this program takes to load.
const PATIENCE: Duration = Duration::from_secs(90);
/// Many times the size of the console's 250 messages.
const LONGEST: usize = 64 << 20;

impl Marionette {
    fn connect(port: u16) -> Result<Self, Failure> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut marionette = Self { stream, id: 0 };
        let hello = marionette.receive()?;
        if hello.get("marionetteProtocol").and_then(Value::as_u64) != Some(3) {
            return Err(format!("Firefox speaks another Marionette than version 3: {hello}").into());
        }
        Ok(marionette)
    }

    fn call(&mut self, command: &str, parameters: &Value) -> Result<Value, Failure> {
        self.id += 1;
        let message = json!([0, self.id, command, parameters]).to_string();
        self.stream.write_all(format!("{}:{message}", message.len()).as_bytes())?;
        loop {
            let mut answer = self.receive()?;
            // The response to a command that timed out comes before that to the current one.
            if answer.get(1).and_then(Value::as_u64) != Some(self.id) {
                continue;
            }
            return match answer.get(2) {
                Some(Value::Null) => Ok(answer.get_mut(3).map(Value::take).unwrap_or_default()),
                error => Err(format!("Marionette: {command}: {}", error.unwrap_or(&Value::Null)).into()),
            };
        }
    }

    fn receive(&mut self) -> Result<Value, Failure> {
        let mut length = 0usize;
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            match byte {
                [b':'] => break,
                [digit @ b'0'..=b'9'] if length < LONGEST => length = length * 10 + usize::from(digit - b'0'),
                _ => return Err("Firefox sent something that is not a message of Marionette".into()),
            }
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}
