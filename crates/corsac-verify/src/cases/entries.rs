//! The entries of a policy's origins: what kind each is, which to try, and an origin that it covers.

use corsac::server::OriginEntry;
use fastrand::Rng;

/// A word that no policy names: a label of a host that nobody has.
pub(crate) const WORD: &str = "corsac-other";
/// A port that is nobody's default.
pub(crate) const PORT: u16 = 8_143;

/// How an entry is written. Servers implement each kind in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Everybody,
    Origin,
    OriginWithPort,
    OtherScheme,
    AnyPort,
    Subdomains,
    SubdomainsAnyPort,
    InsideLabel,
    AnyHost,
}

pub(crate) fn kind(entry: &str) -> Kind {
    let Some(entry) = OriginEntry::split(entry) else { return Kind::Everybody };
    if entry.covers_every_host() {
        Kind::AnyHost
    } else if entry.covers_part_of_label() {
        Kind::InsideLabel
    } else {
        match (entry.covers_subdomains, entry.covers_every_port()) {
            (true, true) => Kind::SubdomainsAnyPort,
            (true, false) => Kind::Subdomains,
            (false, true) => Kind::AnyPort,
            (false, false) if !entry.is_web() => Kind::OtherScheme,
            (false, false) if entry.port.is_some() => Kind::OriginWithPort,
            (false, false) => Kind::Origin,
        }
    }
}

/// Origins that an entry of `origins` covers, the plainest first.
///
/// ```
/// assert_eq!(corsac_verify::covered("https://*.example.com")[0], "https://corsac-other.example.com");
/// ```
pub fn covered(entry: &str) -> Vec<String> {
    let Some(entry) = OriginEntry::split(entry) else {
        return vec![format!("https://{WORD}.example"), format!("http://{WORD}.example:{PORT}")];
    };
    let host = entry.host.replace('*', WORD);
    let hosts = if entry.covers_subdomains {
        vec![format!("{WORD}.{host}"), format!("a.{WORD}.{host}")]
    } else {
        vec![host]
    };
    let ports = match entry.port {
        Some("*") => vec![format!(":{PORT}"), String::new()],
        Some(port) => vec![format!(":{port}")],
        None => vec![String::new()],
    };
    let scheme = entry.scheme;
    hosts.iter().flat_map(|host| ports.iter().map(move |port| format!("{scheme}://{host}{port}"))).collect()
}

/// The entries to try: all, or of each kind the first and some by chance.
pub(crate) fn chosen(entries: &[String], most: usize, seed: u64) -> Vec<&String> {
    let mut kinds: Vec<Kind> = entries.iter().map(|entry| kind(entry)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut random = Rng::with_seed(seed);
    let mut chosen = Vec::new();
    for wanted in kinds {
        let mut of_kind: Vec<&String> = entries.iter().filter(|entry| kind(entry) == wanted).collect();
        if let Some(rest) = of_kind.get_mut(1..) {
            random.shuffle(rest);
        }
        of_kind.truncate(most);
        chosen.extend(of_kind);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use corsac::server::Policy;

    use super::*;
    use crate::cases::tests::allows;

    const ENTRIES: [(&str, Kind); 11] = [
        ("*", Kind::Everybody),
        ("https://app.example.com", Kind::Origin),
        ("http://[::1]", Kind::Origin),
        ("https://app.example.com:8443", Kind::OriginWithPort),
        ("app://.", Kind::OtherScheme),
        ("http://localhost:*", Kind::AnyPort),
        ("https://*.example.com", Kind::Subdomains),
        ("https://*.example.com:*", Kind::SubdomainsAnyPort),
        ("https://app-*.example.com", Kind::InsideLabel),
        ("https://*.app-*.example.com", Kind::InsideLabel),
        ("moz-extension://*", Kind::AnyHost),
    ];

    #[test]
    fn each_entry_has_its_kind_and_covers_its_examples() {
        for (entry, expected) in ENTRIES {
            assert_eq!(kind(entry), expected, "{entry}");
            let policy = Policy::builder([entry]).build().unwrap();
            for origin in covered(entry) {
                assert!(allows(&policy, &origin), "{entry} covers {origin}");
            }
        }
    }

    #[test]
    fn of_each_kind_the_first_is_chosen_and_others_by_the_seed() {
        let entries: Vec<String> = (0..100).map(|number| format!("https://{number}.example")).collect();
        let with = |seed| chosen(&entries, 3, seed).into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(with(1).len(), 3);
        assert_eq!(with(1)[0], "https://0.example");
        assert_eq!(with(1), with(1));
        assert!((2..20).any(|seed| with(seed) != with(1)));
        assert_eq!(chosen(&entries, usize::MAX, 1).len(), 100);
    }
}
