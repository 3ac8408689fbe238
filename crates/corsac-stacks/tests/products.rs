//! The data about products, and what is concluded from it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // as in any test

use std::collections::BTreeSet;

use corsac::browser::ResponseHead;
use corsac::origin::Origin;
use corsac_stacks::{
    Marker, Place, Product, SettingKind, Shape, Stack, Target, TargetKind, fitting, product, products,
    recognize,
};
use proptest::prelude::*;

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn each_name_is_there_once_in_kebab_case_and_is_not_that_of_a_server_or_a_framework() {
    assert!(products().len() >= 74);
    let mut seen = BTreeSet::new();
    for product in products() {
        let name = product.name.as_str();
        let is_kebab_case = name.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(is_kebab_case, "{name}");
        for name in std::iter::once(name).chain(product.aliases.iter().map(String::as_str)) {
            assert!(seen.insert(name), "{name} is there twice");
            let target = Target::ALL.iter().find(|target| target.as_str() == name);
            // A policy can be compiled for some services; `--stack` then means the product.
            assert!(target.is_none_or(|target| target.kind() == TargetKind::Service), "{name} is a target");
            assert!(matches!(Stack::parse(name), Some(Stack::Product(_))), "{name}");
        }
    }
}

#[test]
fn products_of_one_group_are_beside_each_other() {
    let mut groups: Vec<&str> = products().iter().map(|product| product.group.as_str()).collect();
    groups.dedup();
    let different: BTreeSet<&str> = groups.iter().copied().collect();
    assert_eq!(groups.len(), different.len(), "{groups:?}");
}

#[test]
fn every_fact_is_a_whole_sentence() {
    for product in products() {
        let facts = [&product.refusal, &product.default]
            .into_iter()
            .chain(&product.traps)
            .chain(&product.alternative);
        for fact in facts {
            let name = &product.name;
            assert!(fact.ends_with('.') && fact.matches('`').count() % 2 == 0, "{name}: {fact}");
            assert!(
                fact.starts_with(|first: char| first.is_uppercase()
                    || first.is_ascii_digit()
                    || first == '`'),
                "{name}: {fact}"
            );
        }
        assert!(!product.traps.is_empty() && !product.shapes.is_empty(), "{}", product.name);
        assert!(!product.read.ends_with('.') && !product.read.is_empty(), "{}", product.name);
        if let Some(setting) = &product.setting {
            assert!(setting.instruction.ends_with(':'), "{}: {}", product.name, setting.instruction);
        }
    }
}

#[test]
fn a_product_without_a_setting_that_lists_origins_says_what_to_do_instead() {
    let page = origin("https://app.example.com");
    for product in products() {
        let lists = product.setting.as_ref().is_some_and(|setting| setting.kind == SettingKind::ListsOrigins);
        assert_eq!(product.setting_for(&page).is_some(), lists, "{}", product.name);
        assert!(lists || product.alternative.is_some(), "{}", product.name);
    }
}

#[test]
fn what_opens_to_everybody_or_removes_a_check_is_not_given_as_the_setting_for_an_origin() {
    let page = origin("https://app.example.com");
    for (name, kind) in [
        ("lm-studio", SettingKind::OpensToEverybody),
        ("qdrant", SettingKind::OpensToEverybody),
        ("qbittorrent", SettingKind::RemovesGuard),
    ] {
        let product = product(name).unwrap();
        let setting = product.setting.as_ref().unwrap();
        assert_eq!((setting.kind, product.setting_for(&page)), (kind, None), "{name}");
        assert!(setting.lines_for(&page).is_some(), "{name}");
    }
}

#[test]
fn a_setting_has_the_origin_in_the_form_that_its_syntax_needs() {
    for (name, page, line) in [
        ("ollama", "http://localhost:3000", "OLLAMA_ORIGINS=http://localhost:3000"),
        (
            "prometheus",
            "https://app.example.com",
            r"prometheus --web.cors.origin='https://app\.example\.com'",
        ),
        ("prometheus", "http://[::1]:3000", r"prometheus --web.cors.origin='http://\[::1\]:3000'"),
        ("grafana", "https://app.example.com:8443", "csrf_trusted_origins = app.example.com"),
        (
            "vllm",
            "https://app.example.com",
            r#"vllm serve MODEL --allowed-origins '["https://app.example.com"]'"#,
        ),
        ("elasticsearch", "https://app.example.com", r#"http.cors.allow-origin: "https://app.example.com""#),
        ("geth", "chrome-extension://abcdef", "geth --http --http.corsdomain 'chrome-extension://abcdef'"),
    ] {
        let lines = product(name).unwrap().setting_for(&origin(page)).unwrap();
        assert!(lines.lines().any(|found| found == line), "{name}: {lines}");
    }
}

#[test]
fn an_opaque_origin_has_no_setting() {
    for product in products() {
        assert_eq!(product.setting_for(&Origin::opaque()), None, "{}", product.name);
    }
}

#[test]
fn json_in_a_setting_is_json() {
    let page = origin("https://app.example.com");
    for name in ["s3", "cloudflare-r2", "google-cloud-storage"] {
        let lines = product(name).unwrap().setting_for(&page).unwrap();
        let json: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert!(json.to_string().contains("\"https://app.example.com\""), "{name}");
    }
    for (name, field) in [("vllm", "/0"), ("kubo", "/0"), ("api-gateway-http-api", "/AllowOrigins/0")] {
        let lines = product(name).unwrap().setting_for(&page).unwrap();
        let words = shlex::split(&lines).unwrap();
        let json: serde_json::Value = serde_json::from_str(words.last().unwrap()).unwrap();
        assert_eq!(json.pointer(field), Some(&"https://app.example.com".into()), "{name}");
    }
    let tyk = product("tyk").unwrap().setting_for(&page).unwrap();
    let json: serde_json::Value = serde_json::from_str(&format!("{{{tyk}}}")).unwrap();
    assert_eq!(json["CORS"]["allowed_origins"][0], "https://app.example.com");
}

/// What holds for the lines of every product, whatever the origin.
fn is_safe_to_paste(product: &Product, page: &Origin) -> Result<(), TestCaseError> {
    let Some(setting) = &product.setting else { return Ok(()) };
    let lines = setting.lines_for(page).unwrap();
    prop_assert!(!lines.contains("{origin") && !lines.contains("{host}"), "{}: {lines}", product.name);
    prop_assert!(
        lines.chars().all(|character| character == '\n' || !character.is_control()),
        "{}: {lines:?}",
        product.name
    );
    // The origin adds nothing that could end a quotation or a line.
    let with = |sign: char| (lines.matches(sign).count(), setting.template.trim_end().matches(sign).count());
    for sign in ['\'', '"', '`', '\n', ' ', '<', '>', '$', '#', ';', '&', ','] {
        let (in_lines, in_template) = with(sign);
        prop_assert_eq!(in_lines, in_template, "{}: {:?} in {}", &product.name, sign, &lines);
    }
    if matches!(setting.place, Place::CommandLine | Place::Environment)
        && setting.template.contains("{origin}")
    {
        let words: Vec<String> = lines.lines().filter_map(shlex::split).flatten().collect();
        prop_assert!(words.iter().any(|word| word.contains(page.as_str())), "{}: {words:?}", product.name);
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_origin_can_break_out_of_a_setting(
        page in "(https?|app|moz-extension|x\\+y\\.z)://[a-z0-9'\"\\\\\n\r$`%{}<>;&#, \\[\\]:._-]{1,20}(:[0-9]{1,5})?"
    ) {
        if let Ok(page) = Origin::parse(&page) {
            for product in products() {
                is_safe_to_paste(product, &page)?;
            }
        }
    }
}

#[test]
fn no_kind_of_origin_breaks_out_of_a_setting() {
    for page in [
        "https://app.example.com",
        "http://localhost:3000",
        "http://[::1]:8080",
        "https://a_b.example.",
        "chrome-extension://abcdefghijklmnop",
        "x+y.z://host",
        "app://.",
    ] {
        for product in products() {
            is_safe_to_paste(product, &origin(page)).unwrap();
        }
    }
}

/// A response that has this marker and nothing else.
fn response_with(marker: &Marker) -> (ResponseHead, Option<Vec<u8>>) {
    let value =
        [marker.prefix.as_deref(), marker.contains.as_deref()].into_iter().flatten().collect::<String>();
    let headers = marker.header.iter().map(|name| (name.clone(), value.clone()));
    (ResponseHead::new(200, headers), marker.body.clone().map(String::into_bytes))
}

#[test]
fn each_marker_names_its_product_and_no_other() {
    for product in products() {
        for marker in &product.evidence {
            let (head, body) = response_with(marker);
            let names: Vec<&str> =
                recognize(&head, body.as_deref()).iter().map(|found| found.name.as_str()).collect();
            assert_eq!(names, [product.name.as_str()], "{marker}");
            if marker.body.is_some() {
                assert!(recognize(&head, None).is_empty(), "{marker}: without the body");
            }
        }
    }
}

#[test]
fn a_response_that_many_servers_could_send_names_no_product() {
    let nothing: &[(&str, &str)] = &[];
    for (name, status, headers, body) in [
        ("an empty 403", 403, &[("Content-Length", "0")][..], ""),
        (
            "an error of a server's own",
            403,
            &[("Content-Type", "text/plain; charset=utf-8")],
            "origin not allowed",
        ),
        (
            "the same in JSON",
            403,
            &[("Content-Type", "application/json")],
            r#"{"error":"origin not allowed"}"#,
        ),
        ("a check against forged requests", 403, nothing, "CSRF Error"),
        ("aiohttp-cors in any program", 403, nothing, "CORS preflight request failed: origin is not allowed"),
        ("Express", 200, &[("X-Powered-By", "Express")], "OK"),
        ("nginx", 200, &[("Server", "nginx/1.28.0")], "<html></html>"),
        ("uvicorn", 200, &[("Server", "uvicorn")], r#"{"message":"Not Found"}"#),
        ("a page about Ollama", 200, &[("Content-Type", "text/html")], "<p>It says Ollama is running.</p>"),
        ("a middleware that measures", 200, &[("X-Response-Time-ms", "3")], ""),
        ("Kestrel", 204, &[("Server", "Kestrel"), ("Vary", "Origin")], ""),
    ] {
        let head = ResponseHead::new(status, headers.iter().copied());
        assert!(recognize(&head, Some(body.as_bytes())).is_empty(), "{name}");
    }
}

#[test]
fn only_the_beginning_of_a_long_body_is_searched() {
    let html = ResponseHead::new(400, [("Content-Type", "application/json")]);
    let body = |length: usize| [vec![b' '; length], b"AADSTS9002326".to_vec()].concat();
    assert_eq!(recognize(&html, Some(&body(60_000))).len(), 1);
    assert!(recognize(&html, Some(&body(70_000))).is_empty());
}

#[test]
fn a_shape_is_said_to_fit_two_products_at_most_and_each_of_them_has_it() {
    for shape in Shape::ALL {
        let fitting = fitting(shape);
        assert_eq!(fitting.len(), if shape == Shape::Other { 0 } else { 2 }, "{shape:?}");
        for product in fitting {
            assert!(product.shapes.contains(&shape), "{shape:?}: {}", product.name);
        }
    }
}

/// MCP's session header came and went with revisions of the protocol.
#[test]
fn advice_that_depends_on_a_version_says_so() {
    let advice = product("mcp").unwrap().alternative.as_deref().unwrap();
    for revision in ["2025-11-25", "2026-07-28"] {
        assert!(advice.contains(revision), "{advice}");
    }
    let llama = product("llama-cpp").unwrap();
    assert!(llama.traps[0].contains("newer builds"), "{}", llama.traps[0]);
}

#[test]
fn the_documentation_has_a_section_for_each_product() {
    let page = include_str!("../../../docs/products.md");
    let sections = documentation();
    if let Some(path) = std::env::var_os("CORSAC_WRITE_PRODUCTS") {
        std::fs::write(path, &sections).unwrap();
    }
    assert!(
        page.ends_with(&sections),
        "docs/products.md has to end with the sections that CORSAC_WRITE_PRODUCTS=FILE writes"
    );
}

/// The sections of `docs/products.md`.
fn documentation() -> String {
    let mut page = String::new();
    let mut group = "";
    for product in products() {
        if product.group != group {
            group = &product.group;
            page.push_str(&format!("\n## {group}\n"));
        }
        page.push_str(&section(product));
    }
    page
}

fn section(product: &Product) -> String {
    let mut page = format!("\n### {} (`{}`)\n\n", product.title, product.name);
    page.push_str(&format!(
        "**By default:** {}<br>\n**How it refuses:** {}\n",
        product.default, product.refusal
    ));
    if let Some(alternative) = &product.alternative {
        page.push_str(&format!("\n{alternative}\n"));
    }
    if let Some(setting) = &product.setting {
        let warning = setting.kind.warning().map_or_else(String::new, |warning| format!("**{warning}.** "));
        let lines = setting.lines_for(&origin("https://app.example.com")).unwrap();
        page.push_str(&format!("\n{warning}{}\n\n```text\n{}\n```\n", setting.instruction, lines.trim_end()));
    }
    let tried =
        product.tried.as_ref().map(|version| format!("; version {version} was started")).unwrap_or_default();
    page.push('\n');
    page.extend(product.traps.iter().map(|trap| format!("- {trap}\n")));
    if !product.evidence.is_empty() {
        let evidence: Vec<String> = product.evidence.iter().map(Marker::to_string).collect();
        page.push_str(&format!("- Recognized by: {}.\n", evidence.join("; ")));
    }
    page.push_str(&format!("- From: {}, {}{tried}.\n", product.confidence.as_str(), product.read));
    page
}
