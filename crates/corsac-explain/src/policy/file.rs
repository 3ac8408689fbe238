//! Entries of `max-age` and `acknowledge`, and of a file's shape.

use corsac::server::ProblemCode as Code;

use super::{ProblemEntry, row};

pub(super) const ENTRIES: &[ProblemEntry] = &[
    row(
        Code::MaxAgeInvalid,
        "A length of time cannot be read",
        "It is numbers with the units `d`, `h`, `m` and `s`, the larger first, or a number of seconds.",
        "Write `10m`, `1h30m` or `600`.",
        r#"max-age = "10 minutes""#,
        r#"max-age = "10m""#,
    ),
    row(
        Code::MaxAgeOutOfRange,
        "A length of time is longer than a day",
        "No browser keeps the answer to a preflight longer: Firefox a day, Chromium two hours, WebKit ten minutes.",
        "Write a day or less.",
        r#"max-age = "7d""#,
        r#"max-age = "2h""#,
    ),
    row(
        Code::MaxAgeOverCap,
        "A length of time is longer than Chromium and WebKit keep to",
        "Chromium keeps the answer to a preflight for two hours at most, and WebKit for ten minutes.",
        "Write two hours or less.",
        r#"max-age = "12h""#,
        r#"max-age = "2h""#,
    ),
    row(
        Code::ResourcePolicyAnyOrigin,
        "Every origin may read the response, and none may show it",
        "`origins = [\"*\"]` lets every page read the response, as long as it asks with CORS. `resource-policy = \"same-origin\"` is about loads \
         without CORS: it keeps the response out of the `<img>` and `<script>` elements of other origins, which could only show it.",
        "Write `cross-origin`, or leave `resource-policy` out; or name the origins that may read.",
        "origins = [\"*\"]\nresource-policy = \"same-origin\"",
        "origins = [\"*\"]\nresource-policy = \"cross-origin\"",
    ),
    row(
        Code::AcknowledgeUnknown,
        "What is acknowledged is no code, or none that can be acknowledged",
        "Lints can be acknowledged, and `credentials-insecure-origin`, `credentials-shared-suffix` and `credentials-any-app-host`. Other \
         errors have to be mended.",
        "Write the code that the lint shows.",
        r#"acknowledge = ["insecure"]"#,
        "origins = [\"http://app.example.com\"]\nacknowledge = [\"origin-insecure\"]",
    ),
    row(
        Code::AcknowledgeUnused,
        "What is acknowledged is not there",
        "Nothing in the policy has that problem any more; when it comes back, nobody would be told.",
        "Leave it out.",
        r#"acknowledge = ["origin-insecure"]"#,
        r#"acknowledge = []"#,
    ),
    row(
        Code::AtMissing,
        "No path leads to a policy",
        "Where a file places policies by `at`, the one policy without it is for all other paths. If there are several, or if another one has \
         `at = \"/\"`, none of them decides about any path.",
        "Give it an `at`; acknowledge it if the service takes the policy by its name.",
        "[policy.api]\nat = \"/\"\norigins = [\"https://app.example.com\"]\n[policy.admin]\norigins = [\"https://admin.example.com\"]",
        "[policy.api]\nat = \"/\"\norigins = [\"https://app.example.com\"]\n[policy.admin]\nat = \"/admin\"\norigins = [\"https://admin.example.com\"]",
    ),
    row(
        Code::AtInvalid,
        "A path is one that no request has",
        "`at` is the path of a part of the server, and covers everything below it. It is no URL and no pattern.",
        "Write the path alone.",
        "[policy.users]\nat = \"/users/{id}\"\norigins = [\"https://app.example.com\"]",
        "[policy.users]\nat = \"/users\"\norigins = [\"https://app.example.com\"]",
    ),
    row(
        Code::AtRepeated,
        "Two policies are for the same path",
        "One policy decides about a request; of two for the same path it would be anybody's guess which.",
        "Give each a path of its own.",
        "[policy.a]\nat = \"/api\"\norigins = [\"https://a.example.com\"]\n[policy.b]\nat = \"/api/\"\norigins = [\"https://b.example.com\"]",
        "[policy.a]\nat = \"/api\"\norigins = [\"https://a.example.com\"]\n[policy.b]\nat = \"/api/b\"\norigins = [\"https://b.example.com\"]",
    ),
    row(
        Code::PassWithKeys,
        "A policy that passes has keys that mean nothing",
        "With `cors = \"pass\"`, requests and responses pass untouched, and the service behind decides.",
        "Leave the other keys out, or leave out `cors`.",
        "[policy.store]\nat = \"/store\"\ncors = \"pass\"\nmethods = [\"PUT\"]",
        "[policy.store]\nat = \"/store\"\ncors = \"pass\"",
    ),
    row(
        Code::EnvironmentMissing,
        "A variable of the environment is not set",
        "`origins-from-env` names a variable that holds origins, with commas between. Who may read is never guessed.",
        "Set the variable, or write the origins.",
        "[policy.app]\norigins-from-env = \"CORSAC_UNSET_VARIABLE\"",
        "[policy.app]\norigins = [\"https://app.example.com\"]",
    ),
    row(
        Code::FileSyntax,
        "The file is no TOML, or no JSON",
        "Of TOML, the keys and policies that can be read are looked at all the same, for errors; lints wait. JSON is read up to its first \
         error, and nothing else in it is looked at.",
        "Mend the place that is shown. Texts stand in quotes; JSON has no comments.",
        "methods = [PUT]",
        r#"methods = ["PUT"]"#,
    ),
    row(
        Code::KeyUnknown,
        "A policy has no such key",
        "A key that nobody reads looks as if it did something; so it is refused rather than passed over.",
        "Write the key in kebab-case, as docs/policy.md has it.",
        "allow_credentials = true",
        "credentials = true",
    ),
    row(
        Code::KeyMissing,
        "A key is missing that a policy has to have",
        "Who may read is never guessed.",
        "Write `origins`.",
        "[policy.other]\ncredentials = true",
        "[policy.other]\norigins = [\"https://app.example.com\"]\ncredentials = true",
    ),
    row(
        Code::ValueType,
        "A value is of another type than its key wants",
        "A flag in quotes is a text, and a text alone is no list.",
        "Write lists in brackets, and `true` and `false` without quotes.",
        r#"credentials = "true""#,
        "credentials = true",
    ),
];
