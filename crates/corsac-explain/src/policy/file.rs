//! Problems with the other keys, and with the syntax of a file.

use corsac::server::ProblemCode as Code;

use super::{ProblemEntry, row};

pub(super) const ENTRIES: &[ProblemEntry] = &[
    row(
        Code::MaxAgeInvalid,
        "Invalid duration",
        "A duration is a number of seconds, or numbers with the units `d`, `h`, `m` and `s`, the largest unit first.",
        "Write `10m`, `1h30m` or `600`.",
        r#"max-age = "10 minutes""#,
        r#"max-age = "10m""#,
    ),
    row(
        Code::MaxAgeOutOfRange,
        "The duration is longer than a day",
        "No browser caches the answer to a preflight for longer: Firefox a day, Chromium two hours, WebKit ten \
         minutes.",
        "Write a day or less.",
        r#"max-age = "7d""#,
        r#"max-age = "2h""#,
    ),
    row(
        Code::MaxAgeOverCap,
        "The duration is longer than Chromium caches the answer",
        "Chromium caches the answer to a preflight for two hours at most, and WebKit for ten minutes.",
        "Write two hours or less.",
        r#"max-age = "12h""#,
        r#"max-age = "2h""#,
    ),
    row(
        Code::ResourcePolicyAnyOrigin,
        "Every origin may read the response, but none may embed it",
        "`origins = [\"*\"]` lets every page read the response, as long as it uses CORS. `resource-policy = \
         \"same-origin\"` is about loads without CORS: it blocks the response in `<img>` and `<script>` elements of \
         other origins, which can only show or run it.",
        "Write `cross-origin` or remove `resource-policy`, or list the origins that may read the response.",
        "origins = [\"*\"]\nresource-policy = \"same-origin\"",
        "origins = [\"*\"]\nresource-policy = \"cross-origin\"",
    ),
    row(
        Code::AcknowledgeUnknown,
        "Unknown code in `acknowledge`, or a code that cannot be acknowledged",
        "Lints can be acknowledged, and so can `credentials-insecure-origin`, `credentials-shared-suffix` and \
         `credentials-any-app-host`. Other errors have to be fixed.",
        "Write the code as the lint prints it.",
        r#"acknowledge = ["insecure"]"#,
        "origins = [\"http://app.example.com\"]\nacknowledge = [\"origin-insecure\"]",
    ),
    row(
        Code::AcknowledgeUnused,
        "Unused acknowledgement",
        "The policy no longer has that problem. If it came back, it would not be reported.",
        "Remove it.",
        r#"acknowledge = ["origin-insecure"]"#,
        r#"acknowledge = []"#,
    ),
    row(
        Code::AtMissing,
        "No path leads to the policy",
        "In a file whose policies have `at`, one policy without it applies to all other paths. If there are several, \
         or if another one has `at = \"/\"`, those without it are never used for any path.",
        "Add `at`, or acknowledge the problem if the service selects the policy by its name.",
        "[policy.api]\nat = \"/\"\norigins = [\"https://app.example.com\"]\n[policy.admin]\norigins = \
         [\"https://admin.example.com\"]",
        "[policy.api]\nat = \"/\"\norigins = [\"https://app.example.com\"]\n[policy.admin]\nat = \"/admin\"\norigins \
         = [\"https://admin.example.com\"]",
    ),
    row(
        Code::AtInvalid,
        "No request can have this path",
        "`at` is a path on the server, and covers everything below it. It is not a URL or a pattern.",
        "Write only the path.",
        "[policy.users]\nat = \"/users/{id}\"\norigins = [\"https://app.example.com\"]",
        "[policy.users]\nat = \"/users\"\norigins = [\"https://app.example.com\"]",
    ),
    row(
        Code::AtRepeated,
        "Two policies have the same path",
        "Only one policy can apply to a request, and it would be unclear which of the two.",
        "Give each policy a different path.",
        "[policy.a]\nat = \"/api\"\norigins = [\"https://a.example.com\"]\n[policy.b]\nat = \"/api/\"\norigins = \
         [\"https://b.example.com\"]",
        "[policy.a]\nat = \"/api\"\norigins = [\"https://a.example.com\"]\n[policy.b]\nat = \"/api/b\"\norigins = \
         [\"https://b.example.com\"]",
    ),
    row(
        Code::PassWithKeys,
        "`cors = \"pass\"` cannot be combined with other keys",
        "With `cors = \"pass\"`, requests and responses pass unchanged, and the service itself handles CORS.",
        "Remove the other keys, or remove `cors`.",
        "[policy.store]\nat = \"/store\"\ncors = \"pass\"\nmethods = [\"PUT\"]",
        "[policy.store]\nat = \"/store\"\ncors = \"pass\"",
    ),
    row(
        Code::EnvironmentMissing,
        "An environment variable is not set",
        "`origins-from-env` names a variable that contains origins, separated by commas. Corsac never guesses which \
         origins are allowed.",
        "Set the variable, or list the origins in the file.",
        "[policy.app]\norigins-from-env = \"CORSAC_UNSET_VARIABLE\"",
        "[policy.app]\norigins = [\"https://app.example.com\"]",
    ),
    row(
        Code::FileSyntax,
        "The file is not valid TOML or JSON",
        "In TOML, the keys and policies that can be read are still checked for errors, but not for lints. JSON is \
         read up to its first error, and nothing else in it is checked.",
        "Fix the place that is shown. Strings need quotes, and JSON has no comments.",
        "methods = [PUT]",
        r#"methods = ["PUT"]"#,
    ),
    row(
        Code::KeyUnknown,
        "Unknown key",
        "An unknown key would have no effect, although it looks as if it had one. That is why it is an error.",
        "Write the key in kebab-case, as in docs/policy.md.",
        "allow_credentials = true",
        "credentials = true",
    ),
    row(
        Code::KeyMissing,
        "A required key is missing",
        "Corsac never guesses which origins are allowed.",
        "Add `origins`.",
        "[policy.other]\ncredentials = true",
        "[policy.other]\norigins = [\"https://app.example.com\"]\ncredentials = true",
    ),
    row(
        Code::ValueType,
        "The value has the wrong type for its key",
        "A flag in quotes is a string, and a single string is not a list.",
        "Put lists in brackets, and write `true` and `false` without quotes.",
        r#"credentials = "true""#,
        "credentials = true",
    ),
];
