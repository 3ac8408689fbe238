//! Files of arbitrary bytes, and what is printed of them on a terminal.

use proptest::prelude::*;

use super::{drawn, problems};
use crate::{Format, MOST_BYTES, PolicyFile};

#[test]
fn bytes_that_are_not_utf_8_are_reported_where_they_begin() {
    let table: [(&str, &[u8], usize, usize, &str); 4] = [
        ("Latin-1", b"# caf\xe9\n", 1, 6, "not UTF-8"),
        ("cut off", b"[policy.a]\n# \xc3", 2, 3, "not UTF-8"),
        ("UTF-16, little-endian", b"\xff\xfe[\0p\0", 1, 1, "UTF-16"),
        ("UTF-16, big-endian", b"\xfe\xff\0[\0p", 1, 1, "UTF-16"),
    ];
    for (name, bytes, line, column, word) in table {
        for format in Format::ALL {
            let problems = PolicyFile::parse_bytes(bytes, format).unwrap_err();
            let [found] = problems.iter().as_slice() else { panic!("{name}: {problems:?}") };
            assert_eq!(
                (found.line, found.column, found.problem.code.as_str()),
                (line, column, "file-syntax"),
                "{name}"
            );
            assert!(found.to_string().contains(word), "{name}: {found}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_content() {
    let toml = "\u{feff}[policy.a]\norigins = [\"*\"]\n";
    let json = "\u{feff}{\"policy\": {\"a\": {\"origins\": [\"*\"]}}}";
    assert!(PolicyFile::parse(toml, Format::guess(toml)).is_ok());
    assert!(PolicyFile::parse(json, Format::guess(json)).is_ok());
    assert_eq!(problems("\u{feff}x = 1\n", Format::Toml).iter().next().unwrap().column, 1);
}

#[test]
fn nesting_is_bounded() {
    for (format, open) in
        [(Format::Json, "["), (Format::Json, "{\"a\":"), (Format::Toml, "["), (Format::Toml, "{a=")]
    {
        let start = if format == Format::Toml { "a = " } else { "" };
        let text = format!("{start}{}", open.repeat(200_000));
        let problems = problems(&text, format);
        assert!(problems.iter().all(|found| found.problem.code.as_str() == "file-syntax"), "{open}");
        drawn(&problems, 80);
    }
    let deep = format!("{} = 1\n", vec!["a"; 20_000].join("."));
    assert!(!problems(&deep, Format::Toml).is_empty());
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let problems = problems(&" ".repeat(MOST_BYTES + 1), Format::Toml);
    assert!(problems.iter().next().unwrap().to_string().contains("64 MiB"));
    struct Endless;
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'\n');
            Ok(buffer.len())
        }
    }
    assert!(PolicyFile::read_from(Endless, "endless", None).is_err());
}

/// Recovering from each of these errors would take minutes, which a person notices; the test itself only checks what is reported.
#[test]
fn only_the_first_errors_of_a_file_full_of_errors_are_reported() {
    let table = [
        ("one line", "= ".repeat(200_000), 1),
        ("escapes on one line", format!("x = \"{}\"", "\\q".repeat(200_000)), 1),
        ("keys on one line", format!("x = {{{}", "a=1,".repeat(200_000)), 1),
        ("many lines", "= \n".repeat(200_000), 100),
        ("a long text", "= \n".repeat(2_000_000), 1),
    ];
    for (name, text, count) in table {
        assert_eq!(problems(&text, Format::Toml).iter().count(), count, "{name}");
    }
}

/// All problems are on one line, whose characters are counted once. Counting from its start for each problem would take minutes.
#[test]
fn very_many_problems_of_one_line_are_all_reported_with_their_column() {
    let origins = vec!["\"a.example\""; 50_000].join(",");
    let problems =
        problems(&format!("{{\"policy\": {{\"a\": {{\"origins\": [{origins}]}}}}}}"), Format::Json);
    assert_eq!(problems.iter().count(), 50_000);
    assert_eq!(problems.iter().last().map(|found| found.column), Some(31 + 49_999 * 12));
}

#[test]
fn a_file_cannot_write_to_the_terminal() {
    let text = "[policy.a]\norigins = [\"https://a\u{202e}b.example\"] # \u{9b}31m\n\"x\\u001b[31m\" = 1\n'\u{2066}' = 1\n# \u{1b}[2J\n";
    for text in [text, &text.replace('\n', "\r\n")] {
        let problems = problems(text, Format::Toml);
        let page = drawn(&problems, 80) + &problems.lines();
        let is_bad = |c: char| (c.is_control() && c != '\n') || ('\u{2028}'..='\u{2069}').contains(&c);
        assert!(!page.contains(is_bad), "{page:?}");
    }
}

#[test]
fn a_long_line_is_printed_in_part() {
    let origins = vec!["\"https://app.example\""; 10_000].join(", ");
    let text = format!("[policy.a]\norigins = [{origins}, \"b.example\", {origins}]\nmethods = [1]\n");
    let problems = problems(&text, Format::Toml);
    let error = problems.iter().find(|found| found.problem.code.as_str() == "origin-missing-scheme").unwrap();
    assert_eq!((error.line, error.column), (2, 12 + 10_000 * 23));
    let only = super::FileProblemsOf(&problems, error);
    let page = only.draw();
    assert!(page.contains("\"b.example\"") && page.len() < 2_000, "{page}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        for format in Format::ALL {
            if let Err(problems) = PolicyFile::parse_bytes(&bytes, format) {
                drawn(&problems, 60);
            }
        }
    }

    /// Strings made of pieces of real files reach more code.
    #[test]
    fn no_string_makes_it_panic_and_every_span_is_within_it(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        let text = pieces.concat();
        for format in Format::ALL {
            let problems = problems(&text, format);
            for found in problems.iter() {
                prop_assert!(problems.source().get(found.span.clone()).is_some(), "{found:?} in {text:?}");
                let before = &problems.source()[..found.span.start];
                prop_assert_eq!(found.line, before.matches('\n').count() + 1);
                prop_assert_eq!(found.column, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
            }
            drawn(&problems, 60);
            problems.lines();
        }
    }
}

const PIECES: &[&str] = &[
    "[policy.a]\n",
    "[policy.b]\n",
    "[policy]\n",
    "[[policy]]\n",
    "policy",
    "a",
    ".",
    "origins",
    " = ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    ":",
    ",",
    "\n",
    "\r\n",
    "\r",
    "\"https://a.example\"",
    "\"https://a.example/\"",
    "\"ä\"",
    "\"\\ud800\"",
    "\\",
    "credentials",
    "true",
    "\"true\"",
    "max-age",
    "600",
    "1e9",
    "0x",
    "-",
    "# c\n",
    "//",
    "/*",
    "\"policy\"",
    "\"origins\"",
    "\"methods\"",
    "methods",
    "\"put\"",
    "null",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}",
    "\u{0}",
    "\t",
    "1979-05-27",
    "\"\"\"",
    "'''",
];

/// In a server's log, the error is often all that people see.
#[test]
fn an_error_in_a_log_has_the_problems_and_not_the_whole_file() {
    let text = "[policy.app]\norigins = [\"http://a.example\", \"b.example\", \"https://c.example/\", \"https://D.example\", \"e.example\"]\n# secret\n";
    let problems = problems(text, Format::Toml).named("corsac.toml");
    let expected = "corsac.toml has 4 errors and 1 lint:\n\
                    line 2, column 32: error (origin-missing-scheme): `b.example`: an origin starts with a scheme and `://`. Write \
                    `https://b.example`.\n\
                    line 2, column 45: error (origin-path): `https://c.example/`: an origin has no path. Write `https://c.example`.\n\
                    line 2, column 67: error (origin-upper-case): `https://D.example`: an origin is in lower case. Write \
                    `https://d.example`.\n\
                    and 1 more";
    assert_eq!(problems.to_string(), expected);
    let error = crate::ReadError::from(problems);
    assert_eq!(error.to_string(), expected);
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    let mut page = String::new();
    let theme = miette::GraphicalTheme::unicode_nocolor();
    miette::GraphicalReportHandler::new_themed(theme).render_report(&mut page, &error).unwrap();
    assert!(page.contains("2 │ origins ="), "{page}");
}
