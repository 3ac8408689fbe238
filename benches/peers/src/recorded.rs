//! Our middleware in a program that listens: with a recorder of metrics and a subscriber of tracing installed. Neither can be taken out again,
//! so this runs in a process of its own.

use std::process::Command;

use metrics_util::debugging::DebuggingRecorder;

use crate::cases::{Case, Origins};
use crate::contenders::{Contender, Setting, runner};
use crate::{Cell, Options, measure};

/// The flag with which this program starts itself.
pub const FLAG: &str = "--with-recorders";

/// The table, from a process of its own.
pub fn print(options: &Options) {
    println!("\n## With metrics and tracing installed\n");
    println!(
        "What our middleware adds to a request, in nanoseconds, with one origin: with nothing installed, with a metrics recorder (counters \
         in a registry), and also with a tracing subscriber, which formats events of level INFO and above and discards them.\n"
    );
    let child = std::env::current_exe()
        .and_then(|program| Command::new(program).args([FLAG, &options.rounds().to_string()]).output());
    match child {
        Ok(output) if output.status.success() => print!("{}", String::from_utf8_lossy(&output.stdout)),
        Ok(output) => println!("This run failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("This run could not be started: {error}"),
    }
}

/// What the child does: everything three times.
pub fn run(rounds: &str) {
    let rounds: u32 = rounds.parse().expect("a number of rounds");
    let nothing = added(rounds);
    DebuggingRecorder::new().install().expect("no recorder is installed yet");
    corsac_tower::describe_metrics(); // as its documentation asks of a program that installs a recorder
    let recorder = added(rounds);
    tracing_subscriber::fmt().with_writer(std::io::sink).init();
    let both = added(rounds);
    println!("| service | request | nothing | metrics | metrics and tracing |\n|---|---|---:|---:|---:|");
    for (index, (setting, case)) in situations().enumerate() {
        let cell =
            |column: &[f64]| column.get(index).map_or_else(|| "-".to_owned(), |time| format!("{time:.0}"));
        println!(
            "| {} | {} | {} | {} | {} |",
            setting.name(),
            case.name(),
            cell(&nothing),
            cell(&recorder),
            cell(&both)
        );
    }
}

fn situations() -> impl Iterator<Item = (Setting, Case)> {
    Setting::ALL.into_iter().flat_map(|setting| Case::ALL.into_iter().map(move |case| (setting, case)))
}

/// With layers that are made now: one may keep what it finds installed.
fn added(rounds: u32) -> Vec<f64> {
    let time = |setting, case, contender| {
        let cell = Cell { setting, origins: Origins::Exact(1), case, contender };
        runner(cell).map_or(f64::NAN, |mut runner| measure::nanoseconds(&mut runner, rounds))
    };
    situations()
        .map(|(setting, case)| time(setting, case, Contender::Corsac) - time(setting, case, Contender::None))
        .collect()
}
