//! The figures as tables of Markdown.

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
    pub fn added(&self, contender: Contender) -> Option<Figures> {
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
