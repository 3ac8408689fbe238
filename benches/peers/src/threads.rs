//! One layer, asked by one thread and by two at once: what threads write to together shows here.

use crate::cases::{Case, Origins};
use crate::contenders::{Contender, Setting, shared};
use crate::{Cell, Options, measure};

/// What a contender adds to a request, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct OnThreads {
    pub setting: Setting,
    pub contender: Contender,
    pub case: Case,
    pub one: f64,
    pub two: f64,
}

const PEERS: [Contender; 2] = [Contender::Corsac, Contender::TowerHttp];

pub fn measure(options: &Options) -> Vec<OnThreads> {
    let mut rows = Vec::new();
    for setting in [Setting::Bare, Setting::Axum] {
        for case in Case::ALL {
            let time = |contender, threads| {
                let source = shared(Cell { setting, origins: Origins::Exact(1), case, contender })?;
                Some(measure::on_threads(&source, threads, options.rounds()))
            };
            for contender in PEERS {
                let added = |threads| Some(time(contender, threads)? - time(Contender::None, threads)?);
                if let (Some(one), Some(two)) = (added(1), added(2)) {
                    rows.push(OnThreads { setting, contender, case, one, two });
                }
            }
            eprintln!("threads {} {}", setting.name(), case.name());
        }
    }
    rows
}

pub fn print(rows: &[OnThreads]) {
    println!("\n## Two threads on one layer\n");
    println!(
        "What each adds to a request, in nanoseconds, with one origin: one thread, two threads, and the ratio.\n"
    );
    let names: Vec<&str> = PEERS.iter().map(|peer| peer.name()).collect();
    println!("| service | request | {} |\n|---|---|---:|---:|", names.join(" | "));
    for own in rows.iter().filter(|row| row.contender == Contender::Corsac) {
        let cell = |contender: &Contender| {
            let same = |row: &&OnThreads| {
                row.contender == *contender && row.setting == own.setting && row.case == own.case
            };
            rows.iter().find(same).map_or_else(|| "-".to_owned(), shown)
        };
        let cells: Vec<String> = PEERS.iter().map(cell).collect();
        println!("| {} | {} | {} |", own.setting.name(), own.case.name(), cells.join(" | "));
    }
}

fn shown(row: &OnThreads) -> String {
    format!("{:.0} / {:.0} / {:.2}", row.one, row.two, row.two / row.one)
}
