//! Entries of `credentials`, and what goes with it.

use corsac::server::ProblemCode as Code;

use super::{ProblemEntry, row};

pub(super) const ENTRIES: &[ProblemEntry] = &[
    row(
        Code::CredentialsAnyOrigin,
        "Every site may read with the user's credentials",
        "Browsers refuse `*` with credentials. Servers that answer each origin with its own name instead let every site read what the \
         user may.",
        "Name the origins, or leave out `credentials`.",
        "origins = [\"*\"]\ncredentials = true",
        "origins = [\"https://app.example.com\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsPublicSuffix,
        "Subdomains of a public suffix may read with the user's credentials",
        "Anybody can have a name there, and a page at that name would read what the user may.",
        "Name the hosts that are yours.",
        "origins = [\"https://*.github.io\"]\ncredentials = true",
        "origins = [\"https://acme.github.io\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsSharedSuffix,
        "Names that strangers can choose may read with the user's credentials",
        "The label stands directly below a suffix where anybody can choose a name: anybody can call a project so that it fits, and its \
         pages read what the user may.",
        "Give previews a domain of your own. If that cannot be, acknowledge it.",
        "origins = [\"https://app-*-team.vercel.app\"]\ncredentials = true",
        "origins = [\"https://app-*.preview.example.com\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyAppHost,
        "Every app of a scheme may read with the user's credentials",
        "Every app or extension with this scheme is in it, whoever made it, and reads what the user may.",
        "Name the host. If it is another on each installation, acknowledge it.",
        "origins = [\"moz-extension://*\"]\ncredentials = true",
        "origins = [\"chrome-extension://abcdefghijklmnop\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsLocalOrigin,
        "This machine may read beside other origins, with the user's credentials",
        "Whatever listens on the port on a user's own machine, a tool or another person's program, reads what the user may in production.",
        "Give development a policy of its own, with the local origins alone.",
        "origins = [\"https://app.example.com\", \"http://localhost:*\"]\ncredentials = true",
        "origins = [\"https://app.example.com\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsNullOrigin,
        "Pages without an origin may read with the user's credentials",
        "Everybody can make such a page, a sandboxed frame for one: it is as if every site might.",
        "Leave out `null-origin`, or leave out `credentials`.",
        "null-origin = true\ncredentials = true",
        "credentials = true",
    ),
    row(
        Code::CredentialsInsecureOrigin,
        "An http origin may read with the user's credentials",
        "Whoever is on the way between a user and the page can change the page, and reads what the user may.",
        "Serve the page over https. If that cannot be, acknowledge it.",
        "origins = [\"http://intranet.example\"]\ncredentials = true",
        "origins = [\"https://intranet.example\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyPort,
        "Every port of a host may read with the user's credentials",
        "Whatever listens on any port of that host, of anybody there, reads what the user may.",
        "Name the ports.",
        "origins = [\"https://dev.example.com:*\"]\ncredentials = true",
        "origins = [\"https://dev.example.com:8443\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyExposed,
        "Every response header is exposed, with credentials",
        "With credentials, browsers read `*` as the name of a header that is called so.",
        "Name the headers that script should see.",
        "expose-headers = [\"*\"]\ncredentials = true",
        "expose-headers = [\"ETag\"]\ncredentials = true",
    ),
    row(
        Code::CredentialsAnyRequestHeader,
        "Script may set every request header, with credentials",
        "A service reads headers that nobody thought of: `X-Forwarded-For`, `X-HTTP-Method-Override`.",
        "Name the headers that your service reads.",
        "request-headers = [\"*\"]\ncredentials = true",
        "request-headers = [\"Content-Type\"]\ncredentials = true",
    ),
];
