//! `corsac explain PRODUCT`.

use serde_json::Value;

use crate::command::corsac;

fn listed() -> Vec<Value> {
    let list = corsac(["explain", "--list", "--json"]).json();
    list["products"].as_array().unwrap().clone()
}

#[test]
fn every_product_in_the_list_is_explained() {
    let list = corsac(["explain", "--list"]).stdout;
    let products = listed();
    assert!(products.len() >= 74);
    for product in products {
        let name = product["name"].as_str().unwrap();
        assert!(list.contains(name), "{name}");
        let run = corsac(["explain", name]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{name}");
        // Otherwise a code or a word of this name would come first.
        assert!(run.stdout.starts_with(&format!("{name}  product\n")), "{}", run.stdout);
        for line in run.stdout.lines().filter(|line| !line.starts_with("      ")) {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

#[test]
fn the_setting_of_a_product_is_for_the_origin_that_is_given() {
    for (arguments, line) in [
        (&["ollama"][..], "OLLAMA_ORIGINS=https://app.example.com"),
        (&["Ollama", "--origin", "http://localhost:3000"], "OLLAMA_ORIGINS=http://localhost:3000"),
        (
            &["prometheus", "--origin", "https://a.example"],
            r"prometheus --web.cors.origin='https://a\.example'",
        ),
        (&["jupyter", "--origin", "https://a.example"], r#"c.ServerApp.allow_origin = "https://a.example""#),
    ] {
        let run = corsac([&["explain"], arguments].concat());
        assert!(run.stdout.contains(&format!("\n      {line}\n")), "{arguments:?}:\n{}", run.stdout);
    }
}

#[test]
fn what_lets_every_site_in_comes_after_what_to_do_instead_with_a_warning() {
    for (name, instead, warning, setting) in [
        ("lm-studio", "reverse proxy", "Not advised, because it lets every site in", "--cors"),
        ("qbittorrent", "reverse proxy", "Not advised, because it removes a protection", "protection: off"),
    ] {
        let text = corsac(["explain", name]).stdout;
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part:?} in\n{text}"));
        assert!(at(instead) < at(warning) && at(warning) < at(setting), "{text}");
    }
}

#[test]
fn the_json_of_a_product_has_its_facts() {
    let json =
        corsac(["explain", "minio", "--origin", "https://a.example", "--json"]).json()["entries"][0].clone();
    for (field, value) in [
        ("/kind", "product"),
        ("/name", "minio"),
        ("/title", "MinIO"),
        ("/confidence", "source"),
        ("/shapes/0", "quiet"),
        ("/setting/kind", "lists-origins"),
        ("/setting/place", "environment"),
        ("/setting/lines", "MINIO_API_CORS_ALLOW_ORIGIN=https://a.example"),
        ("/evidence/0", "`Server` begins with `MinIO`"),
    ] {
        assert_eq!(json.pointer(field), Some(&value.into()), "{field} in {json:#}");
    }
    let none = corsac(["explain", "meilisearch", "--json"]).json()["entries"][0].clone();
    assert!(none["setting"].is_null() && none["alternative"].is_string(), "{none:#}");
}

#[test]
fn an_origin_is_only_for_products_and_the_opaque_one_is_for_none() {
    let run = corsac(["explain", "preflight", "--origin", "https://a.example"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("is for products"), "{}", run.stderr);
    let run = corsac(["explain", "ollama", "--origin", "https://a.example/"]);
    assert!(run.status == 2 && run.stderr.contains("Write `https://a.example`"), "{}", run.stderr);
    let run = corsac(["explain", "ollama", "--origin", "null"]);
    assert!(run.status == 0 && !run.stdout.contains("OLLAMA_ORIGINS"), "{}", run.stdout);
    let json = corsac(["explain", "ollama", "--origin", "null", "--json"]).json()["entries"][0].clone();
    assert!(json["setting"]["lines"].is_null(), "{json:#}");
}

#[test]
fn a_misspelt_product_is_suggested() {
    for (given, near) in
        [("olama", "`ollama`"), ("elastic", "`elasticsearch`"), ("open-search", "`opensearch`")]
    {
        let run = corsac(["explain", given]);
        assert!(run.status == 1 && run.stderr.contains(near), "{given}: {}", run.stderr);
    }
}
