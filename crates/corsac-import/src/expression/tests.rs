use super::*;

/// What people write, what they mean, and how strangers get in.
#[test]
fn expressions_that_people_write_stand_for_entries_and_let_in_strangers() {
    let rows: &[(&str, Matching, &[&str], &[&str])] = &[
        (r"^https://app\.example\.com$", Matching::Search, &["https://app.example.com"], &[]),
        (
            r"^https://app.example.com$",
            Matching::Search,
            &["https://app.example.com"],
            &["origin-dot-matches"],
        ),
        (
            r"^https?://app\.example\.com$",
            Matching::Search,
            &["http://app.example.com", "https://app.example.com"],
            &[],
        ),
        (
            r"^https://app\.example\.com",
            Matching::Search,
            &["https://app.example.com"],
            &["origin-prefix-matches"],
        ),
        (r"https://app\.example\.com$", Matching::Search, &["https://app.example.com"], &[]),
        (
            r"example\.com$",
            Matching::Search,
            &["https://example.com", "https://*.example.com"],
            &["origin-suffix-matches"],
        ),
        (r"\.example\.com$", Matching::Search, &["https://*.example.com"], &["origin-scheme-ignored"]),
        (r"^https://.*\.example\.com$", Matching::Search, &["https://*.example.com"], &[]),
        (
            r"^https://(.*\.)?example\.com$",
            Matching::Search,
            &["https://*.example.com", "https://example.com"],
            &[],
        ),
        (r"^https://[a-z0-9-]+\.example\.com$", Matching::Search, &["https://*.example.com"], &[]),
        (
            r"^https://(www|app)\.example\.com$",
            Matching::Search,
            &["https://www.example.com", "https://app.example.com"],
            &[],
        ),
        (r"^http://localhost(:[0-9]+)?$", Matching::Search, &["http://localhost:*"], &[]),
        (r"^http://localhost:\d{4}$", Matching::Search, &["http://localhost:*"], &[]),
        (
            r"(https?://.*\.example\.com(:[0-9]+)?)",
            Matching::Search,
            &["http://*.example.com:*", "https://*.example.com:*"],
            &["origin-prefix-matches"],
        ),
        (
            r"^https://[a-z0-9-]+--shop\.example\.com$",
            Matching::Search,
            &["https://*--shop.example.com"],
            &[],
        ),
        (r"^app://\.$", Matching::Search, &["app://."], &[]),
        (
            r"^https://app[12]\.example\.com$",
            Matching::Search,
            &["https://app1.example.com", "https://app2.example.com"],
            &[],
        ),
        (
            r"^https://(a|b)\.example\.com$",
            Matching::Search,
            &["https://a.example.com", "https://b.example.com"],
            &[],
        ),
        (r"^https://app\.example\.com:", Matching::Search, &["https://app.example.com:*"], &[]),
        (
            r"^https://[a-d][a-d][a-d][a-d][a-d]\.example\.com$",
            Matching::Search,
            &["https://*.example.com"],
            &[],
        ),
        // Whose pages these are nobody can say, and strangers get in.
        (r"^https?://cdn\.", Matching::Search, &[], &["origin-expression-too-wide"]),
        (r"^http://192\.168\.", Matching::Search, &[], &["origin-expression-too-wide"]),
        // A pattern with wildcards where an expression is read.
        (r"https://*.example.org", Matching::Whole, &[], &["origin-expression-too-wide"]),
        (r"^http://192\.168\.\d+\.\d+$", Matching::Search, &[], &[]),
        (r"https://app\.example\.com", Matching::Whole, &["https://app.example.com"], &[]),
        (
            r"https://app\.example\.com",
            Matching::Prefix,
            &["https://app.example.com"],
            &["origin-prefix-matches"],
        ),
        (
            r"^https://app-.*\.vercel\.app$",
            Matching::Search,
            &["https://app-*.vercel.app"],
            &["origin-wildcard-too-wide"],
        ),
    ];
    for (text, matching, entries, codes) in rows {
        let expression = Expression::new(text, *matching, false).unwrap();
        let mut found = expression.entries.clone();
        found.sort();
        let mut wanted: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        wanted.sort();
        assert_eq!(found, wanted, "{text}");
        let strangers = expression.strangers(&expression.entries);
        for stranger in &strangers {
            assert!(expression.is_match(&stranger.origin), "{text}: {stranger:?}");
        }
        let found: Vec<&str> = strangers.iter().map(|stranger| stranger.code).collect();
        for code in *codes {
            assert!(found.contains(code), "{text}: {code} is not among {strangers:?}");
        }
        assert!(!codes.is_empty() || found.is_empty(), "{text}: {strangers:?}");
        assert!(!expression.matches_everything, "{text}");
    }
}

#[test]
fn an_expression_for_everything_stands_for_no_entry() {
    for text in [".*", "^https?://.*$", "^https://[^/]+$", "https?://", "^.+$", ""] {
        let expression = Expression::new(text, Matching::Search, false).unwrap();
        assert!(
            expression.matches_everything && expression.entries.is_empty(),
            "{text}: {:?}",
            expression.entries
        );
    }
}

#[test]
fn a_hole_that_no_famous_mistake_makes_is_found_by_search() {
    // The second alternative has a host that is nobody's.
    let expression =
        Expression::new(r"^https://(app\.example\.com|qq[0-9]\.net)$", Matching::Search, false).unwrap();
    let strangers = expression.strangers(&["https://app.example.com".to_owned()]);
    assert_eq!(strangers.len(), 1, "{strangers:?}");
    assert!(
        strangers[0].origin.starts_with("https://qq") && strangers[0].origin.ends_with(".net"),
        "{strangers:?}"
    );
}

#[test]
fn case_is_ignored_where_the_server_ignores_it() {
    let expression = Expression::new(r"^HTTPS://App\.Example\.com$", Matching::Search, true).unwrap();
    assert_eq!(expression.entries, ["https://app.example.com"]);
    assert!(expression.is_match("https://app.example.com"));
    let expression = Expression::new(r"^HTTPS://App\.Example\.com$", Matching::Search, false).unwrap();
    assert!(!expression.is_match("https://app.example.com"));
}

#[test]
fn what_only_backtracking_engines_know_is_an_error_that_says_so() {
    for (text, word) in [
        ("^(?!https://evil)", "look"),
        (r"^(a)\1$", "backreference"),
        ("(", "unclosed"),
        (r"a{100000}{100000}", ""),
    ] {
        let error = Expression::new(text, Matching::Search, false).unwrap_err();
        assert!(error.to_lowercase().contains(word) && !error.is_empty(), "{text}: {error}");
    }
}

#[test]
fn hostile_expressions_are_refused_or_examined() {
    let nested = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    let alternatives = format!("({})", vec!["a|b"; 10_000].join(")("));
    for (text, matches_everything, strangers) in [
        (alternatives, false, 0),
        ("(a*)*".repeat(200), true, 3),
        ("[a-z]{1,200}".repeat(20), false, 1),
        ("x?".repeat(2_000), true, 3),
    ] {
        let expression = Expression::new(&text, Matching::Search, true).unwrap();
        let found = expression.strangers(&["https://app.example.com".to_owned()]);
        assert_eq!(
            (expression.matches_everything, found.len()),
            (matches_everything, strangers),
            "{}",
            &text[..40]
        );
    }
    let error = Expression::new(&nested, Matching::Search, true).unwrap_err();
    assert!(error.contains("nested parentheses"), "{error}");
}
