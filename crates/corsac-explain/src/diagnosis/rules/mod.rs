//! The rules, a kind of cause a file. Their order here means nothing.

mod challenge_page;
mod crash;
mod error_status;
mod headers_on_preflight_only;
mod login_redirect;
mod origin_refused;
mod port_taken;
mod slash_redirect;
mod tls_port;

use super::rule::Rule;
pub(crate) use login_redirect::looks_like_login;

pub(super) const ALL: &[Rule] = &[
    challenge_page::RULE,
    crash::RULE,
    error_status::RULE,
    headers_on_preflight_only::RULE,
    login_redirect::RULE,
    origin_refused::RULE,
    port_taken::RULE,
    slash_redirect::RULE,
    tls_port::RULE,
];
