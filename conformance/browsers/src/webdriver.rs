//! The part of [WebDriver](https://www.w3.org/TR/webdriver2/) that is needed: open a session, open a page, read its log.

use std::time::Duration;

use serde_json::{Value, json};

use corsac_conformance::Failure;

/// A session with a browser. Dropping it closes the browser.
#[derive(Debug)]
pub struct Session {
    /// The browser's name and version.
    pub browser: String,
    agent: ureq::Agent,
    base: String,
}

impl Session {
    /// Opens a session with the driver that listens on `port`.
    pub fn open(port: u16, capabilities: &Value) -> Result<Self, Failure> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(90)))
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let base = format!("http://127.0.0.1:{port}/session");
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let value = post(&agent, &base, &body)?;
        let id = value.get("sessionId").and_then(Value::as_str).ok_or("the driver gave no session")?;
        let says = |name: &str| {
            value.pointer(&format!("/capabilities/{name}")).and_then(Value::as_str).unwrap_or("?")
        };
        let browser = format!("{} {}", says("browserName"), says("browserVersion"));
        Ok(Self { browser, base: format!("{base}/{id}"), agent })
    }

    /// Opens a URL and waits until the page is loaded.
    pub fn navigate(&self, url: &str) -> Result<(), Failure> {
        self.post("/url", &json!({ "url": url })).map(drop)
    }

    /// Calls a command of the session.
    pub fn post(&self, command: &str, body: &Value) -> Result<Value, Failure> {
        post(&self.agent, &format!("{}{command}", self.base), body)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.base).call();
    }
}

fn post(agent: &ureq::Agent, url: &str, body: &Value) -> Result<Value, Failure> {
    let mut response = agent.post(url).send_json(body)?;
    let mut answer: Value = response.body_mut().read_json()?;
    let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
    match value.get("error") {
        Some(error) => {
            let message = value.get("message").and_then(Value::as_str).unwrap_or_default();
            Err(format!("WebDriver: {error}: {message}").into())
        }
        None => Ok(value),
    }
}
