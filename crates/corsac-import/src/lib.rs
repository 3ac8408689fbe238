//! Reads the CORS part of other servers' configuration: the policy that it amounts to, and notes at the lines of what lets strangers in, has no
//! effect, or cannot be said in a policy.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod apache;
mod asking;
mod caddy;
mod change;
mod cloudfront;
mod codes;
mod document;
mod envoy;
mod error;
mod examine;
mod example;
mod express;
mod expression;
mod files;
mod filter;
mod gateway_api;
mod haproxy;
mod headers;
mod imported;
mod ingress_nginx;
mod istio;
mod kind;
mod kubernetes;
mod mend;
mod nginx;
mod note;
#[cfg(test)]
mod recorded;
mod s3;
mod server;
mod spring;
mod template;
mod traefik;

pub use codes::{CODES, NoteCode, code};
pub use error::ImportError;
pub use files::{Include, MOST_BYTES, Source, no_includes};
pub use imported::{Imported, ImportedPolicy, Note};
pub use kind::Kind;
pub use mend::{Mended, MendedFile, mend};
pub use note::NoteKind;

use corsac::server::PathPrefix;

use examine::{Examined, PlacedConfig};
use files::Files;
use note::Noted;
use server::Server;

/// Reads a configuration. `include` gives the files that it includes; `meant` are entries of `origins` for where the configuration allows every origin to
/// read with credentials, which no policy can say.
///
/// # Errors
///
/// Fails if a file cannot be read, with the line.
///
/// ```
/// use corsac_import::{Kind, Source, import, no_includes};
///
/// let text = r#"[{"AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["GET", "PUT"]}]"#;
/// let source = Source { name: "cors.json".into(), text: text.into() };
/// let imported = import(Kind::S3, source, &mut no_includes, &[]).unwrap();
/// assert_eq!(imported.policies[0].config.methods, ["PUT"]);
/// ```
pub fn import(
    kind: Kind,
    main: Source,
    include: &mut Include<'_>,
    meant: &[String],
) -> Result<Imported, ImportError> {
    let mut files = Files::new(main, include)?;
    let server = read(kind, &mut files)?;
    let Examined { policies, notes, .. } = examine::examine(&*server, &files, meant);
    Ok(Imported {
        policies: policies.into_iter().map(|policy| imported_policy(policy, &*server, &files)).collect(),
        notes: notes
            .into_iter()
            .map(|note| {
                let file = files.name(note.at.file).to_owned();
                imported_note(note, &file)
            })
            .collect(),
    })
}

fn imported_policy(policy: PlacedConfig, server: &dyn Server, files: &Files<'_>) -> ImportedPolicy {
    let PlacedConfig { name, prefix, place, config, remarks } = policy;
    ImportedPolicy {
        name,
        at: prefix.filter(|prefix| prefix != "/").and_then(|prefix| PathPrefix::parse(&prefix).ok()),
        config,
        host: server.written_host(&place).map(str::to_owned),
        file: files.name(place.at.file).to_owned(),
        line: place.at.line,
        remarks,
    }
}

fn imported_note(note: Noted, file: &str) -> Note {
    let Noted { kind, code, at, message, instead, origin } = note;
    Note { kind, code, file: file.to_owned(), line: at.line, message, instead, origin }
}

/// Reads the files as a server that can be asked.
fn read(kind: Kind, files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let read = match kind {
        Kind::Nginx => nginx::read,
        Kind::Apache => apache::read,
        Kind::Caddy => caddy::read,
        Kind::Haproxy => haproxy::read,
        Kind::Envoy => envoy::read,
        Kind::Traefik => traefik::read,
        Kind::Express => express::read,
        Kind::Spring => spring::read,
        Kind::GatewayApi => gateway_api::read,
        Kind::Istio => istio::read,
        Kind::IngressNginx => ingress_nginx::read,
        Kind::S3 => s3::read,
        Kind::Cloudfront => cloudfront::read,
    };
    read(files)
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
