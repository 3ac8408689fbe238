//! The tool `explain`.

use serde_json::Value;

use super::Limits;
use super::given::Given;
use crate::arguments::parse_origin;
use crate::explain;

pub(super) fn call(_limits: &Limits, mut given: Given) -> Result<Value, String> {
    let (code, text) = (given.text("code")?, given.text("text")?);
    let origin = given.text("origin")?.map(|origin| parse_origin(&origin)).transpose()?;
    given.end()?;
    let (_, answer) = match (code, text) {
        (Some(code), None) => explain::answer(&code, origin.as_ref())?,
        // Here, and only here, text that was pasted from a browser's console will be read.
        (None, Some(text)) => explain::answer(text.trim(), origin.as_ref())?,
        _ => return Err("give `code` or `text`, and not both".to_owned()),
    };
    Ok(answer)
}
