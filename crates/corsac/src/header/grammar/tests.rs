use proptest::prelude::*;

use super::*;

fn lines(values: &[&str]) -> HeaderList {
    values.iter().map(|value| ("Access-Control-Allow-Methods", *value)).collect()
}

fn extract(headers: &HeaderList) -> Option<Result<Vec<String>, String>> {
    headers.extract_tokens("access-control-allow-methods").map(|result| result.map_err(|error| error.item))
}

#[test]
fn a_list_of_tokens_is_read_over_all_lines() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["PUT"], &["PUT"]),
        (&["PUT,PATCH"], &["PUT", "PATCH"]),
        (&["PUT , PATCH"], &["PUT", "PATCH"]),
        (&["PUT\t,\t \tPATCH"], &["PUT", "PATCH"]),
        (&["PUT", "PATCH"], &["PUT", "PATCH"]),
        (&["PUT,", ",PATCH"], &["PUT", "PATCH"]),
        (&["PUT", "", "PATCH"], &["PUT", "PATCH"]),
        (&["put,PUT,put"], &["put", "PUT", "put"]),
        (&["*"], &["*"]),
        (&["*, PUT"], &["*", "PUT"]),
        (&[""], &[]),
        (&[","], &[]),
        (&[" , ,\t,"], &[]),
        (&[",,PUT,,PATCH,,"], &["PUT", "PATCH"]),
        (&["!#$%&'*+-.^_`|~"], &["!#$%&'*+-.^_`|~"]),
    ];
    for (values, tokens) in cases {
        let expected = tokens.iter().map(|token| (*token).to_owned()).collect();
        assert_eq!(extract(&lines(values)), Some(Ok(expected)), "{values:?}");
    }
}

#[test]
fn one_bad_item_fails_all_lines_and_is_the_evidence() {
    let cases: &[(&[&str], &str)] = &[
        (&["PUT PATCH"], "PUT PATCH"),
        (&["PUT, x y"], "x y"),
        (&["PUT; DELETE"], "PUT; DELETE"),
        (&["(bad)"], "(bad)"),
        (&["\"PUT\""], "\"PUT\""),
        (&["\"PUT,PATCH\""], "\"PUT"),
        (&["PUT:"], "PUT:"),
        (&["[PUT]"], "[PUT]"),
        (&["PUT", "PATCH", "a/b"], "a/b"),
        (&["a/b", "PUT"], "a/b"),
        (&["PUT\u{b}"], "PUT\u{b}"),
        (&["PUT\u{a0}"], "PUT\u{a0}"),
        (&["pÜt"], "pÜt"),
    ];
    for (values, item) in cases {
        assert_eq!(extract(&lines(values)), Some(Err((*item).to_owned())), "{values:?}");
    }
}

#[test]
fn a_header_that_is_not_there_is_not_an_empty_list() {
    assert_eq!(extract(&HeaderList::new()), None);
    assert_eq!(extract(&HeaderList::from_iter([("Access-Control-Allow-Method", "PUT")])), None);
    assert_eq!(extract(&lines(&[""])), Some(Ok(vec![])));
}

#[test]
fn the_evidence_names_the_line_that_is_wrong() {
    let headers = lines(&["PUT", "PATCH, a b", "c d"]);
    let error = headers.extract_tokens("ACCESS-CONTROL-ALLOW-METHODS").unwrap().unwrap_err();
    assert_eq!(error.value, "PATCH, a b");
    assert_eq!(
        error.to_string(),
        "`a b` in `PATCH, a b` is not a token: a list separates names with commas and nothing else"
    );
}

#[test]
fn bytes_that_are_not_utf_8_fail_and_can_be_shown() {
    let headers = HeaderList::from_iter([("access-control-allow-methods", b"PUT, caf\xe9")]);
    assert_eq!(extract(&headers), Some(Err("caf\u{fffd}".to_owned())));
}

#[test]
fn ten_thousand_items_and_a_million_commas_take_linear_time() {
    let items = (0..10_000).map(|n| format!("x-{n}")).collect::<Vec<_>>();
    let one_line = items.join(", ");
    assert_eq!(extract(&lines(&[&one_line])), Some(Ok(items.clone())));
    let many_lines: Vec<&str> = items.iter().map(String::as_str).collect();
    assert_eq!(extract(&lines(&many_lines)), Some(Ok(items)));

    // Quadratic code would take hours with these, and linear code takes milliseconds.
    let commas = ",".repeat(1_000_000);
    let spaces = format!("a{}b", " ".repeat(1_000_000));
    let quotes = "\"\\".repeat(500_000);
    assert_eq!(extract(&lines(&[&commas])), Some(Ok(vec![])));
    assert!(matches!(extract(&lines(&[&spaces])), Some(Err(_))));
    assert_eq!(get_decode_and_split(commas.as_bytes()).len(), 1_000_001);
    assert_eq!(get_decode_and_split(quotes.as_bytes()).len(), 1);
}

#[test]
fn get_decode_and_split_knows_quotes() {
    // The first group: the examples of the standard.
    let cases: &[(&[&str], &[&str])] = &[
        (&["nosniff,"], &["nosniff", ""]),
        (&["nosniff", ""], &["nosniff", ""]),
        (&[""], &[""]),
        (&["text/html;\", x/x"], &["text/html;\", x/x"]),
        (&["text/html;\"", "x/x"], &["text/html;\", x/x"]),
        (&["x/x;test=\"hi\",y/y"], &["x/x;test=\"hi\"", "y/y"]),
        (&["x/x;test=\"hi\"", "y/y"], &["x/x;test=\"hi\"", "y/y"]),
        (&["x / x,,,1"], &["x / x", "", "", "1"]),
        (&["x / x", ",", "1"], &["x / x", "", "", "1"]),
        (&["\"1,2\", 3"], &["\"1,2\"", "3"]),
        (&["\"1,2\"", "3"], &["\"1,2\"", "3"]),
        (&[" \ta\t "], &["a"]),
        (&["\"a\"b, c"], &["\"a\"b", "c"]),
        (&["\"a\" \"b,c\""], &["\"a\" \"b,c\""]),
        (&["\"a\\\",b\", c"], &["\"a\\\",b\"", "c"]),
        (&["\"a\\\\\",b"], &["\"a\\\\\"", "b"]),
        (&["a\\\"b,c"], &["a\\\"b,c"]),
        (&["a\\,b"], &["a\\", "b"]),
        (&["\"a\\"], &["\"a\\"]),
        (&["\"a "], &["\"a"]),
        (&["\""], &["\""]),
    ];
    for (values, expected) in cases {
        assert_eq!(
            lines(values).get_decode_and_split("access-control-allow-methods").unwrap(),
            *expected,
            "{values:?}"
        );
    }
    assert_eq!(HeaderList::new().get_decode_and_split("x"), None);
    assert_eq!(
        get_decode_and_split(b"\xe9,\xff"),
        ["é", "ÿ"],
        "bytes decode as the characters of the same number"
    );
}

/// The grammar again, by hand over characters: short and slow.
fn tokens_by_hand(values: &[Vec<u8>]) -> Result<Vec<String>, String> {
    let token_bytes = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut tokens = Vec::new();
    for value in values {
        let mut items = vec![Vec::new()];
        for &byte in value {
            match byte {
                b',' => items.push(Vec::new()),
                _ => items.last_mut().unwrap().push(byte),
            }
        }
        for mut item in items {
            while item.first().is_some_and(|byte| b" \t".contains(byte)) {
                item.remove(0);
            }
            while item.last().is_some_and(|byte| b" \t".contains(byte)) {
                item.pop();
            }
            if item.iter().any(|byte| !token_bytes.contains(byte)) {
                return Err(String::from_utf8_lossy(&item).into_owned());
            }
            if !item.is_empty() {
                tokens.push(String::from_utf8(item).unwrap());
            }
        }
    }
    Ok(tokens)
}

/// The steps of the standard, with its position variable.
fn split_by_hand(value: &[u8]) -> Vec<String> {
    let input: Vec<char> = value.iter().copied().map(char::from).collect();
    let (mut position, mut values, mut temporary) = (0, Vec::new(), String::new());
    loop {
        while position < input.len() && !['"', ','].contains(&input[position]) {
            temporary.push(input[position]);
            position += 1;
        }
        if position < input.len() && input[position] == '"' {
            let quote = position;
            position += 1;
            loop {
                while position < input.len() && !['"', '\\'].contains(&input[position]) {
                    position += 1;
                }
                if position >= input.len() {
                    break;
                }
                let quote_or_backslash = input[position];
                position += 1;
                if quote_or_backslash == '"' || position >= input.len() {
                    break;
                }
                position += 1;
            }
            temporary.extend(&input[quote..position]);
            if position < input.len() {
                continue;
            }
        }
        values.push(temporary.trim_matches(['\t', ' ']).to_owned());
        temporary.clear();
        if position >= input.len() {
            return values;
        }
        assert_eq!(input[position], ',');
        position += 1;
    }
}

/// Bytes that matter to the grammar, more often than at random.
fn hostile_bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![proptest::sample::select(b",\" \t\\;=aZ0-*(".to_vec()), any::<u8>()];
    proptest::collection::vec(byte, 0..40)
}

proptest! {
    #[test]
    fn extraction_agrees_with_the_model(values in proptest::collection::vec(hostile_bytes(), 0..4)) {
        let headers: HeaderList = values.iter().map(|value| ("Access-Control-Allow-Methods", value.clone())).collect();
        let expected = (!values.is_empty()).then(|| tokens_by_hand(&values));
        prop_assert_eq!(extract(&headers), expected);
    }

    #[test]
    fn extraction_agrees_with_the_model_on_well_formed_lists(tokens in proptest::collection::vec("[a-zA-Z0-9*-]{1,8}", 0..9)) {
        let value = tokens.join(" ,\t");
        prop_assert_eq!(extract(&lines(&[&value])), Some(Ok(tokens)));
    }

    #[test]
    fn splitting_agrees_with_the_steps_of_the_standard(value in hostile_bytes()) {
        prop_assert_eq!(get_decode_and_split(&value), split_by_hand(&value));
    }

    #[test]
    fn no_value_makes_a_parser_panic(value in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = crate::header::MaxAge::classify(&value);
        let _ = crate::header::parse_mime_essence(&value);
        let _ = crate::header::parse_single_range(&value, true);
        let _ = crate::header::is_forbidden_request_header("x-http-method", &value);
    }
}
