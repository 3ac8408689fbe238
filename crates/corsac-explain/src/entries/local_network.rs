//! Local Network Access: a permission that the user gives, not a header.

use corsac::browser::ReasonCode;

use super::spec;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::LocalNetworkDenied,
        title: "The page has no permission to reach this network",
        what: "{host} is {space-place}, and {the-page} came from the internet. The browser asks the user before it \
               allows that, and permission was denied.",
        why: "Otherwise any page could reach routers, printers and programs that were never meant to be reached from \
              the web. No response header changes it.",
        causes: &[
            Cause::maybe(
                "The user denied or dismissed the prompt, or it cannot be shown, as in an automated browser.",
                "Check the site's permissions, left of the address bar.",
            ),
            Cause::maybe(
                "The page is in a frame whose parent does not delegate the permission.",
                "Does the `<iframe>` have `allow=\"local-network; loopback-network\"`?",
            ),
            Cause::maybe(
                "The name resolves to a private address by mistake, because of a VPN, a hosts file or a company's \
                 DNS server.",
                "Look the name up: is the address what you expect?",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "Allow it in the site's permissions (\"local network\"), and tell your users to expect the prompt.",
                &[],
            ),
            FixTemplate::always(
                "In a frame, delegate the permission: `<iframe allow=\"local-network; loopback-network\">`.",
                &[],
            ),
            FixTemplate::always(
                "For development, open the page from the same network, such as `http://localhost:3000`: no \
                 permission is needed then.",
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
        what: "{host} is {space-place}, and {the-page} was not loaded over https, so it cannot even ask the user for \
               permission.",
        why: "Anyone between the user and an http page can change the page, and would have its permission.",
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
        what: "The request declares the address space `{named}` (`targetAddressSpace`), but {host} is {space-place} \
               (`{space}`).",
        why: "With `targetAddressSpace`, a page declares where the server is, and the browser relies on that. It has \
              to be true.",
        causes: &[
            Cause::maybe(
                "`loopback` is the user's own machine; `local` is any other address in the user's network. The two \
                 are easily confused.",
                "Look the name up: is the address 127.0.0.1 or ::1, or one such as 192.168.…?",
            ),
            Cause::maybe("The name resolves to another address than before.", "Look the name up."),
        ],
        fixes: &[FixTemplate::always(
            "Declare the address space of the server, `{space}`, or leave `targetAddressSpace` out if the server is \
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
