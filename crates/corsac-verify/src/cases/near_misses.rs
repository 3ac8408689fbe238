//! Origins that are nearly covered by an entry: what famous mistakes let in. Whether the policy covers one through another entry is not looked
//! at here; the policy itself decides that.

use corsac::origin::{Origin, split_port};

use super::entries::{Kind, PORT, WORD, covered, kind};

/// An origin that is nearly covered by an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NearMiss {
    /// The code of the finding if a server allows it by mistake, one of [`CODES`](crate::CODES).
    pub code: &'static str,
    /// The origin. A page can have it.
    pub origin: String,
}

/// The near misses of an entry of `origins`: what famous mistakes let in. `other` is another entry of the same policy, if there is one; the policy may
/// cover a near miss through it.
///
/// ```
/// let misses = corsac_verify::near_misses("https://*.example.com", None);
/// let suffix = misses.iter().find(|miss| miss.code == "origin-suffix-matches").unwrap();
/// assert_eq!(suffix.origin, "https://corsac-otherexample.com");
/// ```
pub fn near_misses(entry: &str, other: Option<&str>) -> Vec<NearMiss> {
    let Some((scheme, rest)) = entry.split_once("://") else { return Vec::new() };
    let Some(example) = covered(entry).into_iter().next() else { return Vec::new() };
    if kind(entry) == Kind::AnyHost {
        return only_origins(vec![
            ("origin-scheme-ignored", format!("{scheme}x://{WORD}")),
            ("origin-scheme-ignored", format!("https://{WORD}")),
        ]);
    }
    let any_port = rest.ends_with(":*");
    let (host, port) = host_and_port(example.split_once("://").map_or("", |(_, authority)| authority));
    let mut misses = vec![
        ("origin-prefix-matches", format!("{scheme}://{host}.{WORD}.example{port}")),
        ("origin-prefix-matches", format!("{scheme}://{host}x{port}")),
    ];
    // What the wildcard stands for may have any form; the rest has to be there as it is written.
    let fixed = split_port(rest).0;
    if !fixed.starts_with('*') {
        let labels = [Some(format!("{WORD}-")), other.and_then(first_label).map(str::to_owned)];
        let hosts = labels.into_iter().flatten().map(|label| format!("{scheme}://{label}{host}{port}"));
        misses.extend(hosts.map(|origin| ("origin-suffix-matches", origin)));
    }
    match kind(entry) {
        Kind::Subdomains | Kind::SubdomainsAnyPort => {
            let parent = fixed.strip_prefix("*.").unwrap_or(fixed);
            misses.push(("origin-suffix-matches", format!("{scheme}://{WORD}{parent}{port}")));
            misses.push(("parent-domain-allowed", format!("{scheme}://{parent}{port}")));
            misses.extend(
                without_a_dot(parent)
                    .map(|parent| ("origin-dot-matches", format!("{scheme}://a.{parent}{port}"))),
            );
        }
        Kind::InsideLabel => {
            misses.push((
                "origin-wildcard-too-wide",
                format!("{scheme}://{}{port}", fixed.replace('*', "a.b")),
            ));
            misses.push(("origin-wildcard-too-wide", format!("{scheme}://{}{port}", fixed.replace('*', ""))));
            misses.extend(
                without_a_dot(fixed).map(|host| {
                    ("origin-dot-matches", format!("{scheme}://{}{port}", host.replace('*', "a")))
                }),
            );
        }
        _ => {
            misses.push(("subdomain-allowed", format!("{scheme}://{WORD}.{host}{port}")));
            misses.extend(
                without_a_dot(host).map(|host| ("origin-dot-matches", format!("{scheme}://{host}{port}"))),
            );
            misses.extend(
                host.split_once('.')
                    .map(|(_, parent)| ("parent-domain-allowed", format!("{scheme}://{parent}{port}"))),
            );
        }
    }
    if !any_port {
        misses.push(("origin-port-ignored", format!("{scheme}://{host}:{PORT}")));
        if !port.is_empty() {
            misses.push(("origin-port-ignored", format!("{scheme}://{host}")));
        }
    }
    let other_scheme = match scheme {
        "https" => "http",
        _ => "https",
    };
    misses.push(("origin-scheme-ignored", format!("{other_scheme}://{host}{port}")));
    only_origins(misses)
}

/// A host, and its port with the colon.
fn host_and_port(authority: &str) -> (&str, &str) {
    let host = split_port(authority).0;
    (host, authority.get(host.len()..).unwrap_or_default())
}

/// The host with a letter in place of each of its dots in turn: in an expression, a dot that is not escaped stands for any character.
fn without_a_dot(host: &str) -> impl Iterator<Item = String> + '_ {
    host.match_indices('.').map(|(at, _)| {
        let (before, after) = host.split_at_checked(at).unwrap_or((host, ""));
        format!("{before}x{}", after.strip_prefix('.').unwrap_or(after))
    })
}

fn first_label(entry: &str) -> Option<&str> {
    let host = entry.split_once("://")?.1.trim_start_matches("*.");
    host.split(['.', ':']).next().filter(|label| !label.is_empty() && !label.contains('*'))
}

/// Those that a page can have as its origin, each once.
fn only_origins(misses: Vec<(&'static str, String)>) -> Vec<NearMiss> {
    let mut found: Vec<NearMiss> = Vec::new();
    for (code, origin) in misses {
        let is_origin = Origin::parse(&origin).is_ok_and(|parsed| parsed.as_str() == origin);
        if is_origin && found.iter().all(|near| near.origin != origin) {
            found.push(NearMiss { code, origin });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use corsac::server::Policy;

    use super::*;
    use crate::cases::tests::allows;

    #[test]
    fn the_entry_alone_covers_none_of_its_near_misses() {
        for entry in [
            "https://app.example.com",
            "https://app.example.com:8443",
            "http://localhost:*",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "https://*.example.com",
            "https://*.example.com:*",
            "https://app-*.example.com",
            "https://*.app-*.example.com",
            "moz-extension://*",
            "app://.",
        ] {
            let policy = Policy::builder([entry]).build().unwrap();
            let misses = near_misses(entry, Some("https://bar.example"));
            assert!(misses.len() >= 2, "{entry}: {}", misses.len());
            for miss in misses {
                assert!(!allows(&policy, &miss.origin), "{entry} covers {}", miss.origin);
            }
        }
    }

    #[test]
    fn famous_mistakes_are_among_them() {
        let origins =
            |entry, other| near_misses(entry, other).into_iter().map(|miss| miss.origin).collect::<Vec<_>>();
        for (entry, other, origin) in [
            ("https://foo.com", Some("https://bar.com"), "https://barfoo.com"),
            ("https://a.com", None, "https://axcom"),
            ("https://a.com", None, "http://a.com"),
            ("https://a.com", None, "https://a.com:8143"),
            ("https://a.com:444", None, "https://a.com"),
            ("https://www.a.com", None, "https://a.com"),
            ("https://*.a.com", None, "https://a.com"),
            ("https://*.a.com", None, "https://corsac-othera.com"),
            ("https://*.a.com", None, "https://corsac-other.a.com.corsac-other.example"),
            ("https://app-*.a.com", None, "https://app-a.b.a.com"),
        ] {
            assert!(
                origins(entry, other).contains(&origin.to_owned()),
                "{entry}: {:?}",
                origins(entry, other)
            );
        }
    }
}
