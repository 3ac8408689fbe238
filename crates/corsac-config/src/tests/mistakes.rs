//! Mistakes, each with its code, position and suggestion.

use super::problems;
use crate::Format::{self, Json, Toml};

/// Name, file, and for each problem in order: code, line, column, suggestion.
type Row =
    (&'static str, Format, &'static str, &'static [(&'static str, usize, usize, Option<&'static str>)]);

const SHAPE: &[Row] = &[
    ("an empty file", Toml, "", &[("key-missing", 1, 1, None)]),
    ("an empty object", Json, "{}", &[("key-missing", 1, 1, None)]),
    ("nothing at all", Json, "", &[("file-syntax", 1, 1, None)]),
    ("white space", Json, " \n", &[("file-syntax", 1, 1, None)]),
    ("a list", Json, "[]", &[("file-syntax", 1, 1, None)]),
    ("no policy in the table", Toml, "[policy]\n", &[("key-missing", 1, 1, None)]),
    ("no name", Toml, "[policy]\norigins = [\"*\"]\n", &[("key-unknown", 2, 1, None)]),
    ("no table", Toml, "origins = [\"*\"]\n", &[("key-unknown", 1, 1, None)]),
    (
        "a table of another name",
        Toml,
        "[app]\norigins = [\"*\"]\n",
        &[("key-unknown", 1, 2, Some("policy.app"))],
    ),
    ("policies", Toml, "[policies.app]\norigins = [\"*\"]\n", &[("key-unknown", 1, 2, Some("policy.NAME"))]),
    ("a list of policies", Toml, "[[policy]]\norigins = [\"*\"]\n", &[("value-type", 1, 1, None)]),
    ("a policy that is a string", Toml, "[policy]\napp = \"*\"\n", &[("value-type", 2, 7, None)]),
    (
        "a policy twice",
        Toml,
        "[policy.a]\norigins = []\n[policy.a]\norigins = []\n",
        &[("file-syntax", 3, 9, None)],
    ),
    (
        "a policy twice",
        Json,
        "{\"policy\": {\"a\": {\"origins\": []},\n\"a\": {}}}",
        &[("file-syntax", 2, 1, None)],
    ),
    (
        "a key twice",
        Toml,
        "[policy.a]\norigins = [\"*\"]\norigins = [\"*\"]\n",
        &[("file-syntax", 3, 1, None)],
    ),
];

const SYNTAX: &[Row] = &[
    (
        "a string without quotes",
        Toml,
        "[policy.a]\norigins = [https://a.example]\n",
        &[("file-syntax", 2, 12, Some("\"https://a.example\""))],
    ),
    (
        "a flag in another word",
        Toml,
        "[policy.a]\norigins = [\"https://a.example\"]\ntiming = yes\n",
        &[("file-syntax", 3, 10, Some("true"))],
    ),
    (
        "a flag in Python's spelling",
        Toml,
        "[policy.a]\ncredentials = False\n",
        &[("file-syntax", 2, 15, Some("false"))],
    ),
    ("a list without an end", Toml, "[policy.a]\norigins = [\"*\"\n", &[("file-syntax", 2, 15, None)]),
    ("a key without a value", Toml, "[policy.a]\ncredentials =\n", &[("file-syntax", 2, 14, None)]),
    (
        "two mistakes on two lines",
        Toml,
        "[policy.a]\norigins = [*]\nmethods = [PUT]\n",
        &[("file-syntax", 2, 12, Some("\"*\"")), ("file-syntax", 3, 12, Some("\"PUT\""))],
    ),
    ("a comment in JSON", Json, "{ // the app\n}", &[("file-syntax", 1, 3, None)]),
    (
        "a comma after the last entry",
        Json,
        "{\"policy\": {\"a\": {\"origins\": [\"*\",]}}}",
        &[("file-syntax", 1, 34, None)],
    ),
    ("a key without quotes", Json, "{policy: {}}", &[("file-syntax", 1, 2, None)]),
    ("single quotes", Json, "{'policy': {}}", &[("file-syntax", 1, 2, None)]),
    (
        "a missing comma",
        Json,
        "{\"policy\": {\"a\": {\"origins\": []\n\"methods\": []}}}",
        &[("file-syntax", 1, 32, None)],
    ),
    ("two objects", Json, "{}\n{}", &[("file-syntax", 2, 1, None)]),
    ("a line break in a string", Json, "{\"a\nb\": 1}", &[("file-syntax", 1, 3, None)]),
    ("TOML in a file that is said to be JSON", Json, "[policy.app]\n", &[("file-syntax", 1, 1, None)]),
    (
        "JSON in a file that is said to be TOML",
        Toml,
        "{\n\"policy\": {}\n}\n",
        &[("file-syntax", 1, 1, None)],
    ),
    ("YAML", Toml, "# ours\npolicy:\n  app:\n    origins: [\"*\"]\n", &[("file-syntax", 2, 1, None)]),
    ("YAML", Json, "---\npolicy:\n  app:\n", &[("file-syntax", 1, 1, None)]),
    ("a colon for `=`", Toml, "[policy.a]\norigins: [\"*\"]\n", &[("file-syntax", 2, 1, None)]),
    (
        "a syntax error, and mistakes around it",
        Toml,
        "[policy.a]\norigins = [\"a.example\"]\nmethods = [PUT, \"x\"]\nmax-age = \"soon\"\n[policy.b]\norigins = [\"b.example\"]\n",
        &[
            ("origin-missing-scheme", 2, 12, Some("https://a.example")),
            ("file-syntax", 3, 12, Some("\"PUT\"")),
            ("max-age-invalid", 4, 11, None),
            ("origin-missing-scheme", 6, 12, Some("https://b.example")),
        ],
    ),
    (
        "a list without an end hides nothing",
        Toml,
        "[policy.a]\norigins = [\"*\"\nmethods = [\"put\"]\n[policy.b]\norigins = [\"https://b.example\"]\n",
        &[("file-syntax", 2, 15, None), ("method-lower-case", 3, 12, Some("PUT"))],
    ),
    (
        "a lint that a syntax error may acknowledge is not reported",
        Toml,
        "[policy.a]\norigins = [\"http://a.example\"]\nacknowledge = [origin-insecure]\n",
        &[("file-syntax", 3, 16, Some("\"origin-insecure\""))],
    ),
    (
        "a header without an end",
        Toml,
        "[policy.a\norigins = [\"a.example\"]\n",
        &[("file-syntax", 1, 10, None)],
    ),
];

const KEYS: &[Row] = &[
    (
        "origin",
        Toml,
        "[policy.a]\norigin = [\"https://a.example\"]\n",
        &[("key-unknown", 2, 1, Some("origins"))],
    ),
    ("no origins", Toml, "[policy.a]\ncredentials = true\n", &[("key-missing", 1, 9, None)]),
    ("no origins", Json, "{\"policy\": {\"app\": {}}}", &[("key-missing", 1, 13, None)]),
    (
        "snake case",
        Toml,
        "[policy.a]\norigins = []\nallow_credentials = true\nrequest_headers = [\"X-A\"]\n",
        &[
            ("origin-none", 2, 11, None),
            ("key-unknown", 3, 1, Some("credentials")),
            ("key-unknown", 4, 1, Some("request-headers")),
        ],
    ),
    (
        "an unknown key",
        Toml,
        "[policy.a]\norigins = [\"*\"]\ncolour = \"red\"\n",
        &[("key-unknown", 3, 1, None)],
    ),
    (
        "a key in two policies",
        Toml,
        "[policy.a]\norigins = [\"*\"]\ntimings = true\n[policy.b]\norigins = [\"*\"]\ntimings = true\n",
        &[("key-unknown", 3, 1, Some("timing")), ("key-unknown", 6, 1, Some("timing"))],
    ),
];

const TYPES: &[Row] = &[
    (
        "a string for a list",
        Toml,
        "[policy.a]\norigins = \"https://a.example\"\n",
        &[("value-type", 2, 11, Some("[\"https://a.example\"]"))],
    ),
    (
        "a string for a list, with two values",
        Toml,
        "[policy.a]\norigins = [\"*\"]\nmethods = \"PUT, DELETE\"\n",
        &[("value-type", 3, 11, Some("[\"PUT\", \"DELETE\"]"))],
    ),
    (
        "a flag in quotes",
        Toml,
        "[policy.a]\norigins = [\"https://a.example\"]\ncredentials = \"true\"\n",
        &[("value-type", 3, 15, Some("true"))],
    ),
    (
        "a boolean in Python's spelling",
        Json,
        "{\"policy\": {\"a\": {\"origins\": [\"*\"], \"timing\": \"False\"}}}",
        &[("value-type", 1, 47, Some("false"))],
    ),
    (
        "a flag as a number",
        Toml,
        "[policy.a]\norigins = [\"https://a.example\"]\ncredentials = 1\n",
        &[("value-type", 3, 15, Some("true"))],
    ),
    (
        "a number in a list",
        Toml,
        "[policy.a]\norigins = [\"*\"]\nmethods = [\"PUT\", 8080]\n",
        &[("value-type", 3, 19, None)],
    ),
    (
        "a list in a list",
        Json,
        "{\"policy\": {\"a\": {\"origins\": [[\"*\"]]}}}",
        &[("value-type", 1, 31, None)],
    ),
    (
        "a time that is a list",
        Toml,
        "[policy.a]\norigins = [\"*\"]\nmax-age = [1]\n",
        &[("value-type", 3, 11, None)],
    ),
    ("half a second", Toml, "[policy.a]\norigins = [\"*\"]\nmax-age = 0.5\n", &[("value-type", 3, 11, None)]),
    (
        "null",
        Json,
        "{\"policy\": {\"a\": {\"origins\": [\"*\"], \"max-age\": null}}}",
        &[("value-type", 1, 48, None)],
    ),
    (
        "a misspelled word",
        Toml,
        "[policy.a]\norigins = [\"https://a.example\"]\nresource-policy = \"same_site\"\n",
        &[("value-type", 3, 19, Some("same-site"))],
    ),
    (
        "an unknown word",
        Toml,
        "[policy.a]\norigins = [\"https://a.example\"]\nenforce = \"yes\"\n",
        &[("value-type", 3, 11, None)],
    ),
    (
        "a boolean for a word",
        Toml,
        "[policy.a]\norigins = [\"https://a.example\"]\nenforce = true\n",
        &[("value-type", 3, 11, Some("\"block\""))],
    ),
];

const VALUES: &[Row] = &[
    (
        "the second origin",
        Toml,
        "[policy.a]\norigins = [\n  \"https://a.example\", # the app\n  \"https://b.example/\",\n]\n",
        &[("origin-path", 4, 3, Some("https://b.example"))],
    ),
    (
        "columns are characters",
        Toml,
        "[policy.\"ä\"]\norigins = [\"https://b.example\"] # für\n[policy.\"ö\"]\norigins = [\"https://ö.example\", \"b.example\"]\n",
        &[
            ("origin-unicode-host", 4, 12, Some("https://xn--nda.example")),
            ("origin-missing-scheme", 4, 33, Some("https://b.example")),
        ],
    ),
    (
        "line breaks of Windows",
        Toml,
        "[policy.a]\r\norigins = [\"a.example\"]\r\nmethods = [\"put\"]\r\n",
        &[
            ("origin-missing-scheme", 2, 12, Some("https://a.example")),
            ("method-lower-case", 3, 12, Some("PUT")),
        ],
    ),
    (
        "a key as a whole",
        Toml,
        "[policy.a]\norigins = [\"https://a.example\"]\nnull-origin = true\ncredentials = true\n",
        &[("credentials-null-origin", 3, 15, None)],
    ),
    (
        "a number of seconds",
        Json,
        "{\"policy\": {\"a\": {\"origins\": [\"*\"],\n  \"max-age\": 100000}}}",
        &[("max-age-out-of-range", 2, 14, Some("2h"))],
    ),
    (
        "a number in another base",
        Toml,
        "[policy.a]\norigins = [\"*\"]\nmax-age = 0x1_0000\n",
        &[("max-age-over-cap", 3, 11, Some("2h"))],
    ),
    (
        "a very large number",
        Toml,
        "[policy.a]\norigins = [\"*\"]\nmax-age = 99999999999999999999999999\n",
        &[("max-age-out-of-range", 3, 11, Some("2h"))],
    ),
    (
        "a lint",
        Toml,
        "[policy.a]\norigins = [\"http://a.example\"]\n",
        &[("origin-insecure", 2, 12, Some("https://a.example"))],
    ),
    (
        "a lint that is acknowledged",
        Toml,
        "[policy.a]\norigins = [\"http://a.example\"]\nacknowledge = [\"origin-insecure\"]\n",
        &[],
    ),
    (
        "a code that is misspelled",
        Toml,
        "[policy.a]\norigins = []\nacknowledge = [\"orgin-none\"]\n",
        &[("origin-none", 2, 11, None), ("acknowledge-unknown", 3, 16, Some("origin-none"))],
    ),
    (
        "an escape in a string",
        Toml,
        "[policy.a]\norigins = [\"https://\\u0061.example\", \"b.example\"]\n",
        &[("origin-missing-scheme", 2, 38, Some("https://b.example"))],
    ),
    (
        "several at once",
        Toml,
        "[policy.a]\norigins = [\"https://A.example\"]\nmethod = [\"PUT\"]\ncredentials = \"yes\"\n[policy.b]\n",
        &[
            ("origin-upper-case", 2, 12, Some("https://a.example")),
            ("key-unknown", 3, 1, Some("methods")),
            ("value-type", 4, 15, Some("true")),
            ("key-missing", 5, 9, None),
        ],
    ),
];

#[test]
fn each_mistake_is_reported_at_its_position_with_a_suggestion() {
    let mut wrong = String::new();
    for (name, format, text, expected) in [SHAPE, SYNTAX, KEYS, TYPES, VALUES].concat() {
        let problems = problems(text, format);
        let reported: Vec<_> = problems
            .iter()
            .map(|found| {
                (found.problem.code.as_str(), found.line, found.column, found.problem.suggestion.as_deref())
            })
            .collect();
        if reported != expected {
            wrong += &format!(
                "{name}: expected {expected:?}, reported {reported:?}
{}",
                problems.lines()
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn following_the_suggestions_fixes_the_file() {
    let text = "[policy.a]\norigins = [\"https://A.example/\", \"b.example\"]\nmethod = [\"put\"]\ncredentials = \"true\"\nenforce = true\n";
    let mut written = text.to_owned();
    for _ in 0..5 {
        let problems = problems(&written, Toml);
        let Some(found) = problems.iter().find(|found| found.is_error()) else { break };
        let suggestion = found.problem.suggestion.clone().unwrap();
        let is_item = written[found.span.clone()].starts_with('"') && found.problem.place.index.is_some();
        written.replace_range(
            found.span.clone(),
            &if is_item { format!("\"{suggestion}\"") } else { suggestion },
        );
    }
    // One value has two mistakes, which are fixed one after the other.
    let rest = problems(&written, Toml);
    let again = rest.iter().filter(|found| found.is_error()).count();
    assert!(again <= 1, "{written}\n{}", rest.lines());
}

#[test]
fn a_file_for_editors_may_name_its_schema() {
    assert!(
        problems(
            "{\"$schema\": \"./corsac.schema.json\", \"policy\": {\"a\": {\"origins\": [\"*\"]}}}",
            Json
        )
        .is_empty()
    );
    assert!(problems("#:schema ./corsac.schema.json\n[policy.a]\norigins = [\"*\"]\n", Toml).is_empty());
}
