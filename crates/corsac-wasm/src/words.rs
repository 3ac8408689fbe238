//! The answer in words: a headline, and a few sentences.

use corsac::browser::{FilteredResponse, Outcome, Refusal, ResponseType, Stage};

use crate::engines::{Played, Run};

/// The answer in words. Backquotes mark names and values.
pub(crate) struct Words {
    pub(crate) headline: String,
    pub(crate) sentences: Vec<String>,
}

pub(crate) fn words(played: &Played, run: &Run) -> Words {
    match &run.fetched.outcome {
        Outcome::Refused(refusal) => refused(played, run, refusal),
        Outcome::Readable(response) => readable(run, response),
        Outcome::Opaque(response) => opaque(response),
    }
}

fn refused(played: &Played, run: &Run, refusal: &Refusal) -> Words {
    let explanation = corsac_explain::explain(refusal, &played.request);
    let cause = played.diagnosis.first();
    let other = cause.and_then(|cause| corsac_explain::diagnosis::entry(cause.code));
    let headline = other.map_or(explanation.title, |entry| entry.title.to_owned());
    let mut sentences: Vec<String> = cause.map(|cause| cause.title.clone()).into_iter().collect();
    // Guesses about a server would mislead where a policy answers.
    if let Some(decided) = &run.decided {
        sentences = vec![explanation.what];
        sentences.extend(decided.is_refused.then(|| format!("The policy: {}", decided.text)));
        sentences.extend(decided.advice.clone());
    }
    if refusal.stage == Stage::Preflight && !sentences.iter().any(|sentence| says_it_is_not_sent(sentence)) {
        sentences.push(format!("The {} is not sent.", played.request.method()));
    }
    Words { headline, sentences }
}

fn says_it_is_not_sent(sentence: &str) -> bool {
    ["does not send", "not sent", "never sent"].iter().any(|words| sentence.contains(words))
}

fn readable(run: &Run, response: &FilteredResponse) -> Words {
    let headline = "The page can read the response.".to_owned();
    let received = run.fetched.exchanges.last().and_then(|completed| completed.response());
    let all = received.map_or(0, |head| head.headers.len());
    let seen = response.headers.len();
    let mut sentences = vec![match response.status {
        status @ 400.. => {
            format!("Its status is {status}: the server reports an error, and the page can tell the user.")
        }
        status => format!("Its status is {status}."),
    }];
    sentences.extend((seen < all).then(|| match seen {
        0 => "Script sees none of its header lines.".to_owned(),
        1 => format!("Script sees one of its {all} header lines."),
        seen => format!("Script sees {seen} of its {all} header lines."),
    }));
    Words { headline, sentences }
}

fn opaque(response: &FilteredResponse) -> Words {
    let headline = "The page gets a response that it cannot read.".to_owned();
    let sentence = match response.kind {
        ResponseType::OpaqueRedirect => {
            "With `redirect: \"manual\"`, script sees that there was a redirect, and not where it leads: the status is 0, and there are no header lines."
        }
        _ => {
            "To script, its status is 0, and it has no header lines and no body. The mode `no-cors` hides the error and the data."
        }
    };
    Words { headline, sentences: vec![sentence.to_owned()] }
}
