//! `corsac policy infer`: asks a running server, and writes the closest policy.

mod candidates;
mod text;

use corsac::server::{Policy, PolicyConfig};
use corsac_verify::{
    Case, Class, Finding, InferOptions, Inference, Inferred, Suite, SuiteOptions, Verification,
};
use serde_json::{Value, json};

use crate::arguments::InferArguments;
use crate::check::safety;
use crate::terminal;
use crate::verify::drive::{Driver, may_be_stored_for_others, progress};
use crate::verify::target::Target;
use crate::{AS_EXPECTED, BLOCKED, FAILED};
use candidates::Candidates;

/// What came of it.
pub(super) struct Report<'r> {
    pub(super) arguments: &'r InferArguments,
    pub(super) given: &'r url::Url,
    pub(super) inferred: &'r Inferred,
    /// In what the server differs from the policy.
    pub(super) findings: Vec<&'r Finding>,
    pub(super) sent: usize,
    /// Why not everything was asked, if not.
    pub(super) stopped: Option<String>,
}

/// Returns the exit status, and what to print to standard output.
pub(crate) fn run(arguments: &InferArguments) -> Result<(u8, String), String> {
    let target = Target::new(&arguments.server)?;
    let candidates = Candidates::new(arguments, &target.given)?;
    crate::runtime()?.block_on(infer(arguments, &target, candidates))
}

async fn infer(
    arguments: &InferArguments,
    target: &Target,
    candidates: Candidates,
) -> Result<(u8, String), String> {
    let half = usize::try_from(arguments.limit / 2).unwrap_or(usize::MAX);
    let own_query = safety::signature(&target.asked).is_none();
    let options = InferOptions::default().with(|options| {
        options.candidates = candidates.origins;
        options.methods = candidates.methods;
        options.request_headers = candidates.request_headers;
        options.limit = half;
        options.own_query = own_query;
    });
    let mut driver = Driver::new(target, arguments.server.rate);
    let mut inference = Inference::new(&target.asked, options);
    let mut preflights_only = false;
    while let Some(case) = inference.next() {
        progress(driver.sent, half);
        let ended = driver.run(&case).await;
        if !preflights_only && may_be_stored_for_others(&ended, own_query) {
            preflights_only = true;
            inference.use_preflights_only();
        }
        inference.receive(&ended);
        if driver.gives_up().is_some() {
            break;
        }
    }
    let inferred = inference.finish();
    let stopped = driver.gives_up();
    let policy = Policy::new(&inferred.config).map_err(|problems| problems.to_string())?;
    let mut verification = Verification::new(&policy);
    if stopped.is_none() {
        let options = SuiteOptions::default().with(|options| {
            options.limit = half;
            options.own_query = own_query;
            options.preflights_only = preflights_only;
        });
        test(&mut driver, &mut verification, &Suite::new(&policy, &target.asked, options).cases).await;
    }
    progress(1, 1);
    let findings = verification.findings();
    let report = Report {
        arguments,
        given: &target.given,
        inferred: &inferred,
        findings,
        sent: driver.sent,
        stopped: stopped.or_else(|| driver.gives_up()),
    };
    let page = if arguments.json { terminal::json(&as_json(&report)) } else { text::print(&report) };
    Ok((report.status(), page))
}

/// Runs the cases, as far as the server answers.
async fn test(driver: &mut Driver<'_>, verification: &mut Verification<'_>, cases: &[Case]) {
    for (number, case) in cases.iter().enumerate() {
        progress(number, cases.len());
        let ended = driver.run(case).await;
        verification.add(case, &ended);
        if driver.gives_up().is_some() {
            return;
        }
    }
}

impl Report<'_> {
    fn status(&self) -> u8 {
        let differs = self.findings.iter().any(|finding| finding.class <= Class::Closed);
        match (self.stopped.is_some(), differs) {
            (true, _) => FAILED,
            (false, true) => BLOCKED,
            (false, false) => AS_EXPECTED,
        }
    }

    pub(super) fn config(&self) -> &PolicyConfig {
        &self.inferred.config
    }
}

fn as_json(report: &Report<'_>) -> Value {
    let unknown: Vec<Value> = report
        .inferred
        .unknown
        .iter()
        .map(|unknown| json!({ "code": unknown.code, "message": unknown.message }))
        .collect();
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "class": finding.class.as_str(),
                "code": finding.code,
                "title": finding.title,
                "fix": finding.fix,
                "case": finding.case,
            })
        })
        .collect();
    json!({
        "schema": "corsac.infer/1",
        "url": text::url(report),
        "name": report.arguments.name,
        "policy": report.config(),
        "unknown": unknown,
        "findings": findings,
        "sent": report.sent,
        "stopped": report.stopped,
        "toml": text::print(report),
    })
}
