//! Directives with a number of values that nginx refuses: most often a `;` is missing at the end of a line, and the next line is a part of it.

use super::build::Refused;
use super::parse::{Directive, Word};

/// Blocks whose directives are not those of HTTP.
const OTHER_BLOCKS: &[&str] = &["events", "stream", "mail", "rtmp"];

/// A directive, and the fewest and most values that it takes.
const VALUES: &[(&str, usize, usize)] =
    &[("add_header", 2, 3), ("set", 2, 2), ("return", 1, 2), ("rewrite", 2, 3), ("map", 2, 2)];

/// # Errors
///
/// Fails at the first directive that nginx refuses because of how many values it has.
pub(super) fn check(directives: &[Directive]) -> Result<(), Refused> {
    for directive in directives.iter().filter(|directive| !OTHER_BLOCKS.contains(&directive.name())) {
        let name = directive.name();
        let values = directive.arguments();
        if let Some((_, fewest, most)) = VALUES.iter().find(|(known, _, _)| *known == name)
            && !(*fewest..=*most).contains(&values.len())
        {
            return Err((directive.at, refused(directive, *fewest, *most)));
        }
        if name == "add_header" && values.get(2).is_some_and(|third| third.text != "always") {
            let third = directive.argument(2);
            let why = format!(
                "nginx refuses this `add_header`: after the value comes `always` or nothing, and here it is `{third}`. {}",
                missing(directive)
            );
            return Err((directive.at, why));
        }
        if name == "if" && directive.block.is_none() {
            let why = "nginx refuses this `if`: it needs a block in `{` and `}` after its condition.";
            return Err((directive.at, why.to_owned()));
        }
        if name == "map" {
            entries(directive.inside())?;
        } else {
            check(directive.inside())?;
        }
    }
    Ok(())
}

/// The entries of a `map`: a text or an expression, and its value.
fn entries(entries: &[Directive]) -> Result<(), Refused> {
    for entry in entries {
        let is_word = ["hostnames", "volatile"].contains(&entry.name()) && entry.arguments().is_empty();
        if !is_word && entry.arguments().len() != 1 {
            let why = format!(
                "nginx refuses this entry of a `map`: it has one text or expression and one value, and this one has {} words. {}",
                entry.words.len(),
                missing(entry)
            );
            return Err((entry.at, why));
        }
    }
    Ok(())
}

fn refused(directive: &Directive, fewest: usize, most: usize) -> String {
    let takes = match (fewest, most) {
        (fewest, most) if fewest == most => format!("{fewest} values"),
        (fewest, most) => format!("{fewest} or {most} values"),
    };
    format!(
        "nginx refuses this `{}`: it takes {takes}, and here it has {}. {}",
        directive.name(),
        directive.arguments().len(),
        missing(directive)
    )
}

/// What was probably left out.
fn missing(directive: &Directive) -> String {
    // The words of the first line end where the next line begins.
    let last = directive.words.windows(2).find_map(|words| match words {
        [word, next] if next.line > word.line => Some(word),
        _ => None,
    });
    match last {
        Some(Word { line, text }) => {
            format!("A `;` is probably missing at the end of line {line}, after `{text}`.")
        }
        None if directive.arguments().len() > 2 => "A value with spaces needs quotes around it.".to_owned(),
        None => "A value is probably missing.".to_owned(),
    }
}
