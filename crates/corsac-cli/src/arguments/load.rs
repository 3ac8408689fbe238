//! `--as`: requests that a page makes without script, such as that of an image.

use clap::Args;
use corsac::browser::{CrossOrigin, Load};

use super::check::REQUEST;
use super::values;

/// What in the page makes the request.
#[derive(Clone, Debug, Args)]
pub(crate) struct LoadArguments {
    /// Make the request as this part of a page does, instead of as `fetch()`: with its mode, credentials and `Accept`
    #[arg(long = "as", help_heading = REQUEST, value_name = "KIND", value_parser = values(Load::ALL, Load::as_str))]
    pub(crate) load: Option<Load>,

    /// Set the element's `crossorigin` attribute, with --as img, script, module, video or audio. Without a value it is `anonymous`
    #[arg(long, help_heading = REQUEST, value_name = "STATE", num_args = 0..=1, require_equals = true, default_missing_value = "anonymous",
          requires = "load", value_parser = values(&CrossOrigin::ALL, CrossOrigin::as_str))]
    pub(crate) crossorigin: Option<CrossOrigin>,
}
