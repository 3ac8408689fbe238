//! The rules, one file for each kind of cause. Their order has no meaning.

mod bucket_without_rule;
mod cached_copy;
mod challenge_page;
mod crash;
mod error_status;
mod header_misspelled;
mod header_of_a_tool;
mod header_twice;
mod headers_on_preflight_only;
mod html_instead_of_data;
mod https_redirect;
mod list_in_header;
mod login_redirect;
mod options_lacks_header;
mod options_not_answered;
mod origin_guard;
mod origin_refused;
mod pattern_in_header;
mod platform_wall;
mod port_taken;
mod preflight_needs_login;
mod preflight_refused;
mod redirect;
mod redirect_elsewhere;
mod redirect_to_http;
mod slash_redirect;
mod static_allow_origin;
mod tls_port;
mod token_refused;
mod two_programs;
mod unset_variable;
mod wrong_url;

use super::rule::Rule;
pub(crate) use html_instead_of_data::is_html_instead_of_data;
pub(crate) use login_redirect::{login_elsewhere, looks_like_login};
pub(crate) use origin_guard::named as guard_named;
pub(crate) use origin_refused::SIGNS as CORS_REFUSALS;

pub(super) const ALL: &[Rule] = &[
    bucket_without_rule::RULE,
    cached_copy::RULE,
    challenge_page::RULE,
    crash::RULE,
    error_status::RULE,
    header_misspelled::RULE,
    header_of_a_tool::RULE,
    header_twice::RULE,
    headers_on_preflight_only::RULE,
    html_instead_of_data::RULE,
    https_redirect::RULE,
    list_in_header::RULE,
    login_redirect::RULE,
    options_lacks_header::RULE,
    options_not_answered::RULE,
    origin_guard::RULE,
    origin_refused::RULE,
    pattern_in_header::RULE,
    platform_wall::RULE,
    port_taken::RULE,
    preflight_needs_login::RULE,
    preflight_refused::RULE,
    redirect_elsewhere::RULE,
    redirect_to_http::RULE,
    slash_redirect::RULE,
    static_allow_origin::RULE,
    tls_port::RULE,
    token_refused::RULE,
    two_programs::RULE,
    unset_variable::RULE,
    wrong_url::RULE,
];
