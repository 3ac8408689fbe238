//! Text and bytes, from the `encoding_rs` crate.

use encoding_rs::Encoding;
use rquickjs::{Ctx, Result, TypedArray};

use super::Host;
use crate::message::latin1;

pub(super) fn add<'js>(host: &Host<'js>) -> Result<()> {
    host.function("encode", |ctx: Ctx<'js>, text: String| TypedArray::<u8>::new(ctx, text.into_bytes()))?;
    host.function("encodingOf", |label: String| {
        Encoding::for_label(label.as_bytes()).map(|encoding| encoding.name().to_ascii_lowercase())
    })?;
    host.function("decode", |label: String, bytes: String, fatal: bool, keep_bom: bool| {
        decode(&label, &latin1(&bytes), fatal, keep_bom)
    })
}

/// `None` if the bytes are malformed and `fatal` is set.
fn decode(label: &str, bytes: &[u8], fatal: bool, keep_bom: bool) -> Option<String> {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let (text, damaged) = if keep_bom {
        encoding.decode_without_bom_handling(bytes)
    } else {
        encoding.decode_with_bom_removal(bytes)
    };
    (!(fatal && damaged)).then(|| text.into_owned())
}
