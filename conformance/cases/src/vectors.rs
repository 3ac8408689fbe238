//! Recordings of what browsers did: `conformance/vectors/ENGINE.br`, JSON lines in Brotli. The first line names the browser. Each of the
//! others has a case and its observation, with the names of [`Places`](crate::places::Places) instead of addresses.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;

use corsac::browser::Engine;
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::case::Case;
use crate::observation::Observation;

/// Where the vectors come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub engine: String,
    /// The browser's name and version, as its driver reports them.
    pub browser: String,
    pub seed: u64,
    pub generated: usize,
    pub catalogue: usize,
}

/// One case, and what the browser did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    pub case: Case,
    pub seen: Observation,
}

/// All vectors of one engine.
#[derive(Clone, Debug)]
pub struct Vectors {
    pub head: Head,
    pub vectors: Vec<Vector>,
}

/// One of an engine's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Requests of script: `ENGINE.br`.
    Script,
    /// Requests of elements and other interfaces: `ENGINE.loads.br`.
    Loads,
}

/// The file of an engine.
pub fn file(engine: Engine, part: Part) -> PathBuf {
    let end = if part == Part::Loads { ".loads" } else { "" };
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(format!("{}{end}.br", engine.as_str()))
}

/// Reads all vectors of an engine, with the head of those of script.
pub fn read(engine: Engine) -> Result<Vectors, Failure> {
    let mut all = read_part(engine, Part::Script)?;
    all.vectors.extend(read_part(engine, Part::Loads)?.vectors);
    Ok(all)
}

fn read_part(engine: Engine, part: Part) -> Result<Vectors, Failure> {
    let path = file(engine, part);
    let compressed = std::fs::File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = BufReader::new(brotli_decompressor::Decompressor::new(compressed, 1 << 16)).lines();
    let head = lines.next().ok_or("no vectors")??;
    let head = serde_json::from_str(&head)?;
    let mut vectors = Vec::new();
    for line in lines {
        vectors.push(serde_json::from_str(&line?)?);
    }
    Ok(Vectors { head, vectors })
}

impl Vectors {
    /// As JSON lines, which the caller compresses.
    pub fn write(&self, out: &mut impl Write) -> Result<(), Failure> {
        writeln!(out, "{}", serde_json::to_string(&self.head)?)?;
        for vector in &self.vectors {
            writeln!(out, "{}", serde_json::to_string(vector)?)?;
        }
        Ok(())
    }
}
