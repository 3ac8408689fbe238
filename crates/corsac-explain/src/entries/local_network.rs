//! Local Network Access: a permission of the user, not a header.

use corsac::browser::ReasonCode;

use super::spec;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::LocalNetworkDenied,
        title: "The page has no permission to reach this network",
        what: "{host} is {space-place}, and \
               {the-page} came from the internet. The browser asks the user before it lets such a page \
               through, and the answer was no.",
        why: "A page from anywhere could otherwise talk to routers, printers and programs that were never \
              meant to be reached from the web. No header of the server changes it.",
        causes: &[
            Cause::maybe(
                "The user said no, or dismissed the question; or it cannot be asked, as in an automated \
                 browser.",
                "Look at the site's permissions, left of the address bar.",
            ),
            Cause::maybe(
                "The page is in a frame whose parent does not pass the permission on.",
                "Does the `<iframe>` have `allow=\"local-network; loopback-network\"`?",
            ),
            Cause::maybe(
                "The name leads to a private address by mistake: a VPN, a hosts file, a DNS server of the \
                 company.",
                "Look the name up: is the address what you expect?",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "Allow it in the site's permissions (\"local network\"), and tell your users that they will \
                 be asked.",
                &[],
            ),
            FixTemplate::always(
                "In a frame, pass the permission on: `<iframe allow=\"local-network; loopback-network\">`.",
                &[],
            ),
            FixTemplate::always(
                "For development, open the page from the same network, such as `http://localhost:3000`: then \
                 nobody is asked.",
                &[],
            ),
        ],
        spec: spec::LOCAL_NETWORK,
        mdn: Some("https://developer.mozilla.org/en-US/docs/Web/Security/Defenses/Local_network_access"),
        chromium: ChromiumNames::request("LocalNetworkAccessPermissionDenied"),
        firefox: &["CORSDidNotSucceed"],
        related: &[ReasonCode::LocalNetworkInsecure, ReasonCode::LocalNetworkMismatch],
    },
    Entry {
        code: ReasonCode::LocalNetworkInsecure,
        title: "A page without https cannot reach this network",
        what: "{host} is {space-place}, and \
               {the-page} was not loaded over https, so it cannot even ask the user for permission.",
        why: "Whoever sits between the user and an http page can change it. A permission given to that page \
              would be given to them.",
        causes: &[Cause::maybe(
            "The page is served over http.",
            "Does the page's address start with `http://`?",
        )],
        fixes: &[
            FixTemplate::always("Serve the page over https. The browser then asks the user.", &[]),
            FixTemplate::always(
                "For development, open the page from the same network, such as `http://localhost:3000`.",
                &[],
            ),
        ],
        spec: spec::LOCAL_NETWORK,
        mdn: Some("https://developer.mozilla.org/en-US/docs/Web/Security/Defenses/Local_network_access"),
        chromium: ChromiumNames::request("InsecureLocalNetwork"),
        firefox: &[],
        related: &[ReasonCode::LocalNetworkDenied, ReasonCode::MixedContent],
    },
    Entry {
        code: ReasonCode::LocalNetworkMismatch,
        title: "The address is not where the request says it is",
        what: "The request names the address space \
               `{named}` (`targetAddressSpace`), and {host} is {space-place} (`{space}`).",
        why: "With `targetAddressSpace` a page promises where the server is, and is let through on that \
              promise. It has to be true.",
        causes: &[
            Cause::maybe(
                "`loopback` is the user's own machine, `local` any other address of the user's network. The \
                 two are easily mixed up.",
                "Look the name up: is the address 127.0.0.1 or ::1, or one such as 192.168.…?",
            ),
            Cause::maybe("The name leads to another address than it did.", "Look the name up."),
        ],
        fixes: &[FixTemplate::always(
            "Name the space that the server is in, `{space}`, or leave `targetAddressSpace` out if it is \
             public.",
            &[],
        )],
        spec: spec::LOCAL_NETWORK,
        mdn: Some("https://developer.mozilla.org/en-US/docs/Web/Security/Defenses/Local_network_access"),
        chromium: ChromiumNames::request("InvalidLocalNetworkAccess"),
        firefox: &[],
        related: &[ReasonCode::LocalNetworkDenied],
    },
];
