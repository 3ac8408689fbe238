//! The figures as tables of Markdown, and the targets that the project set itself.

use std::time::Instant;

use corsac::server::{Policy, PolicyConfig};

use crate::cases::{Case, Origins};
use crate::contenders::{Contender, Setting};
use crate::measure::Figures;

/// All contenders in one situation.
pub struct Row {
    pub setting: Setting,
    pub origins: Origins,
    pub case: Case,
    pub cells: Vec<(Contender, Figures)>,
}

impl Row {
    fn figures(&self, contender: Contender) -> Option<Figures> {
        self.cells.iter().find(|(other, _)| *other == contender).map(|(_, figures)| *figures)
    }

    /// What a contender adds to the service.
    fn added(&self, contender: Contender) -> Option<Figures> {
        let figures = self.figures(contender)?;
        // The decision stands alone.
        if contender == Contender::CorsacDecision {
            Some(figures)
        } else {
            Some(figures.beyond(self.figures(Contender::None)?))
        }
    }
}

pub fn progress(row: &Row) {
    eprintln!("{} {} {}", row.setting.name(), row.origins.name(), row.case.name());
}

pub fn print(rows: &[Row]) {
    println!(
        "What each adds to a request: nanoseconds / instructions / allocations. `none` is the service without CORS, in full."
    );
    for setting in Setting::ALL {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.setting == setting).collect();
        let present = |contender: &Contender| rows.iter().any(|row| row.figures(*contender).is_some());
        let contenders: Vec<Contender> = Contender::ALL.into_iter().filter(present).collect();
        println!("\n## {}\n", setting.name());
        let names: Vec<&str> = contenders.iter().map(|contender| contender.name()).collect();
        println!("| origins | request | {} |", names.join(" | "));
        println!("|---|---|{}", "---:|".repeat(contenders.len()));
        for row in rows {
            let cell = |contender: &Contender| {
                let figures = if *contender == Contender::None {
                    row.figures(*contender)
                } else {
                    row.added(*contender)
                };
                figures.map_or_else(|| "-".to_owned(), shown)
            };
            let cells: Vec<String> = contenders.iter().map(cell).collect();
            println!("| {} | {} | {} |", row.origins.name(), row.case.name(), cells.join(" | "));
        }
    }
}

fn shown(figures: Figures) -> String {
    let instructions = figures.instructions.map_or_else(|| "-".to_owned(), |count| format!("{count:.0}"));
    format!("{:.0} / {instructions} / {:.1}", figures.nanoseconds, figures.allocations)
}

/// How long a policy takes to load, and how much memory it holds.
pub fn print_loading() {
    println!("\n## Loading a policy\n\n| origins | time | bytes an origin |\n|---:|---:|---:|");
    for count in [1_000, 100_000, 1_000_000] {
        let config = PolicyConfig { origins: Origins::Exact(count).entries(), ..PolicyConfig::default() };
        let start = Instant::now();
        let mut policy = None;
        let counted = allocation_counter::measure(|| policy = Policy::new(&config).ok());
        let time = start.elapsed();
        assert!(policy.is_some());
        println!(
            "| {count} | {:.0} ms | {} |",
            time.as_secs_f64() * 1e3,
            counted.bytes_current / count as i64
        );
    }
}

/// The targets, and what was measured.
pub fn print_targets(rows: &[Row]) {
    let find = |setting, origins, case| {
        rows.iter().find(|row| row.setting == setting && row.origins == origins && row.case == case)
    };
    let ratio = |setting, origins, case, peer: Contender, own: Contender| {
        let row = find(setting, origins, case)?;
        let (peer, own) = (row.added(peer)?, row.added(own)?);
        let instructions = peer.instructions.zip(own.instructions).map(|(peer, own)| peer / own);
        Some((peer.nanoseconds / own.nanoseconds, instructions))
    };
    println!("\n## Targets\n\n| target | request | time | instructions |\n|---|---|---:|---:|");
    let print = |target: &str, case: Case, ratio: Option<(f64, Option<f64>)>| {
        let Some((time, instructions)) = ratio else { return };
        let instructions = instructions.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.1}"));
        println!("| {target} | {} | {time:.1} | {instructions} |", case.name());
    };
    for case in Case::ALL {
        let at_one =
            ratio(Setting::Bare, Origins::Exact(1), case, Contender::TowerHttp, Contender::CorsacDecision);
        print("1 origin: tower-http / our decision, at least 5", case, at_one);
    }
    for case in Case::ALL {
        let under_axum =
            ratio(Setting::Axum, Origins::Exact(1_000), case, Contender::TowerHttp, Contender::Corsac);
        print("1,000 origins under axum: tower-http / ours, at least 50", case, under_axum);
    }
    for case in Case::ALL {
        let (Some(one), Some(million)) = (
            find(Setting::Bare, Origins::Exact(1), case),
            find(Setting::Bare, Origins::Exact(1_000_000), case),
        ) else {
            continue;
        };
        let (Some(one), Some(million)) =
            (one.added(Contender::CorsacDecision), million.added(Contender::CorsacDecision))
        else {
            continue;
        };
        let instructions = million.instructions.zip(one.instructions).map(|(million, one)| million / one);
        print(
            "our decision, 1,000,000 origins / 1, at most 2",
            case,
            Some((million.nanoseconds / one.nanoseconds, instructions)),
        );
    }
}
