//! Marks beside the header lines of answers, as the steps of the sequence judge them.

use corsac::browser::{Reason, Refusal, RuleResult};
use corsac::text::{Printable, QUOTED};
use corsac_explain::sequence::{self, Line, Step};

use crate::answers::field;
use crate::button;
use crate::engines::{Place, Played, Run};
use crate::given::Play;
use crate::header_lines::{HeaderLines, NumberedLine};
use crate::marks::{Mark, Result};

/// Returns the marks of each answer that the browser got, by the field of the answer.
pub(crate) fn marks(play: &Play, played: &Played, run: &Run) -> Vec<(String, Vec<Mark>)> {
    let steps = sequence::steps(&played.request, &run.fetched, run.engine, &[]);
    let received = steps.iter().filter_map(|step| match step {
        Step::Received { lines, .. } => Some(lines.as_slice()),
        _ => None,
    });
    let received: Vec<&[Line]> = received.collect();
    let is_unsent = steps.iter().any(|step| matches!(step, Step::Unsent { lines, .. } if !lines.is_empty()));
    // Of many redirects, those in the middle are folded into one step. The last answers are the last steps.
    let before_fold = steps.iter().take_while(|step| !matches!(step, Step::Fold { .. }));
    let first = before_fold.filter(|step| matches!(step, Step::Received { .. })).count();
    let folded = run.places.len().saturating_sub(received.len());
    let mut fields = Vec::new();
    for (index, lines) in received.into_iter().enumerate() {
        let at = if index < first { index } else { index.saturating_add(folded) };
        let Some(place) = run.places.get(at) else { continue };
        let is_last = at.saturating_add(1) == run.places.len();
        let Some(answer) = play.answers.get(place.kind, place.hop) else { continue };
        let refusal = run.fetched.outcome.refusal().filter(|_| is_last);
        let about = About { play, played, run, place: *place, written: &answer.headers, refusal };
        let mut marks = about.marks(lines);
        if is_last && is_unsent {
            marks.extend(about.location());
        }
        marks.sort_by_key(|mark| mark.line);
        fields.push((field(place.kind, place.hop), marks));
    }
    fields
}

/// The answer that is marked.
struct About<'p> {
    play: &'p Play,
    played: &'p Played,
    run: &'p Run,
    place: Place,
    written: &'p HeaderLines,
    /// The refusal, if this answer was refused.
    refusal: Option<&'p Refusal>,
}

impl About<'_> {
    fn marks<'l>(&self, lines: impl IntoIterator<Item = &'l Line>) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        let mut hidden = Vec::new();
        for line in lines {
            if line.script_sees == Some(false) {
                hidden.push(line.name.as_str());
            }
            let Some(result) = line.result else { continue };
            for number in self.numbers(line) {
                if number == 0 || !marks.iter().any(|mark| mark.line == number) {
                    marks.extend(self.mark(line, number, result));
                }
            }
        }
        marks.extend(self.not_exposed(&hidden));
        marks
    }

    /// Returns where a line is written, several places if a browser joins the lines of its name, and 0 if it is not.
    fn numbers(&self, line: &Line) -> Vec<usize> {
        let named: Vec<&NumberedLine> = self.named(&line.name);
        let same = named.iter().find(|written| line.value.as_deref() == Some(written.value.as_str()));
        match same.filter(|_| !self.is_about_several_lines()) {
            Some(written) => vec![written.number],
            None if named.is_empty() => vec![0],
            None => named.iter().map(|written| written.number).collect(),
        }
    }

    fn is_about_several_lines(&self) -> bool {
        self.refusal
            .is_some_and(|refusal| matches!(refusal.reason, Reason::AllowOriginMultiple { lines: 2.., .. }))
    }

    fn named(&self, name: &str) -> Vec<&NumberedLine> {
        self.written.lines.iter().filter(|line| line.name.eq_ignore_ascii_case(name)).collect()
    }

    fn mark(&self, line: &Line, number: usize, result: RuleResult) -> Option<Mark> {
        let told = line.text.as_deref().unwrap_or_default();
        let rule = line.rule.unwrap_or_default();
        match (result, self.refusal) {
            (RuleResult::Fail, Some(refusal)) => {
                let text = sentence(refusal, line, number);
                let button = button::button(self.play, self.played, self.run, self.place, &line.name, number);
                Some(Mark { line: number, result: Result::Fail, text, button })
            }
            // A rule that passed without the line says nothing about lines.
            (RuleResult::Pass, _) if number > 0 => {
                let text = format!("Line {number} passes: {rule}, {told}.");
                Some(Mark { line: number, result: Result::Pass, text, button: None })
            }
            _ => None,
        }
    }

    /// Marks the redirect to a request that the browser refuses to send.
    fn location(&self) -> Option<Mark> {
        let line = self.named("Location").first().copied()?;
        let (number, reason) = (line.number, &self.refusal?.reason);
        let text = format!("Line {number} leads to a request that the browser does not send: {reason}.");
        Some(Mark { line: number, result: Result::Fail, text, button: None })
    }

    /// Marks what script does not see of a response that it can read.
    fn not_exposed(&self, hidden: &[&str]) -> Option<Mark> {
        const EXPOSE: &str = "Access-Control-Expose-Headers";
        if hidden.is_empty() {
            return None;
        }
        let exposes = self.named(EXPOSE).first().map(|line| (line.number, line.value.as_str()));
        let (number, exposed) = exposes.unwrap_or_default();
        let names = hidden.iter().map(|name| format!("`{}`", Printable::new(name, QUOTED)));
        let text = format!(
            "Script does not see {}: `{EXPOSE}` does not list {}.",
            names.collect::<Vec<_>>().join(", "),
            if hidden.len() == 1 { "it" } else { "them" }
        );
        let listed = exposed.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "*");
        let all: Vec<&str> = listed.chain(hidden.iter().copied()).collect();
        let button = button::write("Expose it", format!("{EXPOSE}: {}", all.join(", ")));
        Some(Mark { line: number, result: Result::Note, text, button: Some(button) })
    }
}

/// Says what is wrong with the line that decided, in one sentence.
fn sentence(refusal: &Refusal, line: &Line, number: usize) -> String {
    let name = Printable::new(&line.name, QUOTED);
    let quoted = |text: &str| Printable::new(text, QUOTED).to_string();
    if number == 0 && line.value.is_none() {
        return match &refusal.reason {
            Reason::MethodNotAllowed { method, .. } => {
                format!("No line `{name}` lists `{}`.", quoted(method))
            }
            Reason::HeaderNotAllowed { name: header, .. } => {
                format!("No line `{name}` lists `{}`.", quoted(header))
            }
            Reason::AllowCredentialsNotTrue { .. } => {
                format!("There is no line `{name}: true`, which a request with credentials needs.")
            }
            _ => format!("There is no line `{name}`."),
        };
    }
    match &refusal.reason {
        Reason::AllowOriginMismatch { value, origin } => {
            format!(
                "Line {number} allows `{}`, and the request comes from `{}`.",
                quoted(value),
                quoted(origin)
            )
        }
        Reason::AllowOriginMultiple { lines: 1, .. } => {
            format!("Line {number} has more than one value. One origin, or `*`, is all that fits.")
        }
        Reason::AllowOriginMultiple { lines, .. } => {
            format!("There are {lines} lines `{name}`, and browsers accept one.")
        }
        Reason::AllowOriginInvalid { value, .. } => {
            format!(
                "Line {number} says `{}`, which is not an origin: one has a scheme and a host.",
                quoted(value)
            )
        }
        Reason::CredentialsWildcard => {
            format!("In line {number}, `*` does not allow a request with credentials.")
        }
        Reason::AllowCredentialsNotTrue { value: Some(value) } => {
            format!("Line {number} says `{}`, and only `true` counts.", quoted(value))
        }
        Reason::MethodNotAllowed { method, .. } => {
            format!("Line {number} does not list `{}`.", quoted(method))
        }
        Reason::HeaderNotAllowed { name, .. } => format!("Line {number} does not list `{}`.", quoted(name)),
        Reason::AuthorizationWildcard { .. } => {
            format!("In line {number}, `*` does not cover `Authorization`.")
        }
        Reason::AllowMethodsInvalid { token, .. } | Reason::AllowHeadersInvalid { token, .. } => {
            format!("In line {number}, `{}` is not a name, so no item of the list counts.", quoted(token))
        }
        Reason::PreflightStatus { status } => {
            format!("The status {status} refuses the preflight: it has to be from 200 to 299.")
        }
        Reason::PreflightRedirected { status, .. } if number == 0 => {
            format!("The status {status} redirects the preflight, and browsers do not follow.")
        }
        Reason::PreflightRedirected { .. } => {
            format!("Line {number} redirects the preflight, and browsers do not follow.")
        }
        reason => {
            let place = if number == 0 { String::new() } else { format!("Line {number}: ") };
            format!("{place}{reason}.")
        }
    }
}
