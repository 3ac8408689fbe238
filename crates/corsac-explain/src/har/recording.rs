//! A whole recording: who made it, and the entries that matter here.

use std::collections::HashMap;
use std::io::Read;

use corsac::browser::Engine;
use corsac::header::names::{ACCEPT, ORIGIN, REFERER, SEC_FETCH_MODE, SEC_FETCH_SITE};
use corsac::origin::Origin;
use url::Url;

use super::error::HarError;
use super::json::{Json, Result};
use super::recorded::Recorded;

/// At most this much is kept of all entries together, in bytes. That is about 20,000 requests between origins.
const MOST_MEMORY: usize = 24 * 1024 * 1024;
const MOST_ENTRIES: usize = 20_000;
const MOST_PAGES: usize = 1_000;
const LONGEST_NAME: usize = 200;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Recording {
    /// The name and version of the program that wrote it.
    pub(super) creator: String,
    /// The name of the browser, if another program wrote the file.
    browser: String,
    /// All entries, those that were not kept included.
    pub(super) count: usize,
    /// Requests between origins, those that redirect to another origin, and preflights.
    pub(super) entries: Vec<Recorded>,
    /// Entries that would have been kept if there were room.
    pub(super) left_out: usize,
    /// The URLs of pages.
    pages: HashMap<String, Url>,
    memory: usize,
}

impl Recording {
    /// Reads a file.
    pub(super) fn read(file: impl Read) -> std::result::Result<Self, HarError> {
        let mut json = Json::new(file)?;
        let (mut recording, mut has_log, mut has_entries) = (Self::default(), false, false);
        let read = json.object(|json, name| match name {
            "log" => {
                has_log = true;
                json.object(|json, name| recording.read_log(json, name, &mut has_entries))
            }
            _ => json.skip(),
        });
        read.map_err(|error| json.error(&error))?;
        match (has_log, has_entries) {
            (false, _) => Err(HarError::NotHar { missing: "`log`" }),
            (true, false) => Err(HarError::NotHar { missing: "`log.entries`" }),
            (true, true) => Ok(recording),
        }
    }

    fn read_log<R: Read>(&mut self, json: &mut Json<R>, name: &str, has_entries: &mut bool) -> Result<()> {
        match name {
            "creator" => self.creator = program(json)?,
            "browser" => self.browser = program(json)?,
            "pages" => json.array(|json| self.read_page(json))?,
            "entries" => {
                *has_entries = true;
                json.array(|json| {
                    let entry = Recorded::read(json, self.count)?;
                    self.count = self.count.saturating_add(1);
                    self.take(entry);
                    Ok(())
                })?;
            }
            _ => json.skip()?,
        }
        Ok(())
    }

    fn read_page<R: Read>(&mut self, json: &mut Json<R>) -> Result<()> {
        let (mut id, mut urls) = (None, Vec::new());
        json.object(|json, name| {
            match name {
                "id" => id = json.text(LONGEST_NAME)?,
                // Chromium's title is the page's URL.
                "title" | "url" | "_url" => urls.extend(json.text(4 * LONGEST_NAME)?),
                _ => json.skip()?,
            }
            Ok(())
        })?;
        let url = urls.iter().find_map(|url| page_url(url));
        if let (Some(id), Some(url)) = (id, url)
            && self.pages.len() < MOST_PAGES
        {
            self.pages.insert(id, url);
        }
        Ok(())
    }

    /// Keeps an entry if it matters.
    fn take(&mut self, entry: Recorded) {
        let Some(url) = entry.url.as_ref().filter(|url| matches!(url.scheme(), "http" | "https")) else {
            return;
        };
        if is_navigation(&entry) {
            let page = entry.page.clone().unwrap_or_default();
            let is_top =
                entry.request.text("Sec-Fetch-Dest").is_none_or(|destination| destination == "document");
            if is_top && (200..300).contains(&entry.status) && self.pages.len() < MOST_PAGES {
                self.pages.insert(page, url.clone());
            }
            return;
        }
        if !self.matters(&entry, url) {
            return;
        }
        let size = entry.size();
        if self.entries.len() >= MOST_ENTRIES || self.memory.saturating_add(size) > MOST_MEMORY {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        self.memory = self.memory.saturating_add(size);
        self.entries.push(entry);
    }

    fn matters(&self, entry: &Recorded, url: &Url) -> bool {
        let own = Origin::of(url);
        let leaves = entry.redirect_target().is_some_and(|target| !Origin::of(&target).same_origin(&own));
        if leaves || entry.is_preflight() {
            return true;
        }
        let is_from_own_page =
            matches!(entry.request.text(SEC_FETCH_SITE).as_deref(), Some("same-origin" | "none"));
        // An opaque origin is no other's.
        !is_from_own_page && self.origin(entry).is_some_and(|origin| !origin.same_origin(&own))
    }

    /// Returns the origin of the page that made a request.
    pub(super) fn origin(&self, entry: &Recorded) -> Option<Origin> {
        let given = entry.request.text(ORIGIN).and_then(|origin| Origin::parse(&origin).ok());
        given.or_else(|| self.page(entry).map(|page| Origin::of(&page)))
    }

    /// Returns the URL of the page that made a request, or what is known of it.
    pub(super) fn page(&self, entry: &Recorded) -> Option<Url> {
        let referrer = entry.request.text(REFERER).and_then(|referrer| page_url(&referrer));
        let page = || self.pages.get(entry.page.as_deref().unwrap_or_default()).cloned();
        referrer.or_else(page)
    }

    /// Returns the engine of the browser that was recorded.
    pub(super) fn engine(&self) -> Option<Engine> {
        const ENGINES: [(&str, Engine); 9] = [
            ("webkit web inspector", Engine::WebKit),
            ("safari", Engine::WebKit),
            ("firefox", Engine::Firefox),
            ("chrom", Engine::Chromium),
            ("msedge", Engine::Chromium),
            ("microsoft edge", Engine::Chromium),
            ("webinspector", Engine::Chromium),
            ("webkit", Engine::WebKit),
            ("puppeteer", Engine::Chromium),
        ];
        [&self.browser, &self.creator].into_iter().find_map(|name| {
            let name = name.to_ascii_lowercase();
            ENGINES.iter().find(|(part, _)| name.contains(part)).map(|(_, engine)| *engine)
        })
    }

    /// Returns `true` if the program writes down that the browser refused a response.
    pub(super) fn tells_verdicts(&self) -> bool {
        self.engine() == Some(Engine::Chromium)
    }

    /// Returns `true` for Playwright, whose recordings have no preflights.
    pub(super) fn is_playwright(&self) -> bool {
        self.creator.to_ascii_lowercase().contains("playwright")
    }
}

/// Reads the name and the version of a program.
fn program<R: Read>(json: &mut Json<R>) -> Result<String> {
    let (mut title, mut version) = (String::new(), String::new());
    json.object(|json, name| {
        match name {
            "name" => title = json.text(LONGEST_NAME)?.unwrap_or_default(),
            "version" => version = json.text(LONGEST_NAME)?.unwrap_or_default(),
            _ => json.skip()?,
        }
        Ok(())
    })?;
    Ok(format!("{title} {version}").trim().to_owned())
}

fn page_url(text: &str) -> Option<Url> {
    let url = Url::parse(&crate::secrets::redacted_url(text)).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Returns `true` for what no script asked for: pages, frames, and WebSockets.
fn is_navigation(entry: &Recorded) -> bool {
    match entry.request.text(SEC_FETCH_MODE).as_deref() {
        Some("navigate" | "nested-navigate" | "websocket" | "webtransport") => return true,
        Some(_) => return false,
        None => {}
    }
    match entry.resource_type.as_deref() {
        Some("document" | "websocket") => true,
        Some(_) => false,
        None => {
            let accept = entry.request.text(ACCEPT).unwrap_or_default();
            accept.starts_with("text/html") && !entry.is_preflight()
                || entry.request.contains("Sec-WebSocket-Key")
        }
    }
}
