//! The button beside a line that decided against a request: it writes the line as it has to be.

use corsac::browser::RuleResult;
use corsac_explain::sequence::{self, Line, Step};

use crate::answers::Server;
use crate::engines::{Place, Played, Run, run_in};
use crate::given::Play;
use crate::header_lines::NumberedLine;
use crate::marks::Button;

/// Returns the button for a line, or for one that is missing (0), if the corrected line helps: it is tried before it is offered.
pub(crate) fn button(
    play: &Play,
    played: &Played,
    run: &Run,
    place: Place,
    name: &str,
    number: usize,
) -> Option<Button> {
    let refusal = run.fetched.outcome.refusal()?;
    let explanation = corsac_explain::explain(refusal, &played.request);
    let mut lines = explanation.fixes.iter().flat_map(|fix| fix.headers());
    let (name, value) = lines.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
    let changed = with_line(play, place, number, name, value)?;
    let again = run_in(run.engine, &played.request, &Server::Written(&changed)).ok();
    let is_list = value.contains(',') || name.ends_with("-Headers") || name.ends_with("-Methods");
    let label = if number == 0 || is_list { "Add it" } else { "Write it" };
    again.filter(|again| helps(played, run, again, name)).map(|_| write(label, format!("{name}: {value}")))
}

/// Returns a button that writes a line.
pub(crate) fn write(label: &'static str, line: String) -> Button {
    Button { label, line }
}

fn with_line(play: &Play, place: Place, number: usize, name: &str, value: &str) -> Option<Play> {
    let mut changed = play.clone();
    let lines = &mut changed.answers.get_mut(place.kind, place.hop)?.headers.lines;
    let line = NumberedLine { number, name: name.to_owned(), value: value.to_owned() };
    match lines.iter_mut().find(|written| number > 0 && written.number == number) {
        Some(written) => *written = line,
        None => lines.push(line),
    }
    Some(changed)
}

/// Returns `true` if the browser gets further than before: it sends more, or ends in another way and finds no fault with this header any more.
fn helps(played: &Played, before: &Run, after: &Run, name: &str) -> bool {
    let sent = |run: &Run| run.fetched.exchanges.len();
    let steps = sequence::steps(&played.request, &after.fetched, after.engine, &[]);
    let last = steps.iter().rev().find_map(|step| match step {
        Step::Received { lines, .. } => Some(lines),
        _ => None,
    });
    let fails = |line: &Line| line.result == Some(RuleResult::Fail) && line.name.eq_ignore_ascii_case(name);
    let code = |run: &Run| run.fetched.outcome.refusal().map(|refusal| refusal.reason.code());
    sent(after) > sent(before) || code(after) != code(before) && !last.into_iter().flatten().any(fails)
}
