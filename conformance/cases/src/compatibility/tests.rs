//! The rows against the profiles, the catalogue and the committed page.

use std::collections::BTreeSet;
use std::path::Path;

use corsac::browser::{CacheRules, DroppedHeaders, Engine, Profile};
use corsac::header::SafelistRules;

use super::advice::ADVICE;
use super::{GROUPS, Row, page};
use crate::case::Case;
use crate::places::Places;
use crate::{catalogue, compare, profile};

/// The names of a struct's fields, all of them: when a field is missing here, this does not compile ("inaccessible fields", says rustc).
/// Then add it here, and a row for it.
macro_rules! fields {
    ($type:ident { $($field:ident),* $(,)? }) => {{
        let _all = |value: $type| { let $type { $($field: _),* } = value; };
        [$(stringify!($field)),*]
    }};
}

fn all_fields() -> Vec<String> {
    let profile = fields!(Profile {
        engine,
        version,
        safelist,
        upload_listeners_count_without_body,
        stream_body,
        xhr_charset,
        no_cors_guards_body_type,
        sends_last_line_only,
        body_takes_first_content_type,
        preflight_always_says_mode,
        preflight_follows_cache_mode,
        preflight_attempts,
        drops_empty_lines,
        preflight_home_is_unchecked,
        manual_redirect_needs_valid_location,
        preflight_status_first,
        refused_headers,
        forced_preflight_implies_method,
        authorization_covered_by_wildcard,
        cache,
        redirected_preflight_keeps_origin,
        preflight_after_redirect,
        xhr_body_type_is_set_by_script,
        dropped_headers,
        redirect_drops_client_hints,
        preflight_precedes_refusal,
        empty_location,
        leaving_origin_turns_delete_into_get,
        redirects_from_home_are_credentialed,
        no_cors_redirects_keep_credentials,
        redirected_preflight_keeps_referrer,
        refuses_location_credentials,
        origin_survives_redirects,
        redirects_lose_user_agent,
        no_cors_redirect_hides_origin,
        referrer_policy_hides_origin,
        downgrade_is_by_scheme,
        cross_site_referrer,
        opaque_pages_have_referrer,
        redirected_cors_loses_metadata,
        preflight_site_sees_redirects,
        conditional_cache_mode,
        conditional_headers_reach_preflight,
        conditional_headers_count_in_xhr,
        redirects_keep_cache_mode,
        loopback_is_no_mixed_content,
        prompts_after_unauthorized,
        resource_policy_reaches_below_page,
        local_network_access,
        local_network_needs_secure_context,
        reads_target_address_space,
    });
    let cache = fields!(CacheRules {
        limit,
        malformed_max_age,
        zero_max_age,
        negative_max_age,
        max_age_allows_plus,
        overflowing_max_age,
        whole_answers,
        separates_credentials,
        keyed_by_page_origin,
        forced_preflight_needs_method,
        wildcard,
        wildcard_covers_authorization,
        exempt_methods,
        cleared_by,
        url_length_limit,
        capacity,
        bypassing_modes,
        unkept_modes,
        opaque_pages,
        tainted_origins,
        keeps_insufficient_answers,
    });
    let safelist = fields!(SafelistRules {
        range_unit_ignores_case,
        range_allows_plus,
        above_ascii_is_unsafe,
        content_type_is_single,
        range_limit,
        extra_names,
        total_limit,
        joins_lines,
        user_agent_is_safe,
        keeps_repeats,
    });
    let dropped = fields!(DroppedHeaders { authorization_returns, body_headers });
    // Whose profile it is is no difference, and rules in a struct of their own have rows of their own.
    let plain = profile
        .iter()
        .filter(|name| !["engine", "version", "safelist", "cache", "dropped_headers"].contains(name));
    let mut all: Vec<String> = plain.map(|name| (*name).to_owned()).collect();
    all.extend(cache.iter().map(|name| format!("cache.{name}")));
    all.extend(safelist.iter().map(|name| format!("safelist.{name}")));
    all.extend(dropped.iter().map(|name| format!("dropped_headers.{name}")));
    all
}

fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|group| group.rows)
}

#[test]
fn every_field_of_a_profile_has_one_row() {
    let mut fields = all_fields();
    let mut described: Vec<String> = rows().map(|row| row.field.path.to_owned()).collect();
    fields.sort();
    described.sort();
    assert_eq!(described, fields);
}

#[test]
fn different_values_have_different_words() {
    for row in rows() {
        for (one, other) in pairs() {
            let same_value = (row.field.value)(one) == (row.field.value)(other);
            let same_words = (row.words)(one) == (row.words)(other);
            assert_eq!(same_value, same_words, "{}: {} and {}", row.field.path, one.version, other.version);
        }
        for engine in Engine::ALL {
            let words = (row.words)(engine.profile());
            assert!(!words.is_empty() && !words.contains(['|', '\n']), "{}: {words}", row.field.path);
        }
    }
}

/// A case shows a difference if some engine's profile comes out differently once it has the standard's value in this one field.
#[test]
fn every_case_named_as_evidence_shows_its_difference() {
    let cases = catalogue::all().unwrap();
    let places = Places::new(28_100);
    for row in rows() {
        for name in row.cases {
            let case = cases.iter().find(|case| case.name == *name);
            let case = case.unwrap_or_else(|| panic!("{}: no case is called {name}", row.field.path));
            let case: Case = places.expand(case, 1).unwrap();
            let observe = |profile: &Profile| profile::observe_with(&case, &places, profile).unwrap();
            let shows = Engine::ALL.map(Engine::profile).into_iter().any(|profile| {
                let mut without = profile.clone();
                (row.field.take)(&mut without, &Profile::SPEC);
                without != *profile
                    && !compare::differences(&case, &observe(profile), &observe(&without)).is_empty()
            });
            assert!(shows, "{}: {name} is the same without it", row.field.path);
        }
    }
}

fn pairs() -> impl Iterator<Item = (&'static Profile, &'static Profile)> {
    let profiles = Engine::ALL.map(Engine::profile);
    profiles.into_iter().flat_map(move |one| profiles.into_iter().map(move |other| (one, other)))
}

#[test]
fn rows_without_a_difference_are_left_out() {
    let text = page::text();
    for row in rows() {
        let values: BTreeSet<String> =
            Engine::ALL.iter().map(|engine| (row.field.value)(engine.profile())).collect();
        let anchor = format!("<a id=\"{}\"></a>", row.anchor());
        assert_eq!(text.matches(&anchor).count(), usize::from(values.len() > 1), "{}", row.field.path);
    }
}

#[test]
fn the_list_at_the_top_refers_to_rows_of_the_page() {
    for advice in ADVICE {
        for path in advice.fields {
            assert!(page::shown().any(|row| row.field.path == *path), "{path}");
        }
    }
    let text = page::text();
    for (_, rest) in text.match_indices("](#").map(|(at, link)| text.split_at(at + link.len())) {
        let anchor = rest.split(')').next().unwrap();
        assert!(text.contains(&format!("<a id=\"{anchor}\"></a>")), "#{anchor} leads nowhere");
    }
}

#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compatibility.md");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == page::text(), "docs/compatibility.md is out of date: run scripts/compatibility");
}
