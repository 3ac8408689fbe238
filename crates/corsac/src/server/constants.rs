//! Response header values that are the same for every policy.

/// A response header value that is the same for every policy.
///
/// Each value is stored at a distinct address, by which an outer layer recognizes that an inner one has written it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "every adapter has a value for each")]
pub enum ResponseConstant {
    /// `*`
    Everybody,
    /// `true`
    True,
    /// `GET`
    Get,
    /// `Origin`, in `Vary`
    VaryOrigin,
    /// `Origin` and the two headers of a preflight, in `Vary`
    VaryOptions,
    /// The two headers of a preflight, in `Vary`
    VaryPreflight,
    /// `same-origin`
    SameOrigin,
    /// `same-site`
    SameSite,
    /// `cross-origin`
    CrossOrigin,
}

static EVERYBODY: [u8; 1] = *b"*";
static TRUE: [u8; 4] = *b"true";
static VARY_ORIGIN: [u8; 6] = *b"Origin";
static VARY_OPTIONS: [u8; 69] = *b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
static VARY_PREFLIGHT: [u8; 61] = *b"Access-Control-Request-Method, Access-Control-Request-Headers";

impl ResponseConstant {
    /// Returns the value as a string.
    pub const fn as_str(self) -> &'static str {
        match std::str::from_utf8(self.as_bytes()) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    #[inline]
    pub(super) const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Everybody => &EVERYBODY,
            Self::True => &TRUE,
            Self::Get => b"GET",
            Self::VaryOrigin => &VARY_ORIGIN,
            Self::VaryOptions => &VARY_OPTIONS,
            Self::VaryPreflight => &VARY_PREFLIGHT,
            Self::SameOrigin => b"same-origin",
            Self::SameSite => b"same-site",
            Self::CrossOrigin => b"cross-origin",
        }
    }

    /// Returns `true` if these bytes are this constant itself, at its address, and not a copy.
    #[inline]
    pub(super) fn is_at(self, bytes: &[u8]) -> bool {
        std::ptr::eq(bytes, self.as_bytes())
    }
}
