//! What is played: the request of a page, and answers or a policy. The schema is that of the page's state.

use corsac::browser::{Credentials, ExchangeKind, Mode, RedirectMode};
use corsac::text::{Printable, QUOTED};
use serde_json::Value;

use crate::MOST_BYTES;
use crate::error::Problem;
use crate::header_lines::HeaderLines;
use crate::reader::Fields;

/// Browsers follow at most 20 redirects.
const MOST_REDIRECTS: usize = 21;

/// A request, and who answers it.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    pub(crate) request: Request,
    pub(crate) answers: Answers,
    /// A policy that answers everything instead.
    pub(crate) policy: Option<String>,
}

/// The request as script makes it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) url: String,
    pub(crate) origin: String,
    pub(crate) method: String,
    pub(crate) credentials: Credentials,
    pub(crate) mode: Mode,
    pub(crate) redirect: RedirectMode,
    pub(crate) headers: HeaderLines,
    pub(crate) body: Option<String>,
}

/// What is answered at the request's URL, and after each redirect.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    pub(crate) hops: Vec<Hop>,
}

/// What is answered at one URL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hop {
    pub(crate) preflight: Option<Answer>,
    pub(crate) request: Option<Answer>,
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderLines,
}

impl Play {
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        if text.len() > MOST_BYTES {
            let message = format!(
                "The request and its answers have {} KiB together, {} KiB at most: shorten the body or the header lines.",
                text.len().div_ceil(1024),
                MOST_BYTES / 1024
            );
            return Err(Problem::new("", message));
        }
        let value: Value = serde_json::from_str(text)
            .map_err(|error| Problem::new("", format!("This is not JSON: {error}.")))?;
        let mut fields = Fields::of("", value)?;
        let missing =
            || Problem::new("request", "The request is missing: add `request` with `url` and `origin`.");
        let request = Request::read(fields.object("request")?.ok_or_else(missing)?)?;
        let answers = fields.object("answers")?.map(Answers::read).transpose()?.unwrap_or_default();
        let policy = fields.text("policy")?;
        fields.end()?;
        Ok(Self { request, answers, policy })
    }
}

impl Answers {
    /// Returns the answer to a preflight or to another request, after so many redirects.
    pub(crate) fn get(&self, kind: ExchangeKind, hop: usize) -> Option<&Answer> {
        let hop = self.hops.get(hop)?;
        if kind == ExchangeKind::Preflight { hop.preflight.as_ref() } else { hop.request.as_ref() }
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, kind: ExchangeKind, hop: usize) -> Option<&mut Answer> {
        let hop = self.hops.get_mut(hop)?;
        if kind == ExchangeKind::Preflight { hop.preflight.as_mut() } else { hop.request.as_mut() }
    }
}

impl Request {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let url = needed(
            &mut fields,
            "url",
            "Write the URL that the page requests, as in `https://api.example.com/orders`.",
        )?;
        let origin =
            needed(&mut fields, "origin", "Write the origin of the page, as in `https://app.example.com`.")?;
        let method = fields.text("method")?.filter(|method| !method.trim().is_empty());
        let credentials = fields.choice("credentials")?;
        let mode = fields.choice("mode")?;
        if !matches!(mode, Mode::Cors | Mode::NoCors | Mode::SameOrigin) {
            let message =
                format!("A script cannot choose the mode `{mode}`: use `cors`, `no-cors` or `same-origin`.");
            return Err(Problem::new(fields.path_of("mode"), message));
        }
        let redirect = fields.choice("redirect")?;
        let headers = header_lines(&mut fields)?;
        let body = fields.text("body")?;
        fields.end()?;
        let method = method.map_or_else(|| "GET".to_owned(), |method| method.trim().to_owned());
        Ok(Self { url, origin, method, credentials, mode, redirect, headers, body })
    }
}

impl Answers {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let mut hops = vec![Hop::read(&mut fields)?];
        let redirects = fields.list("redirects")?;
        let path = fields.path_of("redirects");
        fields.end()?;
        if redirects.len() > MOST_REDIRECTS {
            let message = format!(
                "There are {} redirects, {MOST_REDIRECTS} at most: browsers follow 20.",
                redirects.len()
            );
            return Err(Problem::new(path, message));
        }
        for (index, redirect) in redirects.into_iter().enumerate() {
            let mut fields = Fields::of(&format!("{path}.{index}"), redirect)?;
            hops.push(Hop::read(&mut fields)?);
            fields.end()?;
        }
        Ok(Self { hops })
    }
}

impl Hop {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let preflight = fields.object("preflight")?.map(Answer::read).transpose()?;
        let request = fields.object("request")?.map(Answer::read).transpose()?;
        Ok(Self { preflight, request })
    }
}

impl Answer {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let status = status(&mut fields)?;
        let headers = header_lines(&mut fields)?;
        fields.end()?;
        Ok(Self { status, headers })
    }
}

fn needed(fields: &mut Fields, name: &'static str, what: &str) -> Result<String, Problem> {
    let text = fields.text(name)?.unwrap_or_default();
    if text.trim().is_empty() {
        Err(Problem::new(fields.path_of(name), what))
    } else {
        Ok(text.trim().to_owned())
    }
}

fn header_lines(fields: &mut Fields) -> Result<HeaderLines, Problem> {
    let text = fields.text("headers")?.unwrap_or_default();
    HeaderLines::read(&fields.path_of("headers"), &text)
}

/// A number, or the text of one: a form has text.
fn status(fields: &mut Fields) -> Result<u16, Problem> {
    let field = fields.path_of("status");
    let given = match fields.value("status") {
        None => return Ok(200),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(value) => value.to_string(),
    };
    let wrong = |why: &str| {
        Problem::new(field, format!("`{}` is not a status: {why}", Printable::new(&given, QUOTED)))
    };
    match given.parse::<u16>() {
        Ok(100..=199) => {
            Err(wrong("100 to 199 only announce a response, such as 200. Write the status of that one."))
        }
        Ok(status @ 200..=599) => Ok(status),
        _ => Err(wrong("write a number from 200 to 599, such as 200 or 404.")),
    }
}
