//! The certificate, and TLS itself.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};

const WHY: &str = "Without a valid certificate the browser cannot know who answers, so it does not even send \
                   the request. In a tab it shows a warning that a person can pass; for a script's request \
                   there is no such page, only a failure.";
const MDN: Option<&str> = mdn_error!("CORSDidNotSucceed");
const FIREFOX: &[&str] = &["CORSDidNotSucceed"];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::TlsCertificateExpired,
        title: "The certificate expired, or is not valid yet",
        what: "The certificate of {host} is outside its time. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "Nobody renewed it, or the renewal failed.",
                "Open {url} in a tab and look at the certificate's dates.",
            ),
            Cause::maybe(
                "It was renewed, and the server still uses the old one.",
                "Restart the web server, or load its settings again.",
            ),
            Cause::maybe("The clock of this machine is wrong.", "Does another https site complain too?"),
        ],
        fixes: &[FixTemplate::always("Renew the certificate and let the server load it.", &[])],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::TlsUntrusted, ReasonCode::TlsNameMismatch],
    },
    Entry {
        code: ReasonCode::TlsNameMismatch,
        title: "The certificate is for another host name",
        what: "The certificate that came for {host} does not name it. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The name is a new one, and the certificate does not list it.",
                "Open {url} in a tab and look at the certificate's names.",
            ),
            Cause::maybe(
                "The server has several certificates and does not know this name, so it answers with the \
                 first.",
                "Look at its list of sites.",
            ),
            Cause::maybe(
                "The page asks for an IP address, and the certificate names a host.",
                "Is the host in the URL an address?",
            ),
            Cause::maybe(
                "A wildcard certificate covers one level: `*.example.com` is not for `a.b.example.com`.",
                "Count the dots.",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Get a certificate that names {host}, or use a name that the certificate has.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::TlsUntrusted, ReasonCode::TlsCertificateExpired],
    },
    Entry {
        code: ReasonCode::TlsUntrusted,
        title: "The certificate is not trusted",
        what: "The certificate of {host} is not from an issuer that is trusted here, so no browser completes the \
               request. Firefox calls that a CORS error (\"CORS request did not succeed\"), and it is not one. \
               {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "It signs itself, as certificates of development servers do.",
                "Open {url} in a tab: who is the issuer?",
            ),
            Cause::maybe(
                "It is from a company's own authority, which this machine does not know.",
                "Does it work on a machine of the company?",
            ),
            Cause::maybe(
                "The server does not send the certificates in between. Browsers may have them from \
                 elsewhere; other clients do not.",
                "Does it work in one browser and not in another?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "On your own development server, use a certificate from a local authority that this machine trusts \
             (mkcert makes one), or open {url} in the browser once and accept the certificate. On any other, use a \
             certificate from a public authority, and let the server send the whole chain. `corsac check --cacert \
             FILE` trusts the authority, or the self-signed certificate, in FILE.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::TlsNameMismatch, ReasonCode::TlsCertificateExpired],
    },
    Entry {
        code: ReasonCode::TlsFailed,
        title: "TLS failed",
        what: "The browser and {host} could not agree on a secure connection. {message}",
        why: WHY,
        causes: &[
            Cause::maybe("The port speaks plain http.", "Try `http://` with the same host and port."),
            Cause::maybe("The server knows old versions of TLS only.", "Does it take TLS 1.2 or 1.3?"),
            Cause::maybe("The server wants a certificate from the client.", "A preflight never carries one."),
            Cause::maybe(
                "Something on the way cuts into TLS: a filter, a virus scanner.",
                "Does it work from another network?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Let the server speak TLS 1.2 or 1.3 at this port, or correct the scheme in the URL.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionClosed, ReasonCode::TlsUntrusted],
    },
];
