//! Prove: two more origins on this machine, which answer as a page says, so that the user's own browser can judge the answers.
//!
//! [`situation`] moves a situation to these origins, or says in [`cannot`] why that would show something else. [`answers`] has what may be
//! answered at all: an allow-list, since the browser keeps some headers for longer than Prove lasts. [`registrations`] holds the answers for a
//! minute, and [`origin`] gives them.

mod answers;
mod cannot;
mod origin;
mod registrations;
mod situation;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use hyper::server::conn::http1;
use serde_json::{Value, json};

use super::token::random;
use crate::connections::{answer_with, listen_near};
use origin::ProveOrigin;
use registrations::{Registration, Registrations, Seen};
use situation::{Moved, Place};

/// Why nothing can be proved through a tunnel.
pub(super) const ELSEWHERE: &str = "This page came through a tunnel or from another machine, so this browser may not reach the other origins. Run `corsac ui` where the browser is.";

/// The origins of Prove.
pub(super) struct Prove {
    /// The origin that the URL of a request is moved to, and the one that redirects to other hosts are.
    origins: [String; 2],
    registrations: Arc<Mutex<Registrations>>,
}

impl Prove {
    /// Listens on two ports of this machine: those after `port` if they are free.
    pub(super) async fn start(port: u16) -> io::Result<Self> {
        let listeners = [listen_near(port, 1).await?, listen_near(port, 2).await?];
        let origin =
            |listener: &tokio::net::TcpListener| listener.local_addr().map(|at| format!("http://{at}"));
        let [second, third] = &listeners;
        let origins = [origin(second)?, origin(third)?];
        let registrations = Arc::new(Mutex::new(Registrations::default()));
        for (listener, own) in listeners.into_iter().zip(&origins) {
            let mut settings = http1::Builder::new();
            // An answer has the headers that the prediction knows, and no others.
            settings.auto_date_header(false);
            answer_with(settings, listener, ProveOrigin::new(own, Arc::clone(&registrations)));
        }
        Ok(Self { origins, registrations })
    }

    /// Returns the origins, for the page's Content-Security-Policy.
    pub(super) fn origins(&self) -> &[String] {
        &self.origins
    }

    /// Registers the answers of a situation. `page` is the origin of the page that asks, and will send the request.
    pub(super) fn open(&self, play: &Value, engine: &str, page: &str) -> Result<Value, String> {
        let id = random::<16>()?;
        let place = Place { page, origins: &self.origins, id: &id };
        let moved = match situation::moved(play, engine, &place) {
            Ok(moved) => moved,
            Err(cannot) => return Ok(json!({ "id": null, "cannot": cannot.to_string() })),
        };
        let Moved { play, call, prediction, left_out, answers } = moved;
        if let Some(answers) = answers {
            self.lock().add(Registration::new(id.clone(), answers, Instant::now()), Instant::now());
        }
        Ok(json!({
            "id": id,
            "cannot": null,
            "play": play,
            "call": call,
            "prediction": prediction,
            "left_out": left_out,
        }))
    }

    /// Returns what arrived below the path of a registration, or `None` if it is gone.
    pub(super) fn seen(&self, id: &str) -> Option<Value> {
        let mut registrations = self.lock();
        let registration = registrations.get(id, Instant::now())?;
        let seen: Vec<Value> = registration.seen().iter().map(Seen::to_json).collect();
        Some(json!({ "seen": seen }))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Registrations> {
        self.registrations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
