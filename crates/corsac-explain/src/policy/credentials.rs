//! Problems with `credentials`, and with what it is combined with.

use corsac::server::ProblemCode as Code;

use super::{ProblemEntry, row};

pub(super) const ENTRIES: &[ProblemEntry] = &[
    row(
        Code::CredentialsAnyOrigin,
        "Every site may read responses with the user's credentials",
        "Browsers refuse `*` with credentials. Servers that send each origin back instead let every site read the \
         user's data.",
        "List the origins, or remove `credentials`.",
        "origins = [\"*\"]\ncredentials = true",
        "origins = [\"https://app.example.com\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsPublicSuffix,
        "Subdomains of a public suffix may read responses with the user's credentials",
        "Anybody can register a name there, and a page at that name could read the user's data.",
        "List your own hosts.",
        "origins = [\"https://*.github.io\"]\ncredentials = true",
        "origins = [\"https://acme.github.io\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsSharedSuffix,
        "Pages on names that anybody can register may read responses with the user's credentials",
        "The pattern matches names directly below a suffix where anybody can register one. A stranger can choose a \
         name that matches, and pages there can read the user's data.",
        "Put previews on a domain of your own. If that is not possible, acknowledge the problem.",
        "origins = [\"https://app-*-team.vercel.app\"]\ncredentials = true",
        "origins = [\"https://app-*.preview.example.com\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyAppHost,
        "Every app or extension with this scheme may read responses with the user's credentials",
        "The pattern matches every app or extension with this scheme, whoever made it, and each one could read the \
         user's data.",
        "Write the host. If each installation has a different one, acknowledge the problem.",
        "origins = [\"moz-extension://*\"]\ncredentials = true",
        "origins = [\"chrome-extension://abcdefghijklmnop\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsLocalOrigin,
        "Local origins are listed with others, and may read responses with the user's credentials",
        "Any program that listens on the port on a user's machine could read the user's data in production.",
        "Put the local origins into a separate policy for development.",
        "origins = [\"https://app.example.com\", \"http://localhost:*\"]\ncredentials = true",
        "origins = [\"https://app.example.com\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsNullOrigin,
        "Pages without an origin may read responses with the user's credentials",
        "Any site can make such a page, for example with a sandboxed frame, so this allows every site.",
        "Remove `null-origin` or `credentials`.",
        "null-origin = true\ncredentials = true",
        "credentials = true",
    ),
    row(
        Code::CredentialsInsecureOrigin,
        "An http origin may read responses with the user's credentials",
        "Anyone on the network between a user and the page can change the page, and could then read the user's data.",
        "Serve the page over https. If that is not possible, acknowledge the problem.",
        "origins = [\"http://intranet.example\"]\ncredentials = true",
        "origins = [\"https://intranet.example\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyPort,
        "Every port of a host may read responses with the user's credentials",
        "Any program on that host, whoever started it, could read the user's data.",
        "List the ports.",
        "origins = [\"https://dev.example.com:*\"]\ncredentials = true",
        "origins = [\"https://dev.example.com:8443\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyExposed,
        "`*` exposes no response header with credentials",
        "With credentials, `*` is not a wildcard to browsers, but the name of a header.",
        "List the headers that scripts need to read.",
        "expose-headers = [\"*\"]\ncredentials = true",
        "expose-headers = [\"ETag\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyRequestHeader,
        "Scripts may set every request header, with credentials",
        "That includes headers that a service may trust, such as `X-Forwarded-For` and `X-HTTP-Method-Override`.",
        "List the headers that your service reads.",
        "request-headers = [\"*\"]\ncredentials = true",
        "request-headers = [\"Content-Type\"]\ncredentials = true",
    ),
];
