//! The inferred policy as a policy file, with what is not known as comments.

use corsac_config::policy_to_toml;

use super::Report;
use crate::check::Secrets;
use crate::terminal::{printable, printable_words};

/// The URL as it may be shown.
pub(super) fn url(report: &Report<'_>) -> String {
    Secrets::of_url(report.given).hide(&report.arguments.server.url)
}

pub(super) fn print(report: &Report<'_>) -> String {
    let mut page = format!(
        "# How {} behaves, found out with {} requests by `corsac policy infer`.\n",
        printable(&url(report)),
        report.sent
    );
    if let Some(why) = &report.stopped {
        page.push_str(&format!("# Not everything was asked: {}.\n", printable_words(why)));
    }
    for unknown in &report.inferred.unknown {
        page.push_str(&format!("# {}\n", printable_words(&unknown.message)));
    }
    for finding in &report.findings {
        page.push_str(&format!(
            "# {} {}: {} ({}).\n",
            finding.class.as_str(),
            finding.code,
            finding.title,
            printable_words(&finding.case)
        ));
    }
    page.push('\n');
    page.push_str(&policy_to_toml(&report.arguments.name, None, report.config()));
    page
}
