//! Certificates, and TLS itself.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};

const WHY: &str = "Without a valid certificate the browser cannot know who answers, so it does not even send the \
                   request. In a tab it shows a warning that the user can skip; a script's request simply fails.";
const MDN: Option<&str> = mdn_error!("CORSDidNotSucceed");
const FIREFOX: &[&str] = &["CORSDidNotSucceed"];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::TlsCertificateExpired,
        title: "The certificate expired, or is not valid yet",
        what: "The certificate of {host} is outside its period of validity. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "It was not renewed, or the renewal failed.",
                "Open {url} in a tab, and check the certificate's dates.",
            ),
            Cause::maybe(
                "It was renewed, but the server still uses the old one.",
                "Restart the web server, or reload its configuration.",
            ),
            Cause::maybe("The clock of this machine is wrong.", "Does another https site complain too?"),
        ],
        fixes: &[FixTemplate::always("Renew the certificate, and reload the server.", &[])],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::TlsUntrusted, ReasonCode::TlsNameMismatch],
    },
    Entry {
        code: ReasonCode::TlsNameMismatch,
        title: "The certificate is for another host name",
        what: "The certificate that the server sent for {host} does not contain that name. {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "The name is new, and the certificate does not list it yet.",
                "Open {url} in a tab, and check the certificate's names.",
            ),
            Cause::maybe(
                "The server has several certificates and does not know this name, so it sends the first one.",
                "Check the server's list of sites.",
            ),
            Cause::maybe(
                "The page uses an IP address, and the certificate is for a host name.",
                "Is the host in the URL an IP address?",
            ),
            Cause::maybe(
                "A wildcard certificate covers one level: `*.example.com` does not cover `a.b.example.com`.",
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
        what: "The certificate of {host} is not from an issuer that this machine trusts, so browsers refuse the \
               connection. Firefox calls that a CORS error (\"CORS request did not succeed\"), but it is not one. \
               {message}",
        why: WHY,
        causes: &[
            Cause::maybe(
                "It is self-signed, as certificates of development servers often are.",
                "Open {url} in a tab: who is the issuer?",
            ),
            Cause::maybe(
                "It is from a company's own authority, which is not installed on this machine.",
                "Does it work on a machine of the company?",
            ),
            Cause::maybe(
                "The server does not send the intermediate certificates. Browsers may have them from elsewhere; \
                 other clients do not.",
                "Does it work in one browser and not in another?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "On your own development server, use a certificate from a local authority that this machine trusts \
             (mkcert makes one), or open {url} in the browser once and accept the certificate. On any other, use a \
             certificate from a public authority, and make the server send the whole chain. `corsac check --cacert \
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
            Cause::maybe("The port is for plain http.", "Try `http://` with the same host and port."),
            Cause::maybe("The server supports only old versions of TLS.", "Does it support TLS 1.2 or 1.3?"),
            Cause::maybe("The server requires a client certificate.", "A preflight never carries one."),
            Cause::maybe(
                "Something along the way intercepts TLS, such as a filter or a virus scanner.",
                "Does it work from another network?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Enable TLS 1.2 or 1.3 on this port, or correct the scheme in the URL.",
            &[],
        )],
        spec: spec::NETWORK,
        mdn: MDN,
        chromium: ChromiumNames::NONE,
        firefox: FIREFOX,
        related: &[ReasonCode::ConnectionClosed, ReasonCode::TlsUntrusted],
    },
];
