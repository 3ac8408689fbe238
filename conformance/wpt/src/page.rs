//! A test file as a page: its scripts in order, and the rest that the harness uses.

use std::error::Error;

use corsac::browser::{EmbedderPolicy, ReferrerPolicy};
use corsac::header::HeaderList;
use corsac_fetch::Network;
use url::Url;

use crate::server::{Server, get};

/// A page, ready to run.
#[derive(Debug)]
pub struct Page {
    /// Its name in results: the path of the page, as a browser loads it.
    pub name: String,
    pub url: Url,
    pub title: String,
    pub metas: Vec<(String, String)>,
    pub scripts: Vec<Script>,
    pub referrer_policy: ReferrerPolicy,
    pub embedder_policy: EmbedderPolicy,
}

#[derive(Debug)]
pub struct Script {
    pub url: Url,
    pub source: String,
}

/// testharness.js loads this file for its environment to report results.
pub const REPORTER: &str = "/resources/testharnessreport.js";

/// The pages of one file: one, or one for each of its variants.
pub async fn load(network: &Network, server: &Server, file: &str) -> Result<Vec<Page>, Box<dyn Error>> {
    let source_url = server.url(&format!("/{file}"))?;
    let (headers, text) = get(network, &source_url).await.map_err(|error| error.to_string())?;
    let outline =
        if file.ends_with(".js") { Outline::of_script(file, &text) } else { Outline::of_html(file, &text) };
    let variants = if outline.variants.is_empty() { vec![String::new()] } else { outline.variants.clone() };
    let mut pages = Vec::new();
    for variant in variants {
        let name = format!("{}{variant}", outline.path);
        let url = server.url(&name)?;
        let mut scripts = Vec::new();
        for piece in &outline.pieces {
            scripts.push(match piece {
                Piece::Inline(source) => Script { url: url.clone(), source: source.clone() },
                Piece::From(address) => {
                    let script_url = url.join(address)?;
                    let source = if script_url.path() == REPORTER {
                        String::new()
                    } else {
                        get(network, &script_url).await.map_err(|error| error.to_string())?.1
                    };
                    Script { url: script_url, source }
                }
            });
        }
        pages.push(Page {
            name,
            url,
            title: outline.title.clone(),
            metas: outline.metas.clone(),
            scripts,
            referrer_policy: referrer_policy(&headers, &outline),
            embedder_policy: embedder_policy(&headers),
        });
    }
    Ok(pages)
}

fn referrer_policy(headers: &HeaderList, outline: &Outline) -> ReferrerPolicy {
    let of_meta =
        outline.metas.iter().find(|(name, _)| name == "referrer").map(|(_, content)| content.clone());
    of_meta.or_else(|| headers.text("referrer-policy")).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn embedder_policy(headers: &HeaderList) -> EmbedderPolicy {
    let value = headers.text("cross-origin-embedder-policy").unwrap_or_default();
    [EmbedderPolicy::RequireCorp, EmbedderPolicy::Credentialless]
        .into_iter()
        .find(|policy| value.split(';').next().unwrap_or_default().trim() == policy.as_str())
        .unwrap_or_default()
}

/// What a file contains, before any other file is loaded.
#[derive(Debug, Default)]
struct Outline {
    path: String,
    title: String,
    metas: Vec<(String, String)>,
    variants: Vec<String>,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Inline(String),
    From(String),
}

impl Outline {
    /// `x.any.js` and `x.window.js`: wptserve generates a page around them, and so does this function.
    fn of_script(file: &str, text: &str) -> Self {
        let mut outline = Self { path: format!("/{}.html", file.trim_end_matches(".js")), ..Self::default() };
        let global =
            "self.GLOBAL = { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false };";
        outline.pieces.push(Piece::Inline(global.into()));
        outline.pieces.push(Piece::From("/resources/testharness.js".into()));
        outline.pieces.push(Piece::From(REPORTER.into()));
        for line in text.lines().take_while(|line| line.trim().is_empty() || line.starts_with("//")) {
            let Some((key, value)) =
                line.strip_prefix("// META:").and_then(|meta| meta.trim().split_once('='))
            else {
                continue;
            };
            match key {
                "script" => outline.pieces.push(Piece::From(value.into())),
                "title" => outline.title = value.into(),
                "variant" => outline.variants.push(value.into()),
                _ => outline.metas.push((key.into(), value.into())),
            }
        }
        outline.pieces.push(Piece::From(format!("/{file}")));
        outline
    }

    /// HTML, as far as scripts, title and `<meta>` are concerned. That is enough for files that build nothing else.
    fn of_html(file: &str, text: &str) -> Self {
        let mut outline = Self { path: format!("/{file}"), ..Self::default() };
        let mut rest = text;
        while let Some((_, tag_on)) = rest.split_once('<') {
            rest = tag_on;
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let Some((tag, after)) = rest.split_once('>') else { break };
            let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
            match name.to_ascii_lowercase().as_str() {
                "script" => {
                    let (content, after) = after.split_once("</script>").unwrap_or((after, ""));
                    rest = after;
                    outline.pieces.push(match attribute(tag, "src") {
                        Some(address) => Piece::From(address),
                        None => Piece::Inline(content.into()),
                    });
                }
                "title" => {
                    let (content, after) = after.split_once("</title>").unwrap_or((after, ""));
                    rest = after;
                    outline.title = content.trim().into();
                }
                "meta" => {
                    let content = attribute(tag, "content").unwrap_or_default();
                    match attribute(tag, "name") {
                        Some(name) if name == "variant" => outline.variants.push(content),
                        Some(name) => outline.metas.push((name, content)),
                        None => {}
                    }
                }
                _ => {}
            }
        }
        outline
    }
}

/// The value of an attribute in a tag's text, quoted or not.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let start = lower.find(&format!(" {name}="))? + name.len() + 2;
    let value = tag.get(start..)?;
    let text = match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
        _ => value.split(|character: char| character.is_whitespace()).next()?.trim_end_matches('/'),
    };
    Some(text.replace("&amp;", "&"))
}
