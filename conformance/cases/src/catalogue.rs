//! The hand-written cases: families, each a template with gaps, and the rows that fill them.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Failure;
use crate::case::Case;

/// A case with gaps, and the rows that fill them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    family: String,
    #[serde(default)]
    why: String,
    /// A case without its name. A string `$gap` is replaced by the row's value, of any type. `$gap` within a string or in a field's name is
    /// replaced by the value's text. The name of a gap must not begin with the name of another.
    case: Value,
    /// The rows by name, each with the values of the gaps. A value that is not an object fills the gap `$v`.
    rows: Map<String, Value>,
}

/// A file's content.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum File {
    Families(Vec<Family>),
    Cases(Vec<Case>),
    Family(Family),
    Case(Case),
}

/// All cases of the catalogue.
pub fn all() -> Result<Vec<Case>, Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        cases.extend(read(&file)?);
    }
    Ok(cases)
}

/// The cases of one file.
pub fn read(file: &Path) -> Result<Vec<Case>, Failure> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
    // Parsed twice, so that an error tells its position.
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
    let content = match value {
        Value::Array(items) if items.first().is_some_and(|item| item.get("family").is_some()) => {
            File::Families(serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?)
        }
        Value::Array(_) => {
            File::Cases(serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?)
        }
        _ => serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?,
    };
    match content {
        File::Families(families) => {
            let lists: Result<Vec<_>, Failure> = families.iter().map(Family::cases).collect();
            Ok(lists?.concat())
        }
        File::Cases(cases) => Ok(cases),
        File::Family(family) => family.cases(),
        File::Case(case) => Ok(vec![case]),
    }
}

impl Family {
    fn cases(&self) -> Result<Vec<Case>, Failure> {
        self.rows.iter().map(|(row, values)| self.row(row, values)).collect()
    }

    fn row(&self, row: &str, values: &Value) -> Result<Case, Failure> {
        let mut gaps = Map::new();
        match values {
            Value::Object(values) => gaps.extend(values.clone()),
            value => drop(gaps.insert("v".to_owned(), value.clone())),
        }
        let mut case = fill(&self.case, &gaps);
        if let Some(fields) = case.as_object_mut() {
            fields.insert("name".to_owned(), format!("{}/{row}", self.family).into());
            fields.insert("why".to_owned(), self.why.as_str().into());
        }
        serde_json::from_value(case).map_err(|error| format!("{}/{row}: {error}", self.family).into())
    }
}

fn fill(template: &Value, gaps: &Map<String, Value>) -> Value {
    match template {
        Value::String(text) => {
            if let Some(value) = text.strip_prefix('$').and_then(|gap| gaps.get(gap)) {
                return value.clone();
            }
            Value::String(fill_text(text, gaps))
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| fill(item, gaps)).collect()),
        Value::Object(fields) => Value::Object(
            fields.iter().map(|(name, value)| (fill_text(name, gaps), fill(value, gaps))).collect(),
        ),
        other => other.clone(),
    }
}

fn fill_text(template: &str, gaps: &Map<String, Value>) -> String {
    let mut filled = template.to_owned();
    for (gap, value) in gaps {
        if let Some(value) = value.as_str() {
            filled = filled.replace(&format!("${gap}"), value);
        }
    }
    filled
}
