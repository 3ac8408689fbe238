//! Notes about what is not understood and may matter.

use super::model::Configuration;
use super::parse::Directive;
use crate::files::At;
use crate::note::{NoteKind, Noted};

/// Files that say nothing about answers.
const HARMLESS_FILES: &[&str] =
    &["mime.types", "_params", "fastcgi.conf", "modules", "ssl", "letsencrypt", "koi-", "win-utf"];
/// Directives that may name the headers of CORS, and do not send them.
const HARMLESS: &[&str] = &[
    "log_format",
    "access_log",
    "proxy_cache_key",
    "fastcgi_cache_key",
    "uwsgi_cache_key",
    "fastcgi_param",
    "uwsgi_param",
    "scgi_param",
    "proxy_set_header",
    "grpc_set_header",
    "proxy_cache_bypass",
    "proxy_no_cache",
    "proxy_ignore_headers",
    "error_log",
    "limit_req_zone",
    "limit_conn_zone",
    "add_trailer",
];
/// Directives that define a variable whose value cannot be known.
const DEFINES: &[&str] = &[
    "auth_request_set",
    "js_set",
    "perl_set",
    "set_by_lua",
    "set_by_lua_block",
    "set_by_lua_file",
    "auth_jwt_claim_set",
    "auth_jwt_header_set",
    "set_unescape_uri",
    "set_escape_uri",
    "set_random",
    "set_md5",
    "set_sha1",
    "geoip2",
    "js_var",
];

/// A directive that no rule is for.
pub(super) fn directive(configuration: &mut Configuration, directive: &Directive) {
    let (name, first) = (directive.name(), directive.argument(0));
    if DEFINES.contains(&name) {
        configuration.unknown.push(first.trim_start_matches('$').to_ascii_lowercase());
        return;
    }
    let is_origin = first.eq_ignore_ascii_case("origin");
    if is_origin && ["proxy_set_header", "grpc_set_header"].contains(&name) {
        if directive.argument(1) != "$http_origin" {
            let message = match directive.argument(1) {
                "" => "The application does not see the request's `Origin`: this line leaves it out. If the application answers CORS itself, it takes every \
                       request for one of its own pages."
                    .to_owned(),
                value => format!(
                    "The application sees `{value}` as the value of `Origin`, and not what the browser sent. What it says about origins itself does not \
                     decide on the right one."
                ),
            };
            configuration.notes.push(Noted::new(
                NoteKind::NotExpressible,
                "line-not-read",
                directive.at,
                message,
            ));
        }
        return;
    }
    let changes_request = ["more_set_input_headers", "more_clear_input_headers"].contains(&name)
        && directive.arguments().iter().any(|word| word.text.to_ascii_lowercase().starts_with("origin"));
    let is_about_cors = !HARMLESS.contains(&name) && says_access_control(directive);
    if changes_request || is_about_cors {
        let message =
            format!("`{name}` is not understood here, so what it does to the headers of CORS is left out.");
        configuration.notes.push(Noted::new(
            NoteKind::NotExpressible,
            "line-not-read",
            directive.at,
            message,
        ));
    }
}

fn says_access_control(directive: &Directive) -> bool {
    directive.arguments().iter().any(|word| word.text.to_ascii_lowercase().contains("access-control-"))
        || directive.inside().iter().any(says_access_control)
}

/// A condition that nginx itself would refuse.
pub(super) fn condition(configuration: &mut Configuration, directive: &Directive) {
    let words: Vec<&str> = directive.arguments().iter().map(|word| word.text.as_str()).collect();
    let message = format!(
        "`if {}` is no condition that nginx knows, so what is inside is left out. It compares a variable by `=`, `!=`, `~`, `~*`, `!~` or `!~*`.",
        words.join(" ")
    );
    configuration.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", directive.at, message));
}

/// A directive that nginx does not allow in an `if` outside of a location.
pub(super) fn in_server_condition(configuration: &mut Configuration, directive: &Directive) {
    let message = format!(
        "nginx refuses `{}` here: an `if` that is not inside of a `location` takes only `set`, `return`, `rewrite` and `break`.",
        directive.name()
    );
    configuration.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", directive.at, message));
}

/// A header of CORS whose name is written with its colon.
pub(super) fn colon(configuration: &mut Configuration, name: &str, at: At) {
    let right = name.trim_end_matches(':');
    let message = format!(
        "The name `{name}` has a colon, and nginx writes another one after it: browsers read `{right}` with a value that begins with a colon, and ignore it."
    );
    let note = Noted::new(NoteKind::Dead, "without-effect", at, message);
    configuration.notes.push(note.instead(format!("Write `add_header {right}`, without the colon.")));
}

/// Files that are not there.
pub(super) fn missing_files(configuration: &mut Configuration, missing: &[(String, At)]) {
    for (why, at) in missing {
        if !HARMLESS_FILES.iter().any(|name| why.contains(name)) {
            let message = format!("{why} What it says is left out.");
            configuration.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", *at, message));
        }
    }
}
