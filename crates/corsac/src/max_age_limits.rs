//! How long engines keep the response to a preflight at most, whatever `Access-Control-Max-Age` says. The engines' profiles and the checks
//! of a policy both use these limits.

use std::time::Duration;

pub(crate) const FIREFOX: Duration = Duration::from_secs(24 * 60 * 60);
pub(crate) const CHROMIUM: Duration = Duration::from_secs(2 * 60 * 60);
pub(crate) const WEBKIT: Duration = Duration::from_secs(10 * 60);

/// Each engine with the longest time for which it keeps the response to a preflight, the longest first.
///
/// ```
/// use corsac::browser::Profile;
/// assert_eq!(corsac::server::MAX_AGE_LIMITS[1], ("Chromium", Profile::CHROMIUM.cache.limit));
/// ```
pub const MAX_AGE_LIMITS: [(&str, Duration); 3] =
    [("Firefox", FIREFOX), ("Chromium", CHROMIUM), ("WebKit", WEBKIT)];
