//! HTTP headers as the Fetch standard reads them: the header list, the grammar of the CORS headers, and the classification of
//! request headers (safelisted, forbidden).

mod classes;
mod grammar;
mod list;
mod max_age;
mod mime;
#[cfg(feature = "browser")]
mod mime_type;
pub mod names;
mod range;
mod safelist;

pub use classes::{
    REQUEST_BODY_HEADER_NAMES, is_cors_header, is_forbidden_request_header,
    is_forbidden_response_header_name, is_no_cors_safelisted, is_no_cors_safelisted_name,
    is_non_wildcard_request_header_name, is_request_body_header_name, is_safelisted_response_header_name,
};
pub(crate) use classes::{is_one_of, starts_with_ignore_ascii_case};
pub use grammar::{InvalidItem, get_decode_and_split, list_items, list_tokens};
pub use list::{HeaderLine, HeaderList, is_header_value, normalize};
pub use max_age::{MaxAge, MaxAgeProblem};
pub use mime::parse_mime_essence;
#[cfg(feature = "browser")]
pub(crate) use mime_type::MimeType;
pub use range::{RangeValue, parse_single_range};
pub use safelist::{SafelistRules, is_safelisted_request_header, unsafe_request_header_names};
