//! Any paste: no panic, what is said about it stands in it, no secret of it comes out, and the line that is shown says the same once more.

#![no_main]

use corsac_explain::pasted;
use libfuzzer_sys::fuzz_target;

#[derive(arbitrary::Arbitrary, Debug)]
enum Piece {
    /// One of [`WORDS`].
    Words(u8),
    /// One of [`SECRETS`].
    Secret(u8),
    Text(String),
    Break,
}

/// Parts of messages, and what people and programs put around them.
const WORDS: [&str; 32] = [
    "Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked by CORS policy: ",
    "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    "Response to preflight request doesn't pass access control check: ",
    "The 'Access-Control-Allow-Origin' header has a value 'https://b.example' that is not equal to the supplied origin.",
    "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
    "Request header field authorization is not allowed by Access-Control-Allow-Headers in preflight response.",
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/items. ",
    "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.",
    "(Reason: header ‘x-a’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).",
    "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 502",
    "Fetch API cannot load https://api.example/items due to access control checks.",
    "Blocage d’une requête multi-origine (Cross-Origin Request) : raison : l’en-tête CORS « Access-Control-Allow-Origin » est manquant. Code d’état : 200.",
    "TypeError: Failed to fetch",
    "TypeError: NetworkError when attempting to fetch resource.",
    "GET https://api.example/items net::ERR_FAILED 200 (OK)",
    "Failed to load resource: net::ERR_CONNECTION_REFUSED",
    "app.js:12 ",
    "> ",
    "**",
    "```",
    "<span class=\"a\">",
    "&quot;",
    "\\\"",
    "\\n",
    "\u{1b}[31m",
    "'",
    "\"",
    "https://api.example/items",
    "?next=",
    ": ",
    "=",
    "XHRGET",
];

const SECRETS: [&str; 6] = [
    "\nAuthorization: Bearer s3cret0123\n",
    "https://api.example/items?access_token=s3cret0123",
    "https://api.example/items?page=2&access_token=s3cret0123#top",
    "\ncookie: sid=s3cret0123\n",
    " https://user:s3cret0123@api.example/ ",
    "https%3A%2F%2Fapi.example%2Fitems%3Faccess_token%3Ds3cret0123%26page%3D2",
];

fuzz_target!(|input: (Vec<Piece>, Vec<u8>)| {
    let (pieces, bytes) = input;
    // Bytes that are text are one more piece.
    let decoded = pasted::decode(&bytes).unwrap_or_default();
    let mut text = String::new();
    for piece in &pieces {
        match piece {
            Piece::Words(which) => text.push_str(WORDS[usize::from(*which) % WORDS.len()]),
            Piece::Secret(which) => text.push_str(SECRETS[usize::from(*which) % SECRETS.len()]),
            Piece::Text(own) => text.push_str(own),
            Piece::Break => text.push('\n'),
        }
    }
    text.push_str(&decoded);
    let is_secret_of_text = |text: &str| text.contains("s3cret0123");
    let plants = pieces.iter().any(|piece| matches!(piece, Piece::Secret(_)));
    let own = pieces.iter().any(|piece| matches!(piece, Piece::Text(own) if is_secret_of_text(own)))
        || is_secret_of_text(&decoded);

    let reading = pasted::read(&text);
    if plants && !own {
        assert!(!is_secret_of_text(&format!("{reading:?}")), "{text:?}\n{reading:#?}");
    }
    for item in &reading.items {
        assert!(!item.diagnosis.is_empty(), "{text:?}");
        for value in item.url.iter().chain(&item.origin) {
            assert!(value.contains("REDACTED") || stands_in(value, &text), "{value:?} in {text:?}");
        }
        // The lines of one failure may hold others, and `REDACTED` takes the place of words.
        if let Some(code) = item.code().filter(|_| !item.text.contains("REDACTED")) {
            let again = pasted::read(&item.text);
            assert!(
                again.items.iter().any(|item| item.codes.contains(&code)),
                "{code} of {:?}\nagain {again:#?}",
                item.text
            );
        }
    }
});

/// Returns `true` if the characters stand there in this order: decoration may be between them. Escapes stand for other characters.
fn stands_in(value: &str, text: &str) -> bool {
    let mut characters = text.chars();
    text.contains(['&', '\\']) || value.chars().all(|wanted| characters.any(|character| character == wanted))
}
