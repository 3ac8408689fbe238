//! The compiled `request-headers` of a policy, and the check of a preflight's list against them.

use http::HeaderValue;

use super::shared::shared;
use crate::header::{is_non_wildcard_request_header_name, list_items, starts_with_ignore_ascii_case};
use crate::method::is_token;

/// A preflight that lists more names than this is refused. Browsers list each name once, and no request of a browser has that many headers.
pub(super) const MOST_NAMES: usize = 256;

/// A preflight whose list is longer than this, in bytes over all its lines, is refused.
pub(super) const LONGEST_LIST: usize = 16 * 1024;

/// The names that a policy allows.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestHeaderNames {
    /// `*`: every name except `authorization`, which has to be listed.
    any: bool,
    /// Lower-case names in ascending order, as header values.
    names: Vec<HeaderValue>,
    /// Lower-case prefixes: `x-acme-` for `x-acme-*`.
    prefixes: Vec<Box<str>>,
}

/// Why a preflight's list is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListRefused {
    /// An item is not a token.
    Malformed,
    /// It exceeds [`MOST_NAMES`] or [`LONGEST_LIST`].
    TooLong,
    /// A name is not allowed.
    NotAllowed,
}

impl RequestHeaderNames {
    /// Compiles `entries`, which are names, prefixes followed by `*`, or `*`.
    pub(super) fn new(entries: &[String]) -> Self {
        let (mut headers, mut names) = (Self::default(), Vec::new());
        for entry in entries {
            let entry = entry.to_ascii_lowercase();
            match entry.strip_suffix('*') {
                Some("") => headers.any = true,
                Some(prefix) => headers.prefixes.push(prefix.into()),
                None => names.push(entry),
            }
        }
        names.sort_unstable();
        names.dedup();
        headers.names =
            names.iter().filter_map(|name| HeaderValue::from_str(name).ok().map(shared)).collect();
        headers
    }

    /// Checks that every name in all lines of a preflight's list is allowed. Browsers send each name once, in lower case and in order. Other
    /// clients may not, and some gateways split the list.
    pub(super) fn check<'a>(&self, lines: impl Iterator<Item = &'a [u8]>) -> Result<(), ListRefused> {
        let (mut bytes, mut names) = (0, 0);
        for line in lines {
            bytes += line.len();
            if bytes > LONGEST_LIST {
                return Err(ListRefused::TooLong);
            }
            for name in list_items(line) {
                names += 1;
                if names > MOST_NAMES {
                    return Err(ListRefused::TooLong);
                }
                // A listed name is a token.
                if self.listed(name).is_none() {
                    self.check_unlisted(name)?;
                }
            }
        }
        Ok(())
    }

    fn check_unlisted(&self, name: &[u8]) -> Result<(), ListRefused> {
        match std::str::from_utf8(name) {
            Ok(text) if is_token(name) && self.allows(text) => Ok(()),
            Ok(_) if is_token(name) => Err(ListRefused::NotAllowed),
            _ => Err(ListRefused::Malformed),
        }
    }

    /// Returns `true` if scripts may set the header called `name`, ignoring ASCII case.
    pub(super) fn allows(&self, name: &str) -> bool {
        self.any && !is_non_wildcard_request_header_name(name)
            || self.listed(name.as_bytes()).is_some()
            || self
                .prefixes
                .iter()
                .any(|prefix| name.len() > prefix.len() && starts_with_ignore_ascii_case(name, prefix))
    }

    /// Returns the listed name as a header value.
    pub(super) fn listed(&self, name: &[u8]) -> Option<&HeaderValue> {
        // Browsers send names in lower case, as they are stored here.
        let position = match self.names.binary_search_by(|listed| listed.as_bytes().cmp(name)) {
            Ok(position) => position,
            Err(_) if name.iter().any(u8::is_ascii_uppercase) => {
                let lower = || name.iter().map(u8::to_ascii_lowercase);
                self.names.binary_search_by(|listed| listed.as_bytes().iter().copied().cmp(lower())).ok()?
            }
            Err(_) => return None,
        };
        self.names.get(position)
    }
}
