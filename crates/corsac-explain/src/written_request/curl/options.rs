//! curl's options: which have a value, and what each does to the request of a page.

/// What an option does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Bearer,
    Cookie,
    Data,
    DataRaw,
    DataUrlencode,
    Get,
    Head,
    Header,
    /// Nothing that a page's request has.
    Ignored {
        takes_value: bool,
    },
    Insecure,
    Json,
    Location,
    Range,
    Referer,
    /// Something that Corsac does not do.
    Refused {
        why: &'static str,
    },
    Request,
    Url,
    UrlQuery,
    User,
    UserAgent,
}

impl Effect {
    pub(super) fn takes_value(self) -> bool {
        match self {
            Self::Ignored { takes_value } => takes_value,
            Self::Get | Self::Head | Self::Insecure | Self::Location | Self::Refused { .. } => false,
            _ => true,
        }
    }
}

const WRITES: &str = "because it writes a file: leave it out";
const READS: &str =
    "because Corsac reads no file for a request: leave it out, or write what the file says in its place";
const SEVERAL: &str = "because only one request can be checked at a time: copy one of them";
const FORM: &str = "because its parts can be files, which Corsac does not read. For CORS only the type counts: write `-H 'Content-Type: multipart/form-data' --data-raw ''`";
const HANDSHAKE: &str =
    "because script cannot authenticate like this: leave it out, or set the header `Authorization`";
const OTHER_PROTOCOL: &str = "because it is not for HTTP: leave it out";

/// Returns what an option with a long name does.
pub(super) fn long(name: &str) -> Option<Effect> {
    let effect = match name {
        "oauth2-bearer" => Effect::Bearer,
        "cookie" => Effect::Cookie,
        "data" | "data-ascii" | "data-binary" => Effect::Data,
        "data-raw" => Effect::DataRaw,
        "data-urlencode" => Effect::DataUrlencode,
        "get" => Effect::Get,
        "head" => Effect::Head,
        "header" => Effect::Header,
        "insecure" => Effect::Insecure,
        "json" => Effect::Json,
        "location" | "location-trusted" => Effect::Location,
        "range" => Effect::Range,
        "referer" => Effect::Referer,
        "request" => Effect::Request,
        "url" => Effect::Url,
        "url-query" => Effect::UrlQuery,
        "user" => Effect::User,
        "user-agent" => Effect::UserAgent,
        "output" | "output-dir" | "remote-name" | "remote-name-all" | "remote-header-name"
        | "dump-header" | "cookie-jar" | "trace" | "trace-ascii" | "trace-config" | "stderr" | "libcurl"
        | "etag-save" | "hsts" | "alt-svc" | "xattr" | "create-dirs" | "continue-at" | "ssl-sessions" => {
            Effect::Refused { why: WRITES }
        }
        "config"
        | "netrc"
        | "netrc-file"
        | "netrc-optional"
        | "etag-compare"
        | "time-cond"
        | "upload-file"
        | "variable"
        | "engine"
        | "unix-socket"
        | "abstract-unix-socket" => Effect::Refused { why: READS },
        "next" | "parallel" | "parallel-immediate" | "parallel-max" => Effect::Refused { why: SEVERAL },
        "form" | "form-string" => Effect::Refused { why: FORM },
        "anyauth" | "digest" | "negotiate" | "ntlm" | "ntlm-wb" | "aws-sigv4" | "krb" | "delegation"
        | "login-options" => Effect::Refused { why: HANDSHAKE },
        "append" | "list-only" | "quote" | "telnet-option" | "mail-auth" | "mail-from" | "mail-rcpt"
        | "request-target" => Effect::Refused { why: OTHER_PROTOCOL },
        name if name.starts_with("expand-") => Effect::Refused { why: READS },
        name if IGNORED_WITH_VALUE.contains(&name) => Effect::Ignored { takes_value: true },
        name if IGNORED.contains(&name) => Effect::Ignored { takes_value: false },
        // `--no-compressed` turns a flag off.
        name => match name.strip_prefix("no-") {
            Some(name) if IGNORED.contains(&name) || name == "location" => {
                Effect::Ignored { takes_value: false }
            }
            _ => return None,
        },
    };
    Some(effect)
}

/// Returns what an option of one letter does.
pub(super) fn short(letter: char) -> Option<Effect> {
    let name = match letter {
        '0' | '1' | '2' | '3' | '4' | '6' => "ipv4",
        '#' => "progress-bar",
        ':' => "next",
        'A' => "user-agent",
        'B' => "use-ascii",
        'C' => "continue-at",
        'D' => "dump-header",
        'E' => "cert",
        'F' => "form",
        'G' => "get",
        'H' => "header",
        'I' => "head",
        'J' => "remote-header-name",
        'K' => "config",
        'L' => "location",
        'N' => "no-buffer",
        'O' => "remote-name",
        'Q' => "quote",
        'R' => "remote-time",
        'S' => "show-error",
        'T' => "upload-file",
        'U' => "proxy-user",
        'X' => "request",
        'Y' => "speed-limit",
        'Z' => "parallel",
        'a' => "append",
        'b' => "cookie",
        'c' => "cookie-jar",
        'd' => "data",
        'e' => "referer",
        'f' => "fail",
        'g' => "globoff",
        'h' => "help",
        'i' => "include",
        'j' => "junk-session-cookies",
        'k' => "insecure",
        'l' => "list-only",
        'm' => "max-time",
        'n' => "netrc",
        'o' => "output",
        'p' => "proxytunnel",
        'q' => "disable",
        'r' => "range",
        's' => "silent",
        't' => "telnet-option",
        'u' => "user",
        'v' => "verbose",
        'w' => "write-out",
        'x' => "proxy",
        'y' => "speed-time",
        'z' => "time-cond",
        _ => return None,
    };
    long(name)
}

/// Options without a value that change nothing about a page's request. Each may have `no-` in front.
const IGNORED: [&str; 66] = [
    "alpn",
    "basic",
    "buffer",
    "cert-status",
    "clobber",
    "compressed",
    "crlf",
    "disable",
    "disable-eprt",
    "disable-epsv",
    "disallow-username-in-url",
    "doh-cert-status",
    "doh-insecure",
    "fail",
    "fail-early",
    "fail-with-body",
    "false-start",
    "globoff",
    "haproxy-protocol",
    "help",
    "http0.9",
    "http1.0",
    "http1.1",
    "http2",
    "http2-prior-knowledge",
    "http3",
    "http3-only",
    "ignore-content-length",
    "include",
    "ipv4",
    "ipv6",
    "junk-session-cookies",
    "keepalive",
    "manual",
    "npn",
    "path-as-is",
    "post301",
    "post302",
    "post303",
    "progress-bar",
    "progress-meter",
    "proxy-insecure",
    "proxytunnel",
    "raw",
    "remote-time",
    "remove-on-error",
    "retry-all-errors",
    "retry-connrefused",
    "sessionid",
    "show-error",
    "show-headers",
    "silent",
    "skip-existing",
    "ssl",
    "ssl-no-revoke",
    "ssl-reqd",
    "ssl-revoke-best-effort",
    "styled-output",
    "suppress-connect-headers",
    "tcp-fastopen",
    "tcp-nodelay",
    "tr-encoding",
    "trace-time",
    "tlsv1.2",
    "tlsv1.3",
    "verbose",
];

/// Options with a value that change nothing about a page's request, only how it is sent or printed.
const IGNORED_WITH_VALUE: [&str; 51] = [
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "connect-timeout",
    "connect-to",
    "crlfile",
    "curves",
    "dns-interface",
    "dns-ipv4-addr",
    "dns-ipv6-addr",
    "dns-servers",
    "doh-url",
    "expect100-timeout",
    "happy-eyeballs-timeout-ms",
    "interface",
    "keepalive-time",
    "key",
    "key-type",
    "limit-rate",
    "local-port",
    "max-filesize",
    "max-redirs",
    "max-time",
    "noproxy",
    "pass",
    "pinnedpubkey",
    "proto",
    "proto-default",
    "proto-redir",
    "proxy",
    "proxy-cacert",
    "proxy-header",
    "proxy-pass",
    "proxy-user",
    "preproxy",
    "rate",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "socks4",
    "socks4a",
    "socks5",
    "socks5-hostname",
    "speed-limit",
    "speed-time",
    "tls-max",
    "tls13-ciphers",
    "write-out",
];
