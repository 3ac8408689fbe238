//! Time, instructions, allocations.

use std::hint::black_box;
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::contenders::{Contender, Runner, Source, runner};
use crate::{Cell, Options};

/// What one request takes.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub nanoseconds: f64,
    /// `None` where they were not counted.
    pub instructions: Option<f64>,
    pub allocations: f64,
}

/// The flag with which this program starts itself below callgrind.
pub const UNDER_CALLGRIND: &str = "--under-callgrind";

const COUNTED: usize = 320;

/// `None` when the contender cannot do this.
pub fn figures(cell: Cell, options: &Options) -> Option<Figures> {
    let mut runner = runner(cell)?;
    runner.run(COUNTED); // what is made once is made
    let allocations = allocation_counter::measure(|| runner.run(COUNTED)).count_total as f64 / COUNTED as f64;
    let nanoseconds = nanoseconds(&mut runner, options.rounds());
    drop(runner);
    let instructions = if options.no_instructions || !is_counted(cell) { None } else { instructions(cell) };
    Some(Figures { nanoseconds, instructions, allocations })
}

/// Below callgrind everything takes fifty times as long: the largest policies are counted for our decision alone.
fn is_counted(cell: Cell) -> bool {
    cell.origins.count() <= 1_000 || cell.contender == Contender::CorsacDecision
}

const ROUND: Duration = Duration::from_millis(2);

/// The best of so many rounds of about two milliseconds; of fewer, five at least, when one request takes longer than that.
pub fn nanoseconds(runner: &mut Runner, rounds: u32) -> f64 {
    const ALL: Duration = Duration::from_secs(2);
    let count = count_for(runner, ROUND);
    let started = Instant::now();
    let mut best = Duration::MAX;
    for round in 0..rounds {
        best = best.min(time(runner, count));
        if round >= 4 && started.elapsed() > ALL {
            break;
        }
    }
    best.as_nanos() as f64 / count as f64
}

fn time(runner: &mut Runner, count: usize) -> Duration {
    let start = Instant::now();
    runner.run(count);
    start.elapsed()
}

/// How many requests take at least this long.
fn count_for(runner: &mut Runner, round: Duration) -> usize {
    let mut count = 1;
    while time(runner, count) < round {
        count *= 2;
    }
    count
}

/// What a request takes while so many threads send requests through one layer at the same time: the slowest thread of a round, and of many
/// rounds the best. Rounds are five times as long as those of one thread, so that threads that start apart matter little.
pub fn on_threads(source: &Source, threads: usize, rounds: u32) -> f64 {
    let count = count_for(&mut source.runner(), ROUND * 5);
    let round = || {
        let barrier = Barrier::new(threads);
        let one = || {
            let mut runner = source.runner();
            runner.run(count / 4);
            barrier.wait();
            time(&mut runner, count)
        };
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
            running.into_iter().map(|thread| thread.join().expect("a runner does not panic")).max()
        })
    };
    let best = (0..rounds).filter_map(|_| round()).min().unwrap_or(Duration::MAX);
    best.as_nanos() as f64 / count as f64
}

/// Starts this program below callgrind, which counts what happens in [`measured_section`].
fn instructions(cell: Cell) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*measured_section*"])
        .arg(program)
        .args([UNDER_CALLGRIND, &cell.key()])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let total: f64 = text.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())?;
    Some(total / COUNTED as f64)
}

pub fn run_under_callgrind(key: &str) {
    let cell = Cell::from_key(key).unwrap_or_else(|| panic!("`{key}` is no cell"));
    let mut runner = runner(cell).unwrap_or_else(|| panic!("`{key}` cannot be done"));
    runner.run(COUNTED);
    measured_section(&mut runner);
}

#[inline(never)]
fn measured_section(runner: &mut Runner) {
    black_box(runner).run(COUNTED);
}
