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

impl Target {
    /// Time decides: it is what a user pays.
    fn is_met(&self) -> bool {
        match self.wanted {
            Wanted::AtMost(limit) => self.time <= limit,
            Wanted::AtLeast(limit) => self.time >= limit,
        }
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

pub fn print(targets: &[Target]) {
    println!("\n## Targets\n\n| target | request | time | instructions | |\n|---|---|---:|---:|---|");
    for target in targets {
        let instructions = target.instructions.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        let met = if target.is_met() { "met" } else { "**missed**" };
        println!(
            "| {} | {} | {:.2} | {instructions} | {met} |",
            target.what,
            target.case.name(),
            target.time
        );
    }
    let missed = targets.iter().filter(|target| !target.is_met()).count();
    println!("\n{missed} of {} missed.", targets.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_up_to_its_limit_and_missed_beyond() {
        let target =
            |wanted, time| Target { what: "", case: Case::Allowed, wanted, time, instructions: None };
        for (wanted, time, is_met) in [
            (Wanted::AtMost(0.5), 0.49, true),
            (Wanted::AtMost(0.5), 0.5, true),
            (Wanted::AtMost(0.5), 0.51, false),
            (Wanted::AtLeast(50.0), 50.0, true),
            (Wanted::AtLeast(50.0), 49.9, false),
            (Wanted::AtMost(1.0), f64::NAN, false),
        ] {
            assert_eq!(target(wanted, time).is_met(), is_met, "{wanted:?} {time}");
        }
    }
}
