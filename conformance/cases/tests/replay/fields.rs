//! Is each difference between an engine and the standard held by evidence? Without it, some recorded case must disagree.

use corsac::browser::{CacheRules, DroppedHeaders, Engine, Profile};
use corsac::header::SafelistRules;

use super::recorded::Recorded;

/// Differences that no recorded case shows, and why.
const WITHOUT_EVIDENCE: &[(Engine, &str, &str)] = &[
    (
        Engine::Chromium,
        "preflight_attempts",
        "whether a connection that the server closes was used before is chance, and only then is there a second attempt",
    ),
    (Engine::Chromium, "prompts_after_unauthorized", "the prompt shows in no observation"),
    (
        Engine::Chromium,
        "local_network_access",
        "every address of the cases is loopback, and so is the page's",
    ),
    (Engine::Chromium, "cache.limit", "nobody waits for hours"),
    (
        Engine::Chromium,
        "cache.capacity",
        "cases hold few requests, and the browsers' caches serve many cases at once",
    ),
    (
        Engine::Firefox,
        "preflight_attempts",
        "whether a connection that the server closes was used before is chance, and only then is there a second attempt",
    ),
    (Engine::Firefox, "prompts_after_unauthorized", "the prompt shows in no observation"),
    (Engine::Firefox, "local_network_access", "every address of the cases is loopback, and so is the page's"),
    (Engine::Firefox, "local_network_needs_secure_context", "as above"),
    (Engine::Firefox, "reads_target_address_space", "no case sets `targetAddressSpace`"),
    (Engine::Firefox, "cache.limit", "nobody waits for hours"),
    (
        Engine::WebKit,
        "preflight_attempts",
        "whether a connection that the server closes was used before is chance, and only then is there a second attempt",
    ),
    (Engine::WebKit, "preflight_status_first", "changes the reason, not the verdict"),
    (Engine::WebKit, "refused_headers", "as above"),
    (Engine::WebKit, "reads_target_address_space", "no case sets `targetAddressSpace`"),
    (
        Engine::WebKit,
        "safelist.total_limit",
        "no recorded case has so many safelisted bytes that another limit does not apply first",
    ),
    (Engine::WebKit, "cache.limit", "nobody waits for hours"),
];

/// `engine` with one field as the standard has it, for each field in which they differ.
fn changed(engine: Engine) -> Vec<(&'static str, Profile)> {
    let (standard, own) = (Profile::SPEC, engine.profile());
    let mut changed = Vec::new();
    // Every field is named here, or this does not compile.
    macro_rules! fields {
        ($part:ident in $path:ident: $($field:ident)*) => {
            let $part { $($field: _),* } = &own.$path;
            $(if own.$path.$field != standard.$path.$field {
                let mut profile = own.clone();
                profile.$path.$field = standard.$path.$field;
                changed.push((concat!(stringify!($path), ".", stringify!($field)), profile));
            })*
        };
        ($($field:ident)*; $($rest:ident)*) => {
            let Profile { $($field: _,)* $($rest: _),* } = own;
            $(if own.$field != standard.$field {
                let mut profile = own.clone();
                profile.$field = standard.$field;
                changed.push((stringify!($field), profile));
            })*
        };
    }
    fields!(
        upload_listeners_count_without_body stream_body xhr_charset no_cors_guards_body_type sends_last_line_only body_takes_first_content_type
        preflight_always_says_mode preflight_follows_cache_mode preflight_attempts drops_empty_lines
        preflight_home_is_unchecked manual_redirect_needs_valid_location preflight_status_first refused_headers
        forced_preflight_implies_method authorization_covered_by_wildcard redirected_preflight_keeps_origin
        preflight_after_redirect xhr_body_type_is_set_by_script redirect_drops_client_hints preflight_precedes_refusal empty_location leaving_origin_turns_delete_into_get
        redirects_from_home_are_credentialed redirected_preflight_keeps_referrer no_cors_redirects_keep_credentials refuses_location_credentials
        origin_survives_redirects redirects_lose_user_agent no_cors_redirect_hides_origin referrer_policy_hides_origin downgrade_is_by_scheme
        cross_site_referrer opaque_pages_have_referrer redirected_cors_loses_metadata
        preflight_site_sees_redirects conditional_cache_mode conditional_headers_reach_preflight
        conditional_headers_count_in_xhr redirects_keep_cache_mode loopback_is_no_mixed_content
        prompts_after_unauthorized resource_policy_reaches_below_page local_network_access local_network_needs_secure_context
        reads_target_address_space;
        engine version safelist cache dropped_headers
    );
    fields!(SafelistRules in safelist:
        range_unit_ignores_case range_allows_plus above_ascii_is_unsafe content_type_is_single range_limit
        extra_names total_limit joins_lines user_agent_is_safe keeps_repeats
    );
    fields!(CacheRules in cache:
        limit malformed_max_age zero_max_age negative_max_age max_age_allows_plus overflowing_max_age whole_answers
        separates_credentials keyed_by_page_origin forced_preflight_needs_method wildcard
        wildcard_covers_authorization exempt_methods cleared_by url_length_limit capacity bypassing_modes
        unkept_modes opaque_pages tainted_origins keeps_insufficient_answers
    );
    fields!(DroppedHeaders in dropped_headers: authorization_returns body_headers);
    changed
}

fn hold(engine: Engine) {
    let recorded = Recorded::read(engine);
    let mut without = Vec::new();
    for (field, profile) in changed(engine) {
        match recorded.any_that_parts(&profile) {
            Some(case) => println!("{field}: {}", case.lines().next().unwrap_or_default()),
            None => without.push(field),
        }
    }
    let known: Vec<_> =
        WITHOUT_EVIDENCE.iter().filter(|(of, ..)| *of == engine).map(|(_, field, _)| *field).collect();
    assert_eq!(without, known, "differences of {} that no recorded case shows", engine.title());
}

#[test]
fn every_difference_of_chromium_is_held_by_a_recorded_case() {
    hold(Engine::Chromium);
}

#[test]
fn every_difference_of_firefox_is_held_by_a_recorded_case() {
    hold(Engine::Firefox);
}

#[test]
fn every_difference_of_webkit_is_held_by_a_recorded_case() {
    hold(Engine::WebKit);
}
