//! A copied request of any form: no panic, no header that only browsers set, and no secret in what is said about it.

#![no_main]

use corsac_explain::{pasted, written_request};
use libfuzzer_sys::fuzz_target;

#[derive(arbitrary::Arbitrary, Debug)]
struct Input {
    start: u8,
    pieces: Vec<Piece>,
}

#[derive(arbitrary::Arbitrary, Debug)]
enum Piece {
    /// One of [`WORDS`].
    Words(u8),
    /// A secret where one has its place.
    Secret(u8),
    Text(String),
}

const STARTS: [&str; 12] = [
    "curl ",
    "$ curl https://api.example/items ",
    "C:\\> curl ^\"https://api.example/items^\" ",
    "curl 'https://api.example/items' \\\n  ",
    "Invoke-WebRequest -Uri \"https://api.example/items\" `\n ",
    "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\nInvoke-WebRequest ",
    "fetch(\"https://api.example/items\", {\n  ",
    "await axios.post(",
    "http PUT api.example/items ",
    "POST https://api.example/items HTTP/1.1\n",
    "@host = https://api.example\n\n### one\nGET {{host}}/items\n",
    "",
];
/// How many of them are marks that can stand in the wrong place.
const MARKS: usize = 20;
const WORDS: [&str; 40] = [
    " ",
    "\n",
    " \\\n",
    " ^\n",
    " `\n",
    "'",
    "\"",
    "^\"",
    "$(",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ": ",
    "`",
    "\\",
    "{{",
    " -H 'Origin: https://app.example' ",
    " -H 'sec-fetch-mode: cors' ",
    " -H 'Host: api.example' -H 'Content-Length: 3' ",
    " -H 'cookie: theme=dark' ",
    " -X OPTIONS -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: x-a,cookie' ",
    " --data-raw '{\"a\":1}' ",
    " -X DELETE ",
    " -u me:pw ",
    " -Headers @{\"authority\"=\"api.example\"; \"x-a\"=\"1\"} ",
    " -Method \"PUT\" ",
    "\"headers\": {\"x-a\": \"1\", \"referer\": \"https://app.example/\"}, ",
    "\"method\": \"PUT\", ",
    "\"credentials\": \"include\" ",
    "})",
    " X-A:1 name=value n:=1 ",
    "Origin: https://app.example\n",
    "Content-Type: application/json\n\n{\"a\": 1}\n",
    "https://api.example/items",
    " --next ",
    "### ",
];

fuzz_target!(|input: Input| {
    let mut text = STARTS[usize::from(input.start) % STARTS.len()].to_owned();
    let form = usize::from(input.start) % STARTS.len();
    let (mut plants, mut is_in_order) = (false, true);
    for piece in &input.pieces {
        match piece {
            Piece::Words(which) => {
                is_in_order &= usize::from(*which) % WORDS.len() >= MARKS;
                text.push_str(WORDS[usize::from(*which) % WORDS.len()]);
            }
            Piece::Secret(which) => {
                plants = true;
                text.push_str(secret(form, *which));
            }
            Piece::Text(own) => {
                is_in_order &= own.chars().all(|character| character.is_alphanumeric() || character == ' ');
                text.push_str(&own.replace("s3cret0123", ""));
            }
        }
    }
    // A mark that is missing or too many makes a secret a URL or an option, which has to be named.
    plants &= is_in_order;
    let _ = written_request::looks_like(&text);
    match written_request::read(&text) {
        Ok(request) => {
            for (name, _) in &request.headers {
                let name = name.to_ascii_lowercase();
                let is_browsers = name.starts_with("sec-")
                    || name.starts_with("proxy-")
                    || BROWSERS.contains(&name.as_str());
                assert!(!is_browsers, "{name} in {text:?}\n{request:#?}");
            }
            assert!(matches!(request.url.scheme(), "http" | "https" | "ws" | "wss"), "{text:?}");
            assert!(request.mode != Some(corsac::browser::Mode::Navigate), "{text:?}");
            let said = request.notes.join("\n");
            assert!(!plants || !said.contains("s3cret0123"), "{said}\n{text:?}");
            assert!(!said.replace('\n', "").chars().any(char::is_control), "{said:?}");
            let reading = format!("{:?}", pasted::of_request(&request));
            assert!(!plants || !reading.contains("s3cret0123"), "{reading}\n{text:?}");
        }
        Err(error) => {
            let said = error.to_string();
            assert!(!plants || !said.contains("s3cret0123"), "{said}\n{text:?}");
            assert!(!said.chars().any(char::is_control), "{said:?}");
        }
    }
});

/// Set by browsers alone, whatever the value.
const BROWSERS: [&str; 10] = [
    "connection",
    "content-length",
    "cookie",
    "date",
    "host",
    "origin",
    "referer",
    "te",
    "transfer-encoding",
    "access-control-request-method",
];

/// Returns a secret in the notation of the form.
fn secret(form: usize, which: u8) -> &'static str {
    let of_form: [&str; 3] = match form {
        6 | 7 => [
            "\"headers\": {\"Authorization\": \"Bearer s3cret0123\"}, ",
            "\"https://api.example/?access_token=s3cret0123\", ",
            "\"body\": \"password=s3cret0123\", ",
        ],
        4 | 5 => [
            " -Headers @{\"Authorization\"=\"Bearer s3cret0123\"} ",
            " -Uri \"https://api.example/?access_token=s3cret0123\" ",
            " -Body \"password=s3cret0123\" ",
        ],
        8 => [
            " 'Authorization: Bearer s3cret0123' ",
            " 'https://api.example/?access_token=s3cret0123' ",
            " password=s3cret0123 ",
        ],
        9 | 10 => [
            "\nAuthorization: Bearer s3cret0123\n",
            "\nGET https://api.example/?access_token=s3cret0123\n",
            "\ncookie: sid=s3cret0123\n",
        ],
        _ => [
            " -H \"Authorization: Bearer s3cret0123\" ",
            " \"https://api.example/?access_token=s3cret0123\" ",
            " --data-raw \"password=s3cret0123\" ",
        ],
    };
    of_form[usize::from(which) % of_form.len()]
}
