//! Requests that a page makes without `fetch()` and `XMLHttpRequest`: those of elements, style sheets, `EventSource`, `sendBeacon()`,
//! `WebSocket` and links, as the HTML standard and related standards fetch them.

use super::body::BodyInit;
use super::engine::{LoadRules, Profile};
use super::load_check::KEY;
use super::request::{Api, Request, RequestInit};
use super::request_values::{CacheMode, Credentials, Mode, RedirectMode, ReferrerPolicy};
use crate::header::{self, HeaderList, SafelistRules};

/// What makes a request without `fetch()` and `XMLHttpRequest`.
///
/// ```
/// use corsac::browser::{Client, CrossOrigin, Load, Mode, RequestInit};
/// use corsac::origin::Origin;
///
/// let page = Client::new(Origin::parse("https://app.example").unwrap());
/// let image = RequestInit::new("https://cdn.example/a.png".parse().unwrap(), page);
/// // <img src=...>, and <img crossorigin src=...>
/// assert_eq!(image.clone().for_load(Load::Image, None).mode, Mode::NoCors);
/// assert_eq!(image.for_load(Load::Image, Some(CrossOrigin::Anonymous)).mode, Mode::Cors);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Load {
    /// `<img>`, also as `new Image()`.
    Image,
    /// `<script src>` of a classic script.
    Script,
    /// `<script type=module src>`, and `import`.
    ModuleScript,
    /// `@font-face` in a style sheet, and `FontFace`: always a CORS request.
    Font,
    /// `<video>`.
    Video,
    /// `<audio>`.
    Audio,
    /// `background-image: url(...)` and its like in a style sheet.
    CssImage,
    /// `new EventSource()`.
    EventSource,
    /// `navigator.sendBeacon()`.
    Beacon,
    /// `new WebSocket()`.
    WebSocket,
    /// A link, a form, `location = ...`: the response replaces the page.
    Navigation,
}

impl Load {
    /// Every load.
    ///
    /// ```
    /// use corsac::browser::Load;
    /// assert!(Load::ALL.iter().all(|load| Load::ALL.iter().filter(|other| other.as_str() == load.as_str()).count() == 1));
    /// ```
    pub const ALL: &'static [Self] = &[
        Self::Image,
        Self::Script,
        Self::ModuleScript,
        Self::Font,
        Self::Video,
        Self::Audio,
        Self::CssImage,
        Self::EventSource,
        Self::Beacon,
        Self::WebSocket,
        Self::Navigation,
    ];

    /// The load's name on the command line and in JSON: `img`, `module`, `navigate` and so on.
    ///
    /// ```
    /// assert_eq!(corsac::browser::Load::CssImage.as_str(), "css-image");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "img",
            Self::Script => "script",
            Self::ModuleScript => "module",
            Self::Font => "font",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::CssImage => "css-image",
            Self::EventSource => "eventsource",
            Self::Beacon => "beacon",
            Self::WebSocket => "websocket",
            Self::Navigation => "navigate",
        }
    }

    /// Returns `true` if HTML has a [`crossorigin` attribute](https://html.spec.whatwg.org/#cors-settings-attributes) for this load.
    ///
    /// ```
    /// use corsac::browser::Load;
    /// assert!(Load::Video.takes_crossorigin() && !Load::Font.takes_crossorigin());
    /// ```
    pub fn takes_crossorigin(self) -> bool {
        matches!(self, Self::Image | Self::Script | Self::ModuleScript | Self::Video | Self::Audio)
    }

    /// The [destination](https://fetch.spec.whatwg.org/#concept-request-destination), as in `Sec-Fetch-Dest`.
    pub(crate) fn destination(self) -> &'static str {
        match self {
            Self::Image | Self::CssImage => "image",
            Self::Script | Self::ModuleScript => "script",
            Self::Font => "font",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::EventSource | Self::Beacon => "empty",
            Self::WebSocket => "websocket",
            Self::Navigation => "document",
        }
    }

    /// The value of `Accept`: [fetch](https://fetch.spec.whatwg.org/#concept-fetch), step 13. Where the standard leaves the value to the
    /// engine, it comes from `rules`.
    pub(crate) fn accept(self, rules: &LoadRules) -> &'static str {
        match self {
            Self::Image | Self::CssImage => rules.accept_image,
            Self::Video => rules.accept_video,
            Self::Audio => rules.accept_audio,
            Self::Font => rules.accept_font,
            Self::Navigation => rules.accept_document,
            Self::EventSource => "text/event-stream",
            Self::Script | Self::ModuleScript | Self::Beacon | Self::WebSocket => "*/*",
        }
    }

    /// Appends the header lines that only this load has: the `Upgrade` to the WebSocket protocol, and a navigation's preference for https.
    pub(crate) fn append_headers(self, headers: &mut HeaderList) {
        match self {
            Self::WebSocket => {
                headers.append("Upgrade", "websocket");
                headers.append("Sec-WebSocket-Key", KEY);
                headers.append("Sec-WebSocket-Version", "13");
            }
            Self::Navigation => headers.append("Upgrade-Insecure-Requests", "1"),
            _ => {}
        }
    }

    /// Returns `true` if this load sets the [unsafe-request flag](https://fetch.spec.whatwg.org/#unsafe-request-flag), without which there
    /// is no preflight.
    pub(crate) fn sets_unsafe_request_flag(self) -> bool {
        self == Self::Beacon
    }

    /// Returns `true` if its destination is [script-like](https://fetch.spec.whatwg.org/#request-destination-script-like).
    pub(crate) fn is_script_like(self) -> bool {
        matches!(self, Self::Script | Self::ModuleScript)
    }

    /// Returns `true` if an http URL on an https page becomes an https URL: [upgradeable mixed
    /// content](https://w3c.github.io/webappsec-mixed-content/#category-upgradeable).
    pub(crate) fn is_upgradeable(self) -> bool {
        matches!(self, Self::Image | Self::CssImage | Self::Video | Self::Audio)
    }
}

/// A [`crossorigin` attribute](https://html.spec.whatwg.org/#cors-settings-attributes).
///
/// ```
/// use corsac::browser::{Client, Credentials, CrossOrigin, Load, RequestInit};
/// # let page = Client::new(corsac::origin::Origin::parse("https://app.example").unwrap());
/// # let script = RequestInit::new("https://cdn.example/a.js".parse().unwrap(), page);
/// let with_cookies = script.for_load(Load::Script, Some(CrossOrigin::UseCredentials));
/// assert_eq!(with_cookies.credentials, Credentials::Include);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the two states of the attribute")]
pub enum CrossOrigin {
    /// `crossorigin`, or `crossorigin="anonymous"`.
    Anonymous,
    /// `crossorigin="use-credentials"`.
    UseCredentials,
}

impl CrossOrigin {
    /// Both states.
    ///
    /// ```
    /// use corsac::browser::CrossOrigin;
    /// assert_eq!(CrossOrigin::ALL.map(CrossOrigin::as_str), ["anonymous", "use-credentials"]);
    /// ```
    pub const ALL: [Self; 2] = [Self::Anonymous, Self::UseCredentials];

    /// The attribute's value.
    ///
    /// ```
    /// assert_eq!(corsac::browser::CrossOrigin::Anonymous.as_str(), "anonymous");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::UseCredentials => "use-credentials",
        }
    }
}

impl RequestInit {
    /// Returns the request as this load makes it: with the load's mode, credentials mode, redirect mode, cache mode and method. A WebSocket
    /// has no referrer either.
    ///
    /// This is [create a potential-CORS request](https://html.spec.whatwg.org/#create-a-potential-cors-request) and the similar algorithms.
    /// It keeps what the page decides: the credentials mode `include` of an `EventSource` (`withCredentials`), the body of a beacon, and
    /// the method and body of a navigation (a form). `crossorigin` has an effect where HTML has the attribute.
    ///
    /// ```
    /// use corsac::browser::{Client, Credentials, Load, Mode, RequestInit};
    /// # let page = Client::new(corsac::origin::Origin::parse("https://app.example").unwrap());
    /// let beacon = RequestInit::new("https://log.example/".parse().unwrap(), page).for_load(Load::Beacon, None);
    /// assert_eq!((beacon.method.as_str(), beacon.credentials), ("POST", Credentials::Include));
    /// ```
    #[must_use]
    pub fn for_load(mut self, load: Load, crossorigin: Option<CrossOrigin>) -> Self {
        let crossorigin = crossorigin.filter(|_| load.takes_crossorigin());
        self.api = Api::Load(load);
        self.redirect = RedirectMode::Follow;
        self.force_preflight = false;
        (self.mode, self.credentials) = match (load, crossorigin) {
            (Load::ModuleScript, Some(CrossOrigin::UseCredentials)) => (Mode::Cors, Credentials::Include),
            (Load::ModuleScript | Load::Font, _) => (Mode::Cors, Credentials::SameOrigin),
            (Load::EventSource, _) if self.credentials == Credentials::Include => {
                (Mode::Cors, Credentials::Include)
            }
            (Load::EventSource, _) => (Mode::Cors, Credentials::SameOrigin),
            (Load::WebSocket, _) => (Mode::WebSocket, Credentials::Include),
            (Load::Navigation, _) => (Mode::Navigate, Credentials::Include),
            (_, Some(CrossOrigin::Anonymous)) => (Mode::Cors, Credentials::SameOrigin),
            (_, Some(CrossOrigin::UseCredentials)) => (Mode::Cors, Credentials::Include),
            (_, None) => (Mode::NoCors, Credentials::Include),
        };
        match load {
            Load::Beacon => "POST".clone_into(&mut self.method),
            Load::Navigation => {}
            _ => "GET".clone_into(&mut self.method),
        }
        if matches!(load, Load::EventSource | Load::WebSocket) {
            self.cache = CacheMode::NoStore;
        }
        if load == Load::WebSocket {
            self.redirect = RedirectMode::Error;
            self.referrer_policy = ReferrerPolicy::NoReferrer;
        }
        self
    }

    /// [sendBeacon()](https://w3c.github.io/beacon/#sendbeacon-method), step 6: a body of a type that is not safelisted makes it a CORS request.
    pub(crate) fn apply_beacon_mode(&mut self, rules: &SafelistRules) {
        if self.api != Api::Load(Load::Beacon) {
            return;
        }
        let own_type = self.body.as_ref().map(BodyInit::kind).and_then(super::body::BodyKind::content_type);
        let safelisted = own_type.is_none_or(|own_type| {
            header::is_safelisted_request_header("content-type", own_type.as_bytes(), rules)
        });
        self.mode = if safelisted { Mode::NoCors } else { Mode::Cors };
    }
}

impl Request {
    /// Engine differences: see [`LoadRules::fonts_use_cors`] and [`LoadRules::web_socket_follows_redirects`].
    pub(crate) fn apply_engine(&mut self, profile: &Profile) {
        match self.init().api {
            Api::Load(Load::Font) if !profile.loads.fonts_use_cors => {
                self.change(|init| (init.mode, init.credentials) = (Mode::NoCors, Credentials::Include));
            }
            Api::Load(Load::WebSocket) if profile.loads.web_socket_follows_redirects => {
                self.change(|init| init.redirect = RedirectMode::Follow);
            }
            _ => {}
        }
    }
}
