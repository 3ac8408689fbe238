//! Corrects the words of a message that somebody typed off the screen.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::clean::Clean;
use super::sighting;

/// The words of all messages that are long enough for a mistake not to make another word of them, in lower case.
static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let words = sighting::messages()
        .flat_map(|message| message.words.split(|character: char| !is_of_word(character)));
    let words = words.map(|word| word.trim_matches('-').to_ascii_lowercase());
    words.filter(|word| word.len() >= SHORTEST).collect()
});

const SHORTEST: usize = 5;

/// A longer text was not typed off a screen.
const LONGEST_TEXT: usize = 8 << 10;

/// Returns the text with misspelled words replaced by those of messages, if it has any.
pub(super) fn corrected(clean: &Clean) -> Option<Clean> {
    if clean.text.len() > LONGEST_TEXT {
        return None;
    }
    let mut corrections = Vec::new();
    let mut start = 0_usize;
    for piece in clean.text.split_inclusive(char::is_whitespace) {
        let before =
            piece.len().saturating_sub(piece.trim_start_matches(|character| !is_of_word(character)).len());
        let word = piece.trim_matches(|character| !is_of_word(character));
        // A part of a URL, of a file's name or of a value is no word.
        let is_word = word.chars().all(is_of_word);
        if let Some(correct) = correct(word).filter(|_| is_word) {
            let from = start.saturating_add(before);
            corrections.push((from, from.saturating_add(word.len()), correct));
        }
        start = start.saturating_add(piece.len());
    }
    (!corrections.is_empty()).then(|| clean.with(&corrections))
}

/// Returns the word that was probably meant, if the word is not one of a message itself.
fn correct(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    if lower.len() < SHORTEST || !word.is_ascii() || WORDS.contains(&lower) {
        return None;
    }
    let most = if lower.len() < 9 { 1 } else { 2 };
    let near = WORDS.iter().filter(|known| known.len().abs_diff(lower.len()) <= most);
    let near = near.map(|known| (strsim::osa_distance(known, &lower), known));
    near.filter(|(distance, _)| *distance <= most).min().map(|(_, known)| known.as_str())
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_messages_are_corrected_and_others_are_left() {
        for (given, expected) in [
            ("Acess", Some("access")),
            ("bloked", Some("blocked")),
            ("orgin", Some("origin")),
            ("Access-Control-Alow-Origin", Some("access-control-allow-origin")),
            ("prefligth", Some("preflight")),
            ("origin", None),
            ("banana", None),
        ] {
            assert_eq!(correct(given), expected, "{given}");
        }
    }
}
