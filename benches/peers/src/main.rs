//! Corsac's middleware beside other CORS libraries, in one run: time, instructions and allocations of what each adds to a request.
//!
//! `scripts/peers` runs it. Each figure is what a contender takes more than the same service without CORS, so that the service itself does
//! not blur it. Times are the best of many rounds, as other work on the machine only ever adds; instructions are counted by callgrind and
//! are the same in each run; allocations are counted.

mod cases;
mod contenders;
mod go;
mod measure;
mod table;

use cases::{Case, Origins};
use contenders::{Contender, Setting};
use measure::Figures;

/// What is asked for on the command line.
struct Options {
    /// Fewer rounds, for a look.
    quick: bool,
    /// Without instruction counts, which need valgrind.
    no_instructions: bool,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, cell] = arguments.as_slice()
        && flag == measure::UNDER_CALLGRIND
    {
        return measure::run_under_callgrind(cell);
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let known = ["--quick", "--no-instructions"];
    if let Some(unknown) = arguments.iter().find(|argument| !known.contains(&argument.as_str())) {
        eprintln!("peers: `{unknown}` is not an option; there are {}", known.join(" and "));
        std::process::exit(2);
    }
    let options = Options { quick: has("--quick"), no_instructions: has("--no-instructions") };
    run(&options);
}

fn run(options: &Options) {
    contenders::check_all();
    let mut rows = Vec::new();
    for setting in Setting::ALL {
        for origins in Origins::ALL {
            for case in Case::ALL {
                let mut row = table::Row { setting, origins, case, cells: Vec::new() };
                for contender in Contender::ALL {
                    if let Some(figures) =
                        measure::figures(Cell { setting, origins, case, contender }, options)
                    {
                        row.cells.push((contender, figures));
                    }
                }
                table::progress(&row);
                rows.push(row);
            }
        }
    }
    table::print(&rows);
    go::print();
    table::print_loading();
    table::print_targets(&rows);
}

/// One contender in one situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    setting: Setting,
    origins: Origins,
    case: Case,
    contender: Contender,
}

impl Cell {
    /// The cell as one word, for the run under callgrind.
    fn key(self) -> String {
        format!(
            "{}/{}/{}/{}",
            self.setting.name(),
            self.origins.name(),
            self.case.name(),
            self.contender.name()
        )
    }

    fn from_key(key: &str) -> Option<Self> {
        let mut parts = key.split('/');
        let (setting, origins, case, contender) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            setting: Setting::ALL.into_iter().find(|item| item.name() == setting)?,
            origins: Origins::ALL.into_iter().find(|item| item.name() == origins)?,
            case: Case::ALL.into_iter().find(|item| item.name() == case)?,
            contender: Contender::ALL.into_iter().find(|item| item.name() == contender)?,
        })
    }
}

impl Figures {
    /// What this takes more than `base`.
    fn beyond(self, base: Self) -> Self {
        Self {
            nanoseconds: self.nanoseconds - base.nanoseconds,
            instructions: self.instructions.zip(base.instructions).map(|(own, base)| own - base),
            allocations: self.allocations - base.allocations,
        }
    }
}
