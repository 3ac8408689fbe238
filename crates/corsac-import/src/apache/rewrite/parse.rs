//! Reads `RewriteRule` and `RewriteCond`.

use super::{Check, Flags, Rule, Rules, Test};
use crate::apache::expression::parse_condition;
use crate::apache::pattern::Pattern;
use crate::apache::request::number;
use crate::apache::words::next_rewrite_word;
use crate::files::At;

impl Rules {
    /// Adds a directive of mod_rewrite. Others of its directives change nothing here.
    pub(in crate::apache) fn add(&mut self, name: &str, arguments: &str, at: At) -> Result<(), String> {
        match name {
            "rewriteengine" => self.engine = Some(arguments.eq_ignore_ascii_case("on")),
            "rewriteoptions" => {
                self.inherits |=
                    arguments.to_ascii_lowercase().split_whitespace().any(|word| word.starts_with("inherit"));
            }
            "rewritebase" => self.base = Some(arguments.trim_matches('"').to_owned()),
            "rewritecond" => self.waiting.push(parse_test(arguments, at)?),
            "rewriterule" => {
                let mut rule = parse_rule(arguments, at)?;
                rule.tests = std::mem::take(&mut self.waiting);
                self.rules.push(rule);
            }
            _ => {}
        }
        Ok(())
    }
}

fn parse_rule(arguments: &str, at: At) -> Result<Rule, String> {
    let mut rest = arguments;
    let (Some(pattern), Some(substitution)) = (next_rewrite_word(&mut rest), next_rewrite_word(&mut rest))
    else {
        return Err("An expression and what comes in its place are expected here.".to_owned());
    };
    let flags = parse_flags(flags(&mut rest)?)?;
    let (is_negated, pattern) = negated(pattern);
    Ok(Rule {
        at,
        pattern: Pattern::new(pattern, flags.ignores_case),
        is_negated,
        tests: Vec::new(),
        substitution: (substitution != "-").then(|| substitution.to_owned()),
        flags,
    })
}

fn negated(text: &str) -> (bool, &str) {
    text.strip_prefix('!').map_or((false, text), |text| (true, text))
}

/// The items between `[` and `]`.
fn flags<'t>(rest: &mut &'t str) -> Result<Vec<&'t str>, String> {
    let text = rest.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let Some(inside) = text.strip_prefix('[').or_else(|| text.strip_prefix("\"[")) else {
        return Err(format!(
            "`{text}` is where flags such as `[L]` are expected: a text with spaces has to be in quotes."
        ));
    };
    let inside = inside.split(']').next().unwrap_or_default();
    Ok(inside.split(',').map(str::trim).filter(|flag| !flag.is_empty()).collect())
}

fn parse_flags(texts: Vec<&str>) -> Result<Flags, String> {
    let mut flags = Flags::default();
    for text in texts {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "nc" | "nocase" => flags.ignores_case = true,
            "l" | "last" => flags.is_last = true,
            "end" => (flags.is_last, flags.is_end) = (true, true),
            "n" | "next" => flags.begins_again = true,
            "c" | "chain" => flags.is_chained = true,
            "s" | "skip" => flags.skips = value.parse().unwrap_or(0),
            "p" | "proxy" => flags.is_proxy = true,
            "pt" | "passthrough" => flags.passes_through = true,
            "f" | "forbidden" => flags.status = Some(403),
            "g" | "gone" => flags.status = Some(410),
            "r" | "redirect" => flags.status = Some(status(value)?),
            "e" | "env" => {
                if let Some(name) = value.strip_prefix('!') {
                    flags.variables.push((name.to_owned(), None));
                } else {
                    let (name, value) = value.split_once(':').unwrap_or((value, ""));
                    flags.variables.push((name.to_owned(), Some(value.to_owned())));
                }
            }
            _ => {}
        }
    }
    Ok(flags)
}

fn status(text: &str) -> Result<u16, String> {
    match text {
        "" | "temp" => Ok(302),
        "permanent" => Ok(301),
        "seeother" => Ok(303),
        _ => text
            .parse()
            .ok()
            .filter(|status| (100..600).contains(status))
            .ok_or_else(|| format!("`{text}` is no status of HTTP.")),
    }
}

fn parse_test(arguments: &str, at: At) -> Result<Test, String> {
    let mut rest = arguments;
    let (Some(subject), Some(pattern)) = (next_rewrite_word(&mut rest), next_rewrite_word(&mut rest)) else {
        return Err("A text and the expression that it is compared with are expected here.".to_owned());
    };
    let names: Vec<_> = flags(&mut rest)?.into_iter().map(str::to_ascii_lowercase).collect();
    let has = |short: &str, long: &str| names.iter().any(|name| name == short || name == long);
    let (mut is_negated, pattern) = negated(pattern);
    let ignores_case = has("nc", "nocase");
    let check = if subject.eq_ignore_ascii_case("expr") {
        Check::Expression(
            parse_condition(pattern).map_err(|why| format!("The expression cannot be read: {why}."))?,
        )
    } else if let Some(number) = pattern.strip_prefix("-ne").filter(|rest| !rest.is_empty()) {
        is_negated = !is_negated;
        numbers("-eq", number)
    } else {
        check(pattern, ignores_case)
    };
    let or_next = has("or", "ornext");
    Ok(Test { at, subject: subject.to_owned(), check, is_negated, ignores_case, or_next })
}

fn check(pattern: &str, ignores_case: bool) -> Check {
    match pattern {
        "-f" | "-s" | "-F" => return Check::File,
        "-d" => return Check::Folder,
        "-x" | "-h" | "-l" | "-L" | "-U" => return Check::Unknown,
        "=" | "<" | ">" => return Check::Pattern(Pattern::new(pattern, ignores_case)),
        _ => {}
    }
    for operator in ["-lt", "-le", "-gt", "-ge", "-eq"] {
        if let Some(number) = pattern.strip_prefix(operator).filter(|rest| !rest.is_empty()) {
            return numbers(operator, number);
        }
    }
    if let Some(text) = pattern.strip_prefix('=') {
        return Check::Equals(if text == "\"\"" { String::new() } else { text.to_owned() });
    }
    for (operator, less) in [("<", true), (">", false)] {
        if let Some(text) = pattern.strip_prefix(operator) {
            let (or_equal, text) = text.strip_prefix('=').map_or((false, text), |text| (true, text));
            return Check::Order { text: text.to_owned(), less, or_equal };
        }
    }
    Check::Pattern(Pattern::new(pattern, ignores_case))
}

fn numbers(operator: &str, text: &str) -> Check {
    Check::Numbers {
        number: number(text),
        less: operator.starts_with("-l"),
        or_equal: operator.ends_with('e') || operator == "-eq",
        only_equal: operator == "-eq",
    }
}
