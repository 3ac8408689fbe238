//! The tool `explain`.

use serde_json::Value;

use super::Limits;
use crate::arguments::parse_origin;
use crate::explain;
use crate::given::Given;

pub(super) fn call(_limits: &Limits, mut given: Given) -> Result<Value, String> {
    let (code, text) = (given.text("code")?, given.text("text")?);
    let origin = given.text("origin")?.map(|origin| parse_origin(&origin)).transpose()?;
    given.end()?;
    match (code, text) {
        (Some(code), None) => explain::about_code(&code, origin.as_ref()),
        (None, Some(_)) if origin.is_some() => {
            Err("`origin` is for products, and goes with `code`".to_owned())
        }
        (None, Some(text)) => explain::about_text(&text),
        _ => Err("give `code` or `text`, and not both".to_owned()),
    }
}
