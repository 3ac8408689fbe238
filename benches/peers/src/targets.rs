//! The targets that the project set itself, and what was measured.

use crate::cases::{Case, Origins};
use crate::contenders::{Contender, Setting};
use crate::go;
use crate::table::Row;
use crate::threads::OnThreads;

/// One target in one case: a ratio that is wanted at most, or at least.
#[derive(Clone, Debug)]
pub struct Target {
    what: &'static str,
    case: Case,
    wanted: Wanted,
    time: f64,
    /// The same ratio of instructions, where they were counted.
    instructions: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
enum Wanted {
    AtMost(f64),
    AtLeast(f64),
}

impl Wanted {
    /// Whether a ratio meets the target; `None` where a difference of times was below the noise, so that there is no ratio.
    fn is_met(self, ratio: f64) -> Option<bool> {
        (ratio > 0.0).then_some(match self {
            Self::AtMost(limit) => ratio <= limit,
            Self::AtLeast(limit) => ratio >= limit,
        })
    }
}

pub fn all(rows: &[Row], threads: &[OnThreads], go: &[go::Added]) -> Vec<Target> {
    let find = |setting, origins, case| {
        rows.iter().find(|row| row.setting == setting && row.origins == origins && row.case == case)
    };
    // What one contender adds, divided by what another does.
    let ratio = |setting, origins, case, own: Contender, peer: Contender| {
        let row = find(setting, origins, case)?;
        let (own, peer) = (row.added(own)?, row.added(peer)?);
        let instructions = own.instructions.zip(peer.instructions).map(|(own, peer)| own / peer);
        Some((own.nanoseconds / peer.nanoseconds, instructions))
    };
    let one = Origins::Exact(1);
    let (ours, decision) = (Contender::Corsac, Contender::CorsacDecision);
    let mut targets = Vec::new();
    let mut add = |what, case, wanted, measured: Option<(f64, Option<f64>)>| {
        let of = |(time, instructions)| Target { what, case, wanted, time, instructions };
        targets.extend(measured.map(of));
    };
    for case in Case::ALL {
        let measured = ratio(Setting::Bare, one, case, ours, Contender::TowerHttp);
        add("1 origin, bare: ours / tower-http, at most 0.5", case, Wanted::AtMost(0.5), measured);
    }
    for case in Case::ALL {
        let measured = ratio(Setting::Axum, one, case, ours, Contender::TowerHttp);
        add("1 origin, axum: ours / tower-http, at most 0.5", case, Wanted::AtMost(0.5), measured);
    }
    for case in Case::ALL {
        let measured = ratio(Setting::Actix, one, case, ours, Contender::ActixCors);
        add("1 origin, actix: ours / actix-cors, at most 1.0", case, Wanted::AtMost(1.0), measured);
    }
    for case in Case::ALL {
        let measured = threads
            .iter()
            .find(|row| row.setting == Setting::Bare && row.contender == ours && row.case == case);
        let measured = measured.map(|row| (row.two / row.one, None));
        add("1 origin, bare: two threads / one, at most 1.2", case, Wanted::AtMost(1.2), measured);
    }
    for case in Case::ALL {
        let jub0bs = go.iter().find(|added| added.origins == one.name() && added.case == case.name());
        let own = find(Setting::Bare, one, case).and_then(|row| row.added(decision));
        let measured = own.zip(jub0bs).map(|(own, added)| (own.nanoseconds / added.jub0bs, None));
        add("1 origin: our decision / jub0bs/cors, at most 1.0", case, Wanted::AtMost(1.0), measured);
    }
    for case in Case::ALL {
        let measured = ratio(Setting::Axum, Origins::Exact(1_000), case, Contender::TowerHttp, ours);
        add("1,000 origins, axum: tower-http / ours, at least 50", case, Wanted::AtLeast(50.0), measured);
    }
    for case in Case::ALL {
        let row =
            |count| find(Setting::Bare, Origins::Exact(count), case).and_then(|row| row.added(decision));
        let measured = row(1_000_000).zip(row(1)).map(|(million, one)| {
            let instructions = million.instructions.zip(one.instructions).map(|(million, one)| million / one);
            (million.nanoseconds / one.nanoseconds, instructions)
        });
        add("our decision: 1,000,000 origins / 1, at most 2", case, Wanted::AtMost(2.0), measured);
    }
    targets
}

/// Time is what a user pays, and instructions are the same in each run; so both are judged.
pub fn print(targets: &[Target]) {
    println!("\n## Targets\n\n| target | request | time | | instructions | |\n|---|---|---:|---|---:|---|");
    for Target { what, case, wanted, time, instructions } in targets {
        let [time, instructions] = [Some(*time), *instructions].map(|ratio| cells(*wanted, ratio));
        println!("| {what} | {} | {time} | {instructions} |", case.name());
    }
    println!(
        "\n{}, {}.",
        missed(targets, "time", |target| Some(target.time)),
        missed(targets, "instructions", |target| target.instructions)
    );
}

/// A ratio, and whether it meets the target.
fn cells(wanted: Wanted, ratio: Option<f64>) -> String {
    let Some(ratio) = ratio else { return "- |".to_owned() };
    match wanted.is_met(ratio) {
        Some(true) => format!("{ratio:.2} | met"),
        Some(false) => format!("{ratio:.2} | **missed**"),
        None => "noise |".to_owned(),
    }
}

fn missed(targets: &[Target], what: &str, ratio: impl Fn(&Target) -> Option<f64>) -> String {
    let judged: Vec<bool> =
        targets.iter().filter_map(|target| target.wanted.is_met(ratio(target)?)).collect();
    format!("{} of {} missed by {what}", judged.iter().filter(|is_met| !**is_met).count(), judged.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_up_to_its_limit_and_missed_beyond() {
        for (wanted, ratio, is_met) in [
            (Wanted::AtMost(0.5), 0.49, Some(true)),
            (Wanted::AtMost(0.5), 0.5, Some(true)),
            (Wanted::AtMost(0.5), 0.51, Some(false)),
            (Wanted::AtLeast(50.0), 50.0, Some(true)),
            (Wanted::AtLeast(50.0), 49.9, Some(false)),
            (Wanted::AtMost(1.0), f64::NAN, None),
            (Wanted::AtMost(1.0), -27.46, None),
            (Wanted::AtLeast(50.0), -679.91, None),
        ] {
            assert_eq!(wanted.is_met(ratio), is_met, "{wanted:?} {ratio}");
        }
    }

    #[test]
    fn what_was_not_counted_is_neither_met_nor_missed() {
        let target = Target {
            what: "",
            case: Case::Allowed,
            wanted: Wanted::AtMost(1.0),
            time: 2.0,
            instructions: None,
        };
        let targets = [target];
        assert_eq!(missed(&targets, "time", |target| Some(target.time)), "1 of 1 missed by time");
        assert_eq!(
            missed(&targets, "instructions", |target| target.instructions),
            "0 of 0 missed by instructions"
        );
        assert_eq!(cells(Wanted::AtMost(1.0), None), "- |");
    }
}
