//! `--as`: what of a page asks, where it is not script.

use clap::Args;
use corsac::browser::{CrossOrigin, Load};

use super::values;

/// What of the page asks.
#[derive(Debug, Args)]
pub(crate) struct LoadArguments {
    /// Ask as this part of a page does, with its mode, credentials and `Accept`, and not as `fetch()`
    #[arg(long = "as", value_name = "KIND", value_parser = values(Load::ALL, Load::as_str))]
    pub(crate) load: Option<Load>,

    /// With --as img, script, module, video or audio: the element has the attribute `crossorigin`. Alone it is `anonymous`
    #[arg(long, value_name = "STATE", num_args = 0..=1, require_equals = true, default_missing_value = "anonymous",
          requires = "load", value_parser = values(&CrossOrigin::ALL, CrossOrigin::as_str))]
    pub(crate) crossorigin: Option<CrossOrigin>,
}
