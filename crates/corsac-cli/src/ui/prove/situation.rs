//! Moves a situation to the origins of Prove: the page becomes this page, the URL's host the second origin, and another host that redirects lead
//! to the third.

use corsac::browser::is_redirect_status;
use corsac::server::Policy;
use corsac_config::{Format, PolicyFile};
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use url::{Origin, Url};

use super::answers::{Answer, Answers, Hop, fixed_lines, may_answer};
use super::cannot::Cannot;
use crate::policy::file;

/// Where a situation is moved to.
pub(super) struct Place<'p> {
    /// The origin of the page that will send the request.
    pub(super) page: &'p str,
    pub(super) origins: &'p [String; 2],
    pub(super) id: &'p str,
}

/// A situation on this machine.
pub(super) struct Moved {
    pub(super) play: Value,
    /// What the page gives to `fetch()`.
    pub(super) call: Value,
    pub(super) prediction: Value,
    /// The names of headers that are not answered, or not as the situation says.
    pub(super) left_out: Vec<String>,
    /// What is answered, unless the situation cannot be played at all.
    pub(super) answers: Option<Answers>,
}

/// Moves a situation, or says why a browser here would show something else.
pub(super) fn moved(play: &Value, engine: &str, place: &Place<'_>) -> Result<Moved, Cannot> {
    let there = played(play);
    if there.get("error").is_some_and(|error| !error.is_null()) {
        let play = play.clone();
        return Ok(Moved { play, call: Value::Null, prediction: there, left_out: Vec::new(), answers: None });
    }
    let mut moving = Moving::new(play, place)?;
    let play = moving.play(play)?;
    let answers = Answers { hops: std::mem::take(&mut moving.hops), policy: policy(&play) };
    let prediction = played(&play);
    let (there, here) = (ending(&there, engine), ending(&prediction, engine));
    if there != here {
        return Err(Cannot::EndsDifferently { there, here });
    }
    let call = call(&play);
    Ok(Moved { call, prediction, left_out: moving.left_out, answers: Some(answers), play })
}

fn played(play: &Value) -> Value {
    serde_json::from_str(&corsac_wasm::play(&play.to_string())).unwrap_or_default()
}

/// Returns how a situation ends in this engine, in words.
fn ending(played: &Value, engine: &str) -> String {
    let engines = played["engines"].as_array().map(Vec::as_slice).unwrap_or_default();
    let found = engines.iter().find(|found| found["engine"] == engine);
    let of = |name: &str| found.and_then(|found| found[name].as_str());
    let verdict = of("verdict").unwrap_or("nothing");
    of("code").map_or_else(|| verdict.to_owned(), |code| format!("{verdict} (`{code}`)"))
}

/// A situation while it is moved.
struct Moving<'p> {
    place: &'p Place<'p>,
    url: Url,
    page: Origin,
    /// What the third origin stands for, once a redirect leads to a third host.
    third: Option<Origin>,
    hops: Vec<Hop>,
    left_out: Vec<String>,
}

impl<'p> Moving<'p> {
    fn new(play: &Value, place: &'p Place<'p>) -> Result<Self, Cannot> {
        let page = match text(play, "/request/origin").map(str::trim) {
            None | Some("null") => return Err(Cannot::NoOrigin),
            Some(page) => Url::parse(page).ok().filter(is_of_server).ok_or(Cannot::NotAWebPage)?,
        };
        let url =
            text(play, "/request/url").and_then(|url| Url::parse(url.trim()).ok()).ok_or(Cannot::NoServer)?;
        if page.origin() == url.origin() {
            return Err(Cannot::SameOrigin);
        }
        let moving =
            Self { place, url, page: page.origin(), third: None, hops: Vec::new(), left_out: Vec::new() };
        moving.check_scheme(&moving.url)?;
        Ok(moving)
    }

    /// Returns the situation on this machine.
    fn play(&mut self, play: &Value) -> Result<Value, Cannot> {
        let mut moved = play.clone();
        let mut url = self.url.clone();
        replace(&mut moved, "/request/url", self.target(&url, 0)?);
        replace(&mut moved, "/request/origin", self.place.page.to_owned());
        let count = moved.pointer("/answers/redirects").and_then(Value::as_array).map_or(0, Vec::len);
        for hop in 0..=count {
            let place = match hop.checked_sub(1) {
                None => "/answers".to_owned(),
                Some(redirect) => format!("/answers/redirects/{redirect}"),
            };
            let mut both = Hop::default();
            let mut next = None;
            for (name, answer) in [("preflight", &mut both.preflight), ("request", &mut both.request)] {
                let Some(written) =
                    moved.pointer_mut(&format!("{place}/{name}")).filter(|written| written.is_object())
                else {
                    continue;
                };
                let (moved, location) = self.answer(written, &url, hop)?;
                *answer = moved;
                next = location;
            }
            self.hops.push(both);
            match next {
                Some(target) => url = target,
                // What comes after is never asked.
                None => break,
            }
        }
        if let Some(policy) = text(&moved, "/policy").map(|policy| self.text(policy)) {
            replace(&mut moved, "/policy", policy);
        }
        Ok(moved)
    }

    /// Moves an answer, which is changed to what is really answered. Also returns the URL that it leads to.
    fn answer(
        &mut self,
        written: &mut Value,
        url: &Url,
        hop: usize,
    ) -> Result<(Answer, Option<Url>), Cannot> {
        let status = status(&written["status"]);
        if status == 407 {
            return Err(Cannot::ProxyStatus);
        }
        let mut next = None;
        let mut lines = Vec::new();
        for line in written["headers"].as_str().unwrap_or_default().lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if name.eq_ignore_ascii_case("location") && is_redirect_status(status) {
                let target = url.join(value).map_err(|_| Cannot::NoServer)?;
                self.check_scheme(&target)?;
                lines.push((name.to_owned(), self.target(&target, hop.saturating_add(1))?));
                next.get_or_insert(target);
            } else if let Some(target) = self.named(name, value, url, hop) {
                lines.push((name.to_owned(), target));
            } else if may_answer(name, value) {
                lines.push((name.to_owned(), self.text(value)));
            } else if !self.left_out.iter().any(|left| left.eq_ignore_ascii_case(name)) {
                self.left_out.push(name.to_owned());
            }
        }
        lines.extend(fixed_lines(status).into_iter().map(|(name, value)| (name.to_owned(), value)));
        let all: Vec<String> = lines.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        written["headers"] = json!(all.join("\n"));
        let lines = lines.into_iter().map(|(name, value)| {
            let wrong = || Cannot::HeaderValue { name: name.clone() };
            let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| wrong())?;
            Ok((HeaderName::try_from(&name).map_err(|_| wrong())?, value))
        });
        Ok((Answer { status, lines: lines.collect::<Result<_, _>>()? }, next))
    }

    /// Returns the URL on this machine for one of the situation, which is requested after so many redirects.
    fn target(&mut self, url: &Url, hop: usize) -> Result<String, Cannot> {
        if !is_of_server(url) {
            return Err(Cannot::NoServer);
        }
        let origin = url.origin();
        let [second, third] = self.place.origins;
        let base = if origin == self.url.origin() {
            second
        } else if origin == self.page {
            return Err(Cannot::BackToThePage);
        } else if *self.third.get_or_insert_with(|| origin.clone()) == origin {
            third
        } else {
            return Err(Cannot::ManyHosts);
        };
        let mut moved = Url::parse(base).map_err(|_| Cannot::NoServer)?;
        moved.set_path(&format!("/{}/{hop}{}", self.place.id, url.path()));
        moved.set_query(url.query());
        moved.set_fragment(url.fragment());
        // A user name in the target of a redirect is what some situations are about.
        let named = moved.set_username(url.username()).and_then(|()| moved.set_password(url.password()));
        named.map_err(|()| Cannot::NoServer)?;
        Ok(moved.into())
    }

    /// Returns the value of a `Location` that is no redirect, as of an upload: a browser does nothing with it, and script may read it.
    fn named(&mut self, name: &str, value: &str, url: &Url, hop: usize) -> Option<String> {
        let target = name.eq_ignore_ascii_case("location").then(|| url.join(value).ok()).flatten()?;
        self.target(&target, hop.saturating_add(1)).ok()
    }

    fn check_scheme(&self, url: &Url) -> Result<(), Cannot> {
        let is_page_secure = matches!(&self.page, Origin::Tuple(scheme, ..) if scheme == "https");
        if is_page_secure && url.scheme() == "http" { Err(Cannot::MixedContent) } else { Ok(()) }
    }

    /// Replaces the origins of the situation in a text. What only looks like one of them stays, such as another scheme.
    fn text(&self, text: &str) -> String {
        let [second, third] = self.place.origins;
        let mut pairs = vec![
            (self.page.ascii_serialization(), self.place.page),
            (self.url.origin().ascii_serialization(), second),
        ];
        pairs.extend(self.third.iter().map(|origin| (origin.ascii_serialization(), third.as_str())));
        // One origin can be the beginning of another, as in `https://a.example` and `https://a.example:8443`.
        pairs.sort_by_key(|(origin, _)| std::cmp::Reverse(origin.len()));
        let (mut moved, mut rest) = (String::new(), text);
        while let Some(first) = rest.chars().next() {
            match pairs.iter().find_map(|(origin, own)| Some((rest.strip_prefix(origin.as_str())?, own))) {
                Some((after, own)) => {
                    moved.push_str(own);
                    rest = after;
                }
                None => {
                    moved.push(first);
                    rest = rest.get(first.len_utf8()..).unwrap_or_default();
                }
            }
        }
        moved
    }
}

fn is_of_server(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// A number, or the text of one. It was read before, so there is nothing to report.
fn status(value: &Value) -> u16 {
    let number = value.as_u64().and_then(|number| u16::try_from(number).ok());
    number.or_else(|| value.as_str()?.trim().parse().ok()).unwrap_or(200)
}

/// Returns the policy that answers at the URL of the moved request.
fn policy(play: &Value) -> Option<Policy> {
    let policy = text(play, "/policy")?;
    let url = Url::parse(text(play, "/request/url")?).ok()?;
    let policies = PolicyFile::parse_with_environment(policy, Format::guess(policy), &|_: &str| None).ok()?;
    file::choose(&policies, "its `at`", None, url.path()).ok().map(|(_, policy)| policy)
}

/// Returns the arguments of `fetch()`.
fn call(play: &Value) -> Value {
    let field = |name: &str| text(play, &format!("/request/{name}"));
    let headers: Vec<[&str; 2]> = field("headers")
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| [name.trim(), value.trim()])
        .collect();
    let or = |name: &str, usual| field(name).map(str::trim).filter(|text| !text.is_empty()).unwrap_or(usual);
    json!({
        "url": field("url"),
        "init": {
            "method": or("method", "GET"),
            "headers": headers,
            "body": field("body").filter(|body| !body.is_empty()),
            "mode": or("mode", "cors"),
            "credentials": or("credentials", "same-origin"),
            "redirect": or("redirect", "follow"),
        },
    })
}

/// Returns a string in a JSON value.
fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer)?.as_str()
}

/// Replaces a value in a JSON value, where there is one.
fn replace(value: &mut Value, pointer: &str, text: String) {
    if let Some(place) = value.pointer_mut(pointer) {
        *place = Value::String(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &str = "Access-Control-Allow-Origin: *";

    fn play(origin: &str, url: &str, status: u16, headers: &str) -> Value {
        json!({
            "request": { "url": url, "origin": origin },
            "answers": {
                "request": { "status": status, "headers": headers },
                "redirects": [
                    { "request": { "status": 302, "headers": format!("{OK}\nLocation: https://more.example/") } },
                    { "request": { "status": 200, "headers": OK } },
                ],
            },
        })
    }

    fn cannot(play: &Value) -> Option<Cannot> {
        let origins = ["http://127.0.0.1:2".to_owned(), "http://127.0.0.1:3".to_owned()];
        let place = Place { page: "http://127.0.0.1:1", origins: &origins, id: "id" };
        moved(play, "chromium", &place).err()
    }

    #[test]
    fn each_reason_has_a_situation_and_other_situations_have_none() {
        let (page, url) = ("https://app.example", "https://api.example/a");
        let to = |target: &str| format!("{OK}\nLocation: {target}");
        let header = Cannot::HeaderValue { name: "Vary".to_owned() };
        let table = [
            (play(page, url, 200, OK), None),
            (play(page, url, 404, ""), None),
            (play(page, url, 302, &to("/b")), None),
            (play("null", url, 200, OK), Some(Cannot::NoOrigin)),
            (play("chrome-extension://abcdefghijklmnop", url, 200, OK), Some(Cannot::NotAWebPage)),
            (play(page, "https://app.example/a", 200, OK), Some(Cannot::SameOrigin)),
            (play(page, "http://api.example/a", 200, OK), Some(Cannot::MixedContent)),
            (play(page, url, 302, &to("http://api.example/")), Some(Cannot::MixedContent)),
            (play(page, url, 302, &to("https://app.example/")), Some(Cannot::BackToThePage)),
            (play(page, url, 302, &to("https://third.example/")), Some(Cannot::ManyHosts)),
            (play(page, url, 302, &to("data:text/plain,a")), Some(Cannot::NoServer)),
            (play(page, url, 407, OK), Some(Cannot::ProxyStatus)),
            (play(page, url, 200, &format!("{OK}\nVary: \u{1}")), Some(header)),
        ];
        for (play, expected) in table {
            assert_eq!(cannot(&play), expected, "{play}");
        }
    }

    #[test]
    fn a_situation_that_ends_differently_on_this_machine_is_not_shown() {
        let mut play = play("https://app.example.com", "https://api.example/a", 200, OK);
        if let Value::Object(fields) = &mut play {
            let policy = "[policy.api]\norigins = [\"https://*.example.com\"]\n";
            fields.insert("policy".to_owned(), json!(policy));
        }
        let Some(Cannot::EndsDifferently { there, here }) = cannot(&play) else { panic!("{play}") };
        assert_eq!(there, "readable");
        assert!(here.starts_with("blocked"), "{here}");
    }

    #[test]
    fn an_origin_is_replaced_and_what_only_looks_like_it_is_not() {
        let origins = ["http://127.0.0.1:2".to_owned(), "http://127.0.0.1:3".to_owned()];
        let place = Place { page: "http://127.0.0.1:1", origins: &origins, id: "id" };
        let play = play("https://a.example", "https://a.example:8443/", 200, OK);
        let moving = Moving::new(&play, &place).unwrap();
        for (text, expected) in [
            ("https://a.example", "http://127.0.0.1:1"),
            ("https://a.example:8443", "http://127.0.0.1:2"),
            ("https://a.example/, https://a.example:8443/", "http://127.0.0.1:1/, http://127.0.0.1:2/"),
            ("http://a.example", "http://a.example"),
            ("HTTPS://A.EXAMPLE é", "HTTPS://A.EXAMPLE é"),
            ("*", "*"),
        ] {
            assert_eq!(moving.text(text), expected, "{text}");
        }
    }
}
