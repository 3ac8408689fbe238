//! The names of the headers that CORS and related standards use, in lower case, as in HTTP/2, `Access-Control-Request-Headers` and
//! [`http::HeaderName`].
//!
//! ```
//! use corsac::header::{HeaderList, names};
//!
//! let headers = HeaderList::from_iter([("Access-Control-Allow-Origin", "*")]);
//! assert!(headers.contains(names::ACCESS_CONTROL_ALLOW_ORIGIN));
//! ```

// These are literals, because `http::HeaderName::as_str` is not a `const fn`. A test compares them with the constants of `http`.
macro_rules! names {
    ($( $constant:ident = $name:literal, )+) => {
        $(
            #[doc = concat!("`", $name, "`")]
            ///
            /// ```
            #[doc = concat!("assert_eq!(corsac::header::names::", stringify!($constant), ", \"", $name, "\");")]
            /// ```
            pub const $constant: &str = $name;
        )+

        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$( (stringify!($constant), $name), )+];
    };
}

names! {
    ACCEPT = "accept",
    ACCEPT_LANGUAGE = "accept-language",
    ACCESS_CONTROL_ALLOW_CREDENTIALS = "access-control-allow-credentials",
    ACCESS_CONTROL_ALLOW_HEADERS = "access-control-allow-headers",
    ACCESS_CONTROL_ALLOW_METHODS = "access-control-allow-methods",
    ACCESS_CONTROL_ALLOW_ORIGIN = "access-control-allow-origin",
    ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK = "access-control-allow-private-network",
    ACCESS_CONTROL_EXPOSE_HEADERS = "access-control-expose-headers",
    ACCESS_CONTROL_MAX_AGE = "access-control-max-age",
    ACCESS_CONTROL_REQUEST_HEADERS = "access-control-request-headers",
    ACCESS_CONTROL_REQUEST_METHOD = "access-control-request-method",
    AUTHORIZATION = "authorization",
    CACHE_CONTROL = "cache-control",
    CONTENT_ENCODING = "content-encoding",
    CONTENT_LANGUAGE = "content-language",
    CONTENT_LENGTH = "content-length",
    CONTENT_LOCATION = "content-location",
    CONTENT_TYPE = "content-type",
    COOKIE = "cookie",
    CROSS_ORIGIN_RESOURCE_POLICY = "cross-origin-resource-policy",
    EXPIRES = "expires",
    HOST = "host",
    LAST_MODIFIED = "last-modified",
    LOCATION = "location",
    ORIGIN = "origin",
    PRAGMA = "pragma",
    RANGE = "range",
    REFERER = "referer",
    REFERRER_POLICY = "referrer-policy",
    SEC_FETCH_MODE = "sec-fetch-mode",
    SEC_FETCH_SITE = "sec-fetch-site",
    SET_COOKIE = "set-cookie",
    SET_COOKIE2 = "set-cookie2",
    TIMING_ALLOW_ORIGIN = "timing-allow-origin",
    USER_AGENT = "user-agent",
    VARY = "vary",
    WWW_AUTHENTICATE = "www-authenticate",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_spells_its_name_in_lower_case() {
        for (constant, name) in ALL {
            assert_eq!(constant.to_ascii_lowercase().replace('_', "-"), *name);
            assert_eq!(http::HeaderName::from_static(name).as_str(), *name);
        }
    }

    #[test]
    fn the_names_that_http_knows_are_spelled_as_http_spells_them() {
        use http::header;
        let pairs = [
            (ACCESS_CONTROL_ALLOW_CREDENTIALS, header::ACCESS_CONTROL_ALLOW_CREDENTIALS),
            (ACCESS_CONTROL_ALLOW_HEADERS, header::ACCESS_CONTROL_ALLOW_HEADERS),
            (ACCESS_CONTROL_ALLOW_METHODS, header::ACCESS_CONTROL_ALLOW_METHODS),
            (ACCESS_CONTROL_ALLOW_ORIGIN, header::ACCESS_CONTROL_ALLOW_ORIGIN),
            (ACCESS_CONTROL_EXPOSE_HEADERS, header::ACCESS_CONTROL_EXPOSE_HEADERS),
            (ACCESS_CONTROL_MAX_AGE, header::ACCESS_CONTROL_MAX_AGE),
            (ACCESS_CONTROL_REQUEST_HEADERS, header::ACCESS_CONTROL_REQUEST_HEADERS),
            (ACCESS_CONTROL_REQUEST_METHOD, header::ACCESS_CONTROL_REQUEST_METHOD),
            (AUTHORIZATION, header::AUTHORIZATION),
            (ORIGIN, header::ORIGIN),
            (RANGE, header::RANGE),
            (VARY, header::VARY),
        ];
        for (ours, theirs) in pairs {
            assert_eq!(ours, theirs.as_str());
        }
    }
}
