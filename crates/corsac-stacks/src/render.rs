//! Fills a target's template. Filters quote values by the rules of each language.

use std::sync::LazyLock;

use minijinja::{Environment, Error, ErrorKind};

use crate::options::Refused;
use crate::quote;
use crate::site::Site;
use crate::target::Target;

/// Parts that several templates include.
const SHARED: &[(&str, &str)] = &[
    ("decide.mjs", include_str!("templates/decide.mjs")),
    ("node.mjs", include_str!("templates/node.mjs")),
    ("web.mjs", include_str!("templates/web.mjs")),
    ("handler.mjs", include_str!("templates/handler.mjs")),
    ("handlers.go", include_str!("templates/handlers.go")),
    ("decide.py", include_str!("templates/decide.py")),
];

/// Every template, read once: reading them takes longer than filling one.
static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(templates);

fn templates() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_keep_trailing_newline(true);
    for (name, quote) in quote::FILTERS {
        let quote = *quote;
        environment.add_filter(*name, move |value: String| {
            quote(&value).map_err(|why| Error::new(ErrorKind::InvalidOperation, why))
        });
    }
    environment.add_filter("list", quote::list);
    for (name, text) in SHARED {
        environment.add_template(name, text)?;
    }
    for target in Target::ALL {
        environment.add_template(target.as_str(), target.template())?;
    }
    Ok(environment)
}

pub(crate) fn render(target: Target, site: &Site, notes: &[String]) -> Result<String, Refused> {
    let wrong = |error: &Error| match (error.kind(), error.detail()) {
        (ErrorKind::InvalidOperation, Some(why)) => Refused::new(why, "Choose another value."),
        _ => Refused::new(
            format!("This is a mistake in Corsac: the template for {} fails with `{error}`.", target.title()),
            "Please report it.",
        ),
    };
    let templates = TEMPLATES.as_ref().map_err(wrong)?;
    let template = templates.get_template(target.as_str()).map_err(|error| wrong(&error))?;
    let ignores_case = matches!(target, Target::Express | Target::Nestjs | Target::Koa | Target::Aspnet);
    let values = minijinja::context! {
        target => target.as_str(),
        header => header(target, site, notes),
        ignores_case,
        ..minijinja::Value::from_serialize(site)
    };
    template.render(values).map_err(|error| wrong(&error))
}

/// Returns the comment at the beginning of a file: what it was made from, how to verify it, and what to know.
fn header(target: Target, site: &Site, notes: &[String]) -> String {
    let comment = target.comment();
    let name = target.as_str();
    let mut lines = if site.for_one_request {
        vec![
            format!("CORS for one request, written by `corsac check --stack {name}`."),
            format!(
                "For all requests of your pages, write a policy: `corsac policy compile {name} corsac.toml` (docs/policy.md)."
            ),
        ]
    } else {
        vec![
            format!("CORS {}: written by `corsac policy compile {name}`.", site.fingerprint),
            "Do not edit it: change the policy, and compile it again.".to_owned(),
            format!("To verify the running server: {}", site.verify),
        ]
    };
    let not_run = target.not_run();
    lines.extend(
        notes.iter().map(
            |note| {
                if Some(note) == not_run.as_ref() { note.clone() } else { format!("Note: {note}") }
            },
        ),
    );
    lines.iter().map(|line| format!("{comment} {line}")).collect::<Vec<_>>().join("\n")
}
