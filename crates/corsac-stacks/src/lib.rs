//! Compiles policies to the configuration of other servers and services, and to middleware of other frameworks. What a target cannot do exactly as the policy
//! says is refused, never weakened. Products that have a CORS setting of their own are data: see [`products`](products()).
//!
//! ```
//! use corsac::server::Policy;
//! use corsac_stacks::{CompileOptions, Target, compile};
//!
//! let policy = Policy::builder(["https://app.example.com"]).methods(["PUT"]).build()?;
//! let compiled = compile(Target::Nginx, &policy.into(), &CompileOptions::default()).unwrap();
//! assert!(compiled.text.contains(r#""~^https://app\.example\.com$" $http_origin;"#));
//! # Ok::<(), corsac::server::Problems>(())
//! ```

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod capabilities;
mod feature;
mod fingerprint;
mod header_lists;
mod limits;
mod lua_pattern;
mod options;
mod origin_regex;
mod products;
mod quote;
mod render;
mod site;
mod stack;
mod target;
mod upstream;

use corsac::server::{PathPrefix, Placement};

pub use feature::{Feature, Support, support};
pub use limits::limits;
pub use options::{CompileOptions, Compiled, Refused};
pub use products::{
    Confidence, Marker, Place, Product, Setting, SettingKind, Shape, fitting, product, products, recognize,
};
pub use stack::{Advice, NoAdvice, Recognition, RecognizedBy, Stack, advise, recognize_stacks, traps};
pub use target::{Target, TargetKind};
pub use upstream::Upstream;

/// Compiles policies for a target.
///
/// # Errors
///
/// Fails if the target cannot do what a policy says, if no part of the placement has a policy, or if the target cannot write a value.
///
/// ```
/// use corsac::server::{Enforce, Policy};
/// use corsac_stacks::{CompileOptions, Target, compile};
///
/// let policy = Policy::builder(["https://app.example.com"]).enforce(Enforce::Block).build()?;
/// let refused = compile(Target::Nginx, &policy.into(), &CompileOptions::default()).unwrap_err();
/// assert!(refused.reason.contains("enforce"));
/// # Ok::<(), corsac::server::Problems>(())
/// ```
pub fn compile(target: Target, placement: &Placement, options: &CompileOptions) -> Result<Compiled, Refused> {
    let mut notes: Vec<String> = target.not_run().into_iter().collect();
    for feature in feature::used(placement) {
        match support(target, feature) {
            Support::Refused { reason, instead } => return Err(Refused::new(reason, instead)),
            Support::WithNote(note) => notes.push(note.to_owned()),
            Support::Exact => {}
        }
    }
    limits::check(target, placement)?;
    if options.upstream.as_ref().is_some_and(Upstream::is_tls)
        && matches!(target, Target::Haproxy | Target::Envoy)
    {
        return Err(Refused::new(
            format!(
                "For {} an upstream with https is not written: which certificates to trust has to be said there.",
                target.title()
            ),
            "Leave out `--upstream`, and write the server into the file yourself.",
        ));
    }
    let is_plain = |path: &PathPrefix| is_plain_path(path.as_str());
    if let Some((path, _)) = placement.parts().find(|(path, _)| !is_plain(path))
        && !matches!(target, Target::Axum | Target::Actix)
    {
        return Err(Refused::new(
            format!(
                "`at = \"{path}\"` has characters or empty segments, which servers decode and merge in different ways."
            ),
            "Choose a path of segments with letters, digits and `- . _ ~ ! $ & ' ( ) * + , = : @`.",
        ));
    }
    let site = site::Site::new(placement, options);
    if site.places.is_empty() {
        return Err(Refused::new(
            "No path has a policy, so there is nothing to write.",
            "Choose a policy by its name.",
        ));
    }
    Ok(Compiled { text: render::render(target, &site, &notes)?, notes })
}

/// One regular expression, with anchors, that matches what these entries of `origins` cover and no other origin. It is written in the syntax that PCRE
/// and RE2 share. `*` alone and a list without entries are not for it: there is nothing to compare with.
///
/// ```
/// let entries = ["https://app.example.com", "https://*.preview.example.com"].map(str::to_owned);
/// assert_eq!(
///     corsac_stacks::origin_expression(&entries),
///     r"^(?:https://app\.example\.com|https://(?:[a-z0-9_-]+\.)+preview\.example\.com)$"
/// );
/// ```
pub fn origin_expression(entries: &[String]) -> String {
    origin_regex::of_all(entries)
}

/// Returns `true` for a path that every server compares in the same way.
pub(crate) fn is_plain_path(path: &str) -> bool {
    path.bytes().all(is_path_byte) && !path.contains("//")
}

/// Returns `true` for a byte that stays as it is in the path of a URL, and for `/`
/// ([RFC 3986, section 3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)). `;` begins a parameter for servlets, so it is none of them.
const fn is_path_byte(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\''
        | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@' | b'/')
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
