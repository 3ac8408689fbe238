//! Corsac's middleware beside other CORS libraries, in one run: time, instructions and allocations of what each adds to a request.
//!
//! `scripts/peers` runs it. Each figure is what a contender takes more than the same service without CORS, so that the service itself does
//! not blur it. Times are the best of many rounds, as other work on the machine only ever adds; instructions are counted by callgrind and
//! are the same in each run; allocations are counted.

mod cases;
mod contenders;
mod go;
mod measure;
mod recorded;
mod table;
mod targets;
mod threads;

use std::path::PathBuf;
use std::process::ExitCode;

use cases::{Case, Origins};
use contenders::{Contender, Setting};
use measure::Figures;

/// What is asked for on the command line.
#[derive(Clone, Debug, Default)]
struct Options {
    /// Fewer rounds, for a look.
    quick: bool,
    /// Without instruction counts, which need valgrind.
    no_instructions: bool,
    /// Only what has a name that begins so, as `bare/1/allowed`, and no table but the first.
    only: Option<String>,
    /// A checkout of jub0bs/cors, which is no module of the proxy's.
    jub0bs: Option<PathBuf>,
}

const USAGE: &str =
    "scripts/peers [--quick] [--no-instructions] [--only SETTING/ORIGINS/REQUEST] [--jub0bs FOLDER]";

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--no-instructions" => options.no_instructions = true,
                "--only" => {
                    options.only = Some(arguments.next().ok_or("--only names nothing")?.clone());
                }
                "--jub0bs" => {
                    let folder = arguments.next().ok_or("--jub0bs names no folder")?;
                    options.jub0bs = Some(PathBuf::from(folder));
                }
                other => return Err(format!("`{other}` is not an option: {USAGE}")),
            }
        }
        Ok(options)
    }

    fn rounds(&self) -> u32 {
        if self.quick { 5 } else { 60 }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [measure::UNDER_CALLGRIND, cell] = words(&arguments).as_slice() {
        measure::run_under_callgrind(cell);
        return ExitCode::SUCCESS;
    }
    if let [recorded::FLAG, rounds] = words(&arguments).as_slice() {
        recorded::run(rounds);
        return ExitCode::SUCCESS;
    }
    match Options::parse(&arguments) {
        Ok(options) => run(&options),
        Err(error) => {
            eprintln!("peers: {error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn words(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn run(options: &Options) {
    contenders::check_all();
    let mut rows = Vec::new();
    for setting in Setting::ALL {
        for origins in Origins::ALL {
            for case in Case::ALL {
                let mut row = table::Row { setting, origins, case, cells: Vec::new() };
                let contenders = Contender::ALL.into_iter().filter(|&contender| {
                    let key = Cell { setting, origins, case, contender }.key();
                    options.only.as_ref().is_none_or(|only| key.starts_with(only.as_str()))
                });
                for contender in contenders {
                    if let Some(figures) =
                        measure::figures(Cell { setting, origins, case, contender }, options)
                    {
                        row.cells.push((contender, figures));
                    }
                }
                if !row.cells.is_empty() {
                    table::progress(&row);
                    rows.push(row);
                }
            }
        }
    }
    table::print(&rows);
    if options.only.is_some() {
        return targets::print(&targets::all(&rows, &[], &[]));
    }
    let threads = threads::measure(options);
    threads::print(&threads);
    recorded::print(options);
    let go = go::print(options.jub0bs.as_deref());
    table::print_loading();
    targets::print(&targets::all(&rows, &threads, &go));
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
