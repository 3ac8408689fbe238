//! Which known names were probably meant by one that is not known.

use std::cmp::Reverse;

/// How alike two names have to be, in thousandths.
const LEAST: u32 = 800;

/// Returns the known names that are like the given one, the likeliest first. Those that contain it come before the others.
pub(crate) fn nearest<'n>(given: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let given = given.to_ascii_lowercase();
    if given.is_empty() {
        return Vec::new();
    }
    let likeness = |name: &str| (strsim::jaro_winkler(name, &given) * 1_000.0) as u32;
    let mut near: Vec<&str> = known.filter(|name| name.contains(&given) || likeness(name) > LEAST).collect();
    near.sort_by_key(|name| (!name.contains(&given), Reverse(likeness(name))));
    near.dedup();
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_contain_it_come_first_and_others_by_likeness() {
        let known = ["nginx", "express", "go-rs-cors", "go-jub0bs", "gin"];
        let nearest = |given| nearest(given, known.into_iter());
        assert_eq!(nearest("NGNX"), ["nginx"]);
        assert_eq!(nearest("rs-cors"), ["go-rs-cors"]);
        assert_eq!(nearest("gi"), ["gin", "nginx"]);
        assert!(nearest("").is_empty() && nearest("quarkus").is_empty());
    }
}
