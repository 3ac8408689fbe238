//! `corsac man`: the man pages, made from the command line's own definition.

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use roff::{Roff, roman};

use crate::arguments::Arguments;
use crate::terminal::printable;

/// Returns the man page of the command that `names` leads to, such as `policy lint`; without names that of `corsac`.
pub(crate) fn page(names: &[String]) -> Result<String, String> {
    let mut command = Arguments::command();
    for name in names {
        let path = command.get_bin_name().unwrap_or("corsac").to_owned();
        let found = command.find_subcommand(name).cloned();
        let found = found.ok_or_else(|| {
            format!("`{}` is not a command of {path}: see `{path} --help`", printable(name))
        })?;
        command = found.name(format!("{}-{name}", path.replace(' ', "-"))).bin_name(format!("{path} {name}"));
    }
    let page = render(command).map_err(|error| format!("cannot write the man page: {error}"))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn render(command: Command) -> std::io::Result<Vec<u8>> {
    let after_help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (has_commands, has_version) = (command.has_subcommands(), command.get_version().is_some());
    let parts: Vec<Part<'_>> = after_help.split("\n\n").map(Part::read).collect();
    let man = Man::new(command);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    for part in &parts {
        if let Part::Paragraph(text) = part {
            Roff::new().control("PP", []).text([roman(*text)]).to_writer(&mut page)?;
        }
    }
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    for part in &parts {
        if let Part::Section { heading, lines } = part {
            section(heading, lines).to_writer(&mut page)?;
        }
    }
    if has_version {
        man.render_version_section(&mut page)?;
    }
    Ok(page)
}

/// A part of what `--help` prints after the options.
enum Part<'h> {
    /// Belongs to the description.
    Paragraph(&'h str),
    /// `Examples:` and the like, with indented lines.
    Section { heading: &'h str, lines: &'h str },
}

impl<'h> Part<'h> {
    fn read(text: &'h str) -> Self {
        match text.split_once(":\n") {
            Some((heading, lines)) if lines.starts_with(' ') => Self::Section { heading, lines },
            _ => Self::Paragraph(text),
        }
    }
}

/// A section of the page. Its indented lines stay lines of their own.
fn section(heading: &str, lines: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [heading.to_uppercase().as_str()]);
    roff.control("nf", []);
    for line in lines.lines() {
        match line.strip_prefix("  ") {
            Some(line) => roff.text([roman(line)]),
            // The sentence after a list.
            None => roff.control("fi", []).control("PP", []).text([roman(line)]),
        };
    }
    roff.control("fi", []);
    roff
}
