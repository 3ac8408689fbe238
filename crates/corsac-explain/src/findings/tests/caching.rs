//! What a shared cache could give to another page, and what controls say about it.

use super::*;

/// A review's case: OPTIONS says `*` to everybody, and PUT never says anything. Nothing there depends on who asks.
#[test]
fn a_response_is_not_compared_with_the_preflight_of_a_control() {
    let case = case(&[]).method("PUT").preflight(&[STAR, ("Access-Control-Allow-Methods", "PUT")]);
    let case = Case { other_origin: Some((204, &[STAR])), ..case };
    assert!(case.findings().iter().all(|finding| finding.code != "vary-missing"), "{:?}", case.findings());
}

#[test]
fn responses_that_no_cache_stores_need_no_vary() {
    let allowed: Headers = &[OK, ("Access-Control-Allow-Methods", "PUT, DELETE"), MAX_AGE];
    for method in ["PUT", "DELETE", "POST"] {
        let case = case(&[OK]).method(method).preflight(allowed);
        assert!(case.findings().iter().all(|finding| finding.code != "vary-missing"), "{method}");
    }
    let stored = case(&[OK]).method("HEAD").findings();
    assert!(stored.iter().any(|finding| finding.code == "vary-missing"), "{stored:?}");
}

/// The query may be what a server answers differently to.
#[test]
fn the_answer_to_a_control_with_its_own_query_counts_only_where_the_query_cannot_be_the_cause() {
    const TEXT: (&str, &str) = ("Content-Type", "text/plain");
    const HTML: (&str, &str) = ("Content-Type", "text/html");
    let reflected: Headers = &[ECHOED, TRUE];
    // Name, case, and whether the server is said to reflect any origin, or `Vary` to be missing.
    let table: Vec<(&str, Case, &[&str])> = vec![
        ("the same status and type", case(&[STAR, TEXT]).own_query(200, &[TEXT]), &["vary-missing"]),
        ("an error that only the control got", case(&[STAR, TEXT]).own_query(404, &[TEXT]), &[]),
        ("another type", case(&[STAR, TEXT]).own_query(200, &[HTML]), &[]),
        (
            "a success beside an error",
            case(&[TEXT, VARY]).status(403).own_query_from_elsewhere(200, reflected),
            &["reflects-any-origin"],
        ),
        (
            "a success beside a missing header",
            case(&[TEXT, VARY]).own_query_from_elsewhere(200, &[ECHOED, TRUE, HTML, VARY]),
            &["reflects-any-origin"],
        ),
        (
            "a reflecting error that only the control got",
            case(&[OK, VARY, TEXT]).own_query_from_elsewhere(400, &[ECHOED, TRUE, VARY, TEXT]),
            &[],
        ),
        (
            "the same error",
            case(&[TEXT, VARY]).status(500).own_query_from_elsewhere(500, &[ECHOED, TRUE, VARY, TEXT]),
            &["reflects-any-origin"],
        ),
        (
            "a preflight beside the preflight",
            case(&[OK, VARY])
                .method("PUT")
                .preflight(&[OK, TRUE, ("Access-Control-Allow-Methods", "PUT")])
                .own_query_from_elsewhere(200, reflected),
            &["reflects-any-origin"],
        ),
        (
            "a preflight that is granted to everybody, and a request that is not",
            case(&[VARY])
                .method("PUT")
                .preflight(&[OK, TRUE, ("Access-Control-Allow-Methods", "PUT")])
                .own_query_from_elsewhere(200, reflected),
            &[],
        ),
    ];
    for (name, case, expected) in table {
        let codes: Vec<&str> = case
            .findings()
            .iter()
            .map(|finding| finding.code)
            .filter(|code| ["vary-missing", "reflects-any-origin", "static-allow-origin"].contains(code))
            .collect();
        assert_eq!(codes, expected, "{name}");
    }
}
