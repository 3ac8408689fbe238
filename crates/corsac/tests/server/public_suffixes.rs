//! Every rule of the public suffix list against the patterns that a policy may hold. The list is the one that the locked `psl` crate
//! compiles in; that crate has it as a text file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use corsac::server::{Policy, PolicyConfig, Problem, ProblemCode};

use crate::config;

/// Returns the rules of the list, one per line, names in ASCII.
fn rules() -> &'static [String] {
    static RULES: OnceLock<Vec<String>> = OnceLock::new();
    RULES.get_or_init(|| {
        let rules = std::fs::read_to_string(list()).unwrap();
        rules.lines().map(str::trim).filter(|line| !line.is_empty()).map(in_ascii).collect()
    })
}

/// Returns the file from which `psl` is generated.
fn list() -> PathBuf {
    let mut metadata = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
    metadata.args(["metadata", "--format-version", "1", "--offline", "--filter-platform"]);
    let output = metadata.arg(target()).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let psl = packages.iter().find(|package| package["name"] == "psl").unwrap();
    PathBuf::from(psl["manifest_path"].as_str().unwrap()).with_file_name("data").join("rules.txt")
}

/// Returns the compiler's platform, so that packages of other platforms are not needed.
fn target() -> String {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("-vV")
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

fn in_ascii(rule: &str) -> String {
    let (mark, name) = match rule.strip_prefix("*.") {
        Some(name) => ("*.", name),
        None => rule.strip_prefix('!').map_or(("", rule), |name| ("!", name)),
    };
    format!("{mark}{}", url::Host::parse(name).unwrap())
}

/// `scripts/suffixes` uses this to write the file.
#[test]
fn the_written_list_has_the_rules_of_the_compiled_one() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/origin/suffix/list.txt");
    let expected = written_list();
    if std::env::var_os("CORSAC_WRITE_SUFFIXES").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == expected, "out of date: run scripts/suffixes");
}

/// A line for each name with rules below it: the name, and the labels of the rules. Sorted by the labels of the names, from the last one on.
fn written_list() -> String {
    let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for rule in rules() {
        let (mark, name) = rule.strip_prefix('!').map_or(("", rule.as_str()), |name| ("!", name));
        let (label, parent) = name.split_once('.').unwrap_or((name, ""));
        // An exception has no suffix of its own. It belongs to the part of the rule that it is an exception of.
        let example = name.replace('*', "any").replace(label, if mark.is_empty() { label } else { "any" });
        let example = if label == "*" { format!("any.{parent}") } else { example };
        let private = psl::suffix(example.as_bytes()).unwrap().typ() == Some(psl::Type::Private);
        let reversed = parent.rsplit('.').collect::<Vec<_>>().join(".");
        lines.entry(reversed).or_default().push(format!("{}{mark}{label}", if private { "~" } else { "" }));
    }
    let line = |(parent, labels): (String, Vec<String>)| {
        let parent = parent.rsplit('.').collect::<Vec<_>>().join(".");
        format!("{parent} {}\n", labels.join(" "))
    };
    lines.into_iter().map(line).collect()
}

/// Returns the codes of the problems of a policy with this one origin.
fn codes(origin: &str, credentials: bool) -> Vec<ProblemCode> {
    let config = PolicyConfig { credentials, ..config(&[origin]) };
    let problems = match Policy::new(&config) {
        Ok(policy) => policy.lints().to_vec(),
        Err(problems) => problems.into_vec(),
    };
    problems.iter().map(|problem: &Problem| problem.code).collect()
}

/// The hosts below which anybody can have a name, and the hosts that exceptions exclude from that.
fn public_hosts() -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let exceptions = rules().iter().filter_map(|rule| rule.strip_prefix('!')).collect();
    let public =
        rules().iter().filter(|rule| !rule.starts_with('!')).map(|rule| rule.trim_start_matches("*."));
    (public.collect(), exceptions)
}

#[test]
fn the_list_is_read_with_its_wildcards_and_exceptions() {
    let wildcards = rules().iter().filter(|rule| rule.starts_with("*.")).count();
    let exceptions = rules().iter().filter(|rule| rule.starts_with('!')).count();
    assert!(
        rules().len() > 9_000 && wildcards > 250 && exceptions > 5,
        "{} {wildcards} {exceptions}",
        rules().len()
    );
    for rule in ["com", "co.uk", "github.io", "*.run.app", "*.kawasaki.jp", "!city.kawasaki.jp"] {
        assert!(rules().iter().any(|line| line == rule), "{rule}");
    }
}

#[test]
fn subdomains_of_every_rule_are_refused_with_credentials_and_linted_without() {
    let (public, _) = public_hosts();
    for host in public {
        for entry in [format!("https://*.{host}"), format!("https://*.{host}.:*")] {
            assert!(codes(&entry, true).contains(&ProblemCode::CredentialsPublicSuffix), "{entry}");
            assert!(codes(&entry, false).contains(&ProblemCode::OriginPublicSuffix), "{entry}");
            assert!(Policy::new(&config(&[&entry])).is_ok(), "{entry}");
        }
    }
}

/// With `*.run.app` on the list, `a.run.app` is a public suffix as well.
#[test]
fn a_name_below_a_wildcard_rule_is_public_unless_it_is_an_exception() {
    let (public, exceptions) = public_hosts();
    for host in rules().iter().filter_map(|rule| rule.strip_prefix("*.")) {
        let entry = format!("https://*.any-name.{host}");
        assert!(codes(&entry, true).contains(&ProblemCode::CredentialsPublicSuffix), "{entry}");
    }
    assert!(!exceptions.is_empty());
    for host in exceptions.difference(&public) {
        assert!(codes(&format!("https://*.{host}"), true).is_empty(), "{host}");
    }
}

#[test]
fn a_host_with_suffixes_further_below_is_a_lint_either_way() {
    for host in above() {
        for credentials in [false, true] {
            let entry = format!("https://*.{host}");
            assert_eq!(codes(&entry, credentials), [ProblemCode::OriginAboveSuffixes], "{entry}");
        }
    }
    for host in ["amazonaws.com", "core.windows.net", "windows.net"] {
        assert!(above().contains(host), "{host}");
    }
}

#[test]
fn names_that_one_person_has_are_neither() {
    for host in [
        "example.com",
        "example.co.uk",
        "acme.github.io",
        "acme.vercel.app",
        "acme.a.run.app",
        "windows.com",
        "app.amazonaws.test",
    ] {
        assert_eq!(codes(&format!("https://*.{host}"), true), [], "{host}");
    }
}

/// Returns the hosts that are not public themselves but have public hosts below them.
fn above() -> BTreeSet<String> {
    let (public, _) = public_hosts();
    // `a.run.app` is public because of `*.run.app`; no listed name below the host of a wildcard rule is a parent again.
    let parents = rules().iter().flat_map(|rule| {
        let name = rule.trim_start_matches(['*', '!', '.']);
        name.match_indices('.').filter_map(|(dot, _)| name.get(dot + 1..))
    });
    let is_public = |host: &str| {
        public.contains(host)
            || host
                .split_once('.')
                .is_some_and(|(_, parent)| rules().iter().any(|rule| rule.strip_prefix("*.") == Some(parent)))
    };
    let parents: BTreeSet<&str> = parents.collect();
    parents.into_iter().filter(|host| !is_public(host)).map(str::to_owned).collect()
}

/// `scripts/suffixes` uses this to write the file.
#[test]
fn hosts_above_suffixes_are_those_of_the_list() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/origin/above_suffixes.txt");
    let expected: String = above().iter().map(|host| format!("{host}\n")).collect();
    if std::env::var_os("CORSAC_WRITE_SUFFIXES").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == expected, "out of date: run scripts/suffixes");
}
