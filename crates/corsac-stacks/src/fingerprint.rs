//! A short fingerprint of what was compiled, so that a configuration says which policies it was made from.

use corsac::server::{Placement, PolicyChoice};
use sha2::{Digest as _, Sha256};

/// Returns the first 12 hexadecimal digits of the SHA-256 of all policies, each with its path.
pub(crate) fn fingerprint(placement: &Placement) -> String {
    let mut digest = Sha256::new();
    for (path, placed) in placement.all() {
        let config = match &placed.choice {
            PolicyChoice::Policy(policy) => serde_json::to_string(&policy.config()).unwrap_or_default(),
            PolicyChoice::Pass => "pass".to_owned(),
            _ => continue,
        };
        // Neither a path nor a name has a line feed.
        digest.update(format!("{path}\n{}\n{config}\n", placed.name));
    }
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use corsac::server::{PathPrefix, Placed, Policy};

    use super::*;

    #[test]
    fn another_origin_path_or_name_gives_another_fingerprint() {
        let placed = |name: &str, origin: &str| Placed::new(name, Policy::builder([origin]).build().unwrap());
        let (one, other) = ("https://a.example", "https://b.example");
        let at = |path: &str| {
            Placement::new(placed("a", one)).at(PathPrefix::parse(path).unwrap(), placed("b", other))
        };
        let placements = [
            Placement::new(placed("a", one)),
            Placement::new(placed("b", one)),
            Placement::new(placed("a", other)),
            at("/v1"),
            at("/v2"),
        ];
        let mut all: Vec<String> = placements.iter().map(fingerprint).collect();
        assert_eq!(all[0], fingerprint(&Placement::new(placed("a", one))), "the same every time");
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), placements.len());
    }
}
