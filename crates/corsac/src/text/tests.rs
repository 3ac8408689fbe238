use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::*;

/// Returns `true` for a [Default_Ignorable_Code_Point](https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point) that has no
/// character yet, listed by hand from what Unicode derives these from.
fn is_kept_for_format_characters(code: u32) -> bool {
    matches!(code, 0x2065 | 0xfff0..=0xfff8 | 0xe0000..=0xe0fff)
}

#[test]
fn every_character_is_printable_unless_unicode_says_control_format_or_separator() {
    let categories = CodePointMapData::<GeneralCategory>::new();
    for code in 0..=0x10_ffff_u32 {
        let Some(character) = char::from_u32(code) else { continue };
        let refused = match categories.get32(code) {
            GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator => true,
            GeneralCategory::Unassigned => is_kept_for_format_characters(code),
            _ => false,
        };
        assert_eq!(!is_printable(character), refused, "U+{code:04X}");
        let text = character.to_string();
        let printed = Printable::new(&text, 1).to_string();
        assert_eq!(printed == text, !refused, "U+{code:04X}: {printed}");
        assert!(printed.chars().all(is_printable), "U+{code:04X}");
        let field = Printable::field(&text, 4).to_string();
        assert!(field.bytes().all(|byte| byte.is_ascii_graphic()), "U+{code:04X}: {field}");
    }
}

#[test]
fn characters_that_reverse_the_direction_of_writing_are_escaped() {
    // https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
    let marks = ['\u{61c}', '\u{200e}', '\u{200f}'];
    let embeddings = '\u{202a}'..='\u{202e}';
    let isolates = '\u{2066}'..='\u{2069}';
    for character in marks.into_iter().chain(embeddings).chain(isolates) {
        let code = u32::from(character);
        assert_eq!(Printable::new(&character.to_string(), 1).to_string(), format!("\\u{{{code:x}}}"));
    }
}

#[test]
fn every_byte_and_every_pair_of_bytes_is_escaped_or_shows_itself() {
    for byte in 0..=u8::MAX {
        let printed = Printable::new(&[byte], 1).to_string();
        let expected = match byte {
            b'\t' => "\\t".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'\r' => "\\r".to_owned(),
            0x20..=0x7e => char::from(byte).to_string(),
            0x80.. => format!("\\x{byte:02x}"), // alone, it is no UTF-8
            _ => format!("\\u{{{byte:x}}}"),
        };
        assert_eq!(printed, expected, "{byte:#x}");
        for second in 0..=u8::MAX {
            for printed in [Printable::new(&[byte, second], 2), Printable::field(&[byte, second], 2)] {
                let printed = printed.to_string();
                assert!(printed.chars().all(is_printable), "{byte:#x} {second:#x}: {printed}");
            }
        }
    }
}

#[test]
fn text_is_cut_at_a_character_and_the_cut_shows() {
    let table: [(&str, &[u8], usize, &str); 7] = [
        ("shorter", b"abc", 4, "abc"),
        ("as long", b"abc", 3, "abc"),
        ("longer", b"abcd", 3, "abc…"),
        ("a character of two bytes", "éé".as_bytes(), 1, "é…"),
        ("escapes count as one", b"\x1b\x1b\x1b", 2, "\\u{1b}\\u{1b}…"),
        ("bytes that are not UTF-8", b"\xff\xfe\xfd", 2, "\\xff\\xfe…"),
        ("the start of a character", b"a\xe2\x80", 1, "a…"),
    ];
    for (name, text, most, expected) in table {
        assert_eq!(Printable::new(text, most).to_string(), expected, "{name}");
    }
    let long = "\u{10ffff}".repeat(1_000_000);
    assert!(Printable::new(&long, QUOTED).to_string().len() <= QUOTED * 10 + '…'.len_utf8());
}

#[test]
fn a_field_of_a_log_ends_no_field_quotation_or_line() {
    let long = [b'a'; 200];
    let table: [(&str, &[u8], String); 9] = [
        ("an origin", b"https://app.example:8443", "https://app.example:8443".to_owned()),
        ("a line feed", b"a\r\nINFO forged", "a\\r\\nINFO\\x20forged".to_owned()),
        ("a field", b"x method=DELETE", "x\\x20method=DELETE".to_owned()),
        ("quotes", b"'\"`", "'\\\"\\x60".to_owned()),
        ("a backslash", b"\\x20", "\\\\x20".to_owned()),
        ("a terminal's escape", b"\x1b[2J", "\\x1b[2J".to_owned()),
        ("a right-to-left override", "\u{202e}".as_bytes(), "\\xe2\\x80\\xae".to_owned()),
        ("no UTF-8", b"\xff", "\\xff".to_owned()),
        ("too long", &long, format!("{}…", "a".repeat(120))),
    ];
    for (name, sent, shown) in table {
        assert_eq!(Printable::field(sent, 120).to_string(), shown, "{name}");
    }
}

#[test]
fn what_comes_before_the_host_of_a_url_is_left_out() {
    let table = [
        ("https://user:secret@app.example/a@b", "https://…@app.example/a@b"),
        ("https://user:se@cret@app.example", "https://…@app.example"),
        ("https://token@app.example:8443", "https://…@app.example:8443"),
        ("user:secret@app.example", "…@app.example"),
        ("//user:secret@app.example", "//…@app.example"),
        ("https:user:secret@app.example", "…@app.example"),
        ("HTTPS:\\\\user:secret@app.example", "HTTPS:\\\\…@app.example"),
        ("a 'https://user:secret@app.example' b", "a 'https://…@app.example' b"),
        ("https://a.example, https://user:secret@b.example", "https://a.example, https://…@b.example"),
        ("https://app.example/users/@me", "https://app.example/users/@me"),
        ("me@example.com", "me@example.com"),
        ("https://app.example:8443", "https://app.example:8443"),
    ];
    for (given, shown) in table {
        assert_eq!(without_user_info(given), shown, "{given}");
    }
}
