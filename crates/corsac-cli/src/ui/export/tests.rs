//! The whole site: every page, every link, and nothing that is loaded from elsewhere.

use std::sync::LazyLock;

use scraper::{Html, Selector};

use super::*;

static SITE: LazyLock<Site> = LazyLock::new(|| site().unwrap());

fn pages(site: &Site) -> impl Iterator<Item = (&str, Html, &str)> {
    let pages = site.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, bytes)| {
        let text = std::str::from_utf8(bytes).unwrap();
        (path.as_str(), Html::parse_document(text), text)
    })
}

fn all<'a>(html: &'a Html, selector: &str, attribute: &'a str) -> Vec<&'a str> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).map(|element| element.attr(attribute).unwrap()).collect()
}

/// The path of a link on a page, in the site.
fn target(page: &str, link: &str) -> String {
    let base = url::Url::parse("https://site.example/").unwrap().join(page).unwrap();
    base.join(link).unwrap().path().trim_start_matches('/').to_owned()
}

#[test]
fn every_link_leads_to_a_file_and_a_place_that_exist() {
    let site = &*SITE;
    let mut wrong = String::new();
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (path, html, _) in pages(site) {
        ids.insert(path, all(&html, "[id]", "id").into_iter().map(str::to_owned).collect());
    }
    for (path, html, _) in pages(site) {
        let loaded =
            ["a[href]", "link[href]", "use[href]"].map(|selector| all(&html, selector, "href")).concat();
        for link in loaded.into_iter().chain(all(&html, "script[src]", "src")) {
            if link.starts_with("https:") || link.starts_with("data:") {
                continue;
            }
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { path.to_owned() } else { target(path, file) };
            let is_state = place.contains('=');
            let exists = site.contains_key(&file)
                && (place.is_empty()
                    || is_state
                    || ids.get(file.as_str()).is_some_and(|ids| ids.contains(place)));
            if !exists {
                wrong += &format!("{path}: {link}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_page_is_reached_from_the_first() {
    let site = &*SITE;
    let pages: BTreeMap<&str, Html> = pages(site).map(|(path, html, _)| (path, html)).collect();
    let mut reached = BTreeSet::from(["index.html".to_owned()]);
    let mut left = vec!["index.html".to_owned()];
    while let Some(page) = left.pop() {
        for link in all(&pages[page.as_str()], "a[href]", "href") {
            let file = target(&page, link);
            if pages.contains_key(file.as_str())
                && !link.starts_with("https:")
                && reached.insert(file.clone())
            {
                left.push(file);
            }
        }
    }
    assert_eq!(reached, pages.keys().map(|path| (*path).to_owned()).collect());
}

#[test]
fn pages_load_nothing_from_elsewhere_and_have_no_inline_script_or_style() {
    let site = &*SITE;
    for (path, html, _) in pages(site) {
        for (selector, attribute) in
            [("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("use", "href")]
        {
            let selector = Selector::parse(selector).unwrap();
            for element in html.select(&selector) {
                let address =
                    element.attr(attribute).unwrap_or_else(|| panic!("{path}: inline {}", element.html()));
                assert!(!address.contains("//"), "{path}: {address}");
            }
        }
        for wrong in ["style", "[style]", "[onclick]", "[onload]", "base", "form[action]"] {
            assert_eq!(html.select(&Selector::parse(wrong).unwrap()).count(), 0, "{path}: {wrong}");
        }
        let policy = all(&html, "meta[http-equiv=Content-Security-Policy]", "content");
        assert!(policy.len() == 1 && policy[0].starts_with("default-src 'none'"), "{path}: {policy:?}");
    }
}

#[test]
fn pages_are_well_formed() {
    let site = &*SITE;
    for (path, html, text) in pages(site) {
        // A parser of HTML forgives; what it had to put right shows in the number of elements of a kind.
        for name in
            ["article", "details", "div", "dl", "h1", "h2", "li", "ol", "p", "span", "table", "tr", "ul"]
        {
            let opened =
                text.matches(&format!("<{name}>")).count() + text.matches(&format!("<{name} ")).count();
            let closed = text.matches(&format!("</{name}>")).count();
            let parsed = html.select(&Selector::parse(name).unwrap()).count();
            assert_eq!((opened, closed), (parsed, parsed), "{path}: {name}");
        }
        let ids = all(&html, "[id]", "id");
        let distinct: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), distinct.len(), "{path}");
    }
}

#[test]
fn only_the_views_that_work_without_the_program_are_in_the_navigation() {
    let site = &*SITE;
    for (path, html, _) in pages(site) {
        let selector = Selector::parse("header nav a").unwrap();
        let names: Vec<String> = html.select(&selector).map(|link| link.text().collect()).collect();
        let expected: &[&str] = if assets::has_wasm() { &["Play", "Read"] } else { &["Read"] };
        assert_eq!(names, expected, "{path}");
    }
    let welcome = String::from_utf8(site["index.html"].clone()).unwrap();
    assert!(welcome.contains("<code>corsac ui</code>"));
    assert_eq!(welcome.contains("Play is not part of this site"), !assets::has_wasm());
}

#[test]
fn two_exports_are_the_same_bytes() {
    assert!(*SITE == site().unwrap());
}

#[test]
fn scripts_bring_what_they_import() {
    let script = "import { a } from \"./dom.js\";\nimport(\"./late.js\");\nconst data = \"./x.json\";";
    assert_eq!(imports(script), ["js/dom.js", "js/late.js"]);
    let site = &*SITE;
    for path in site.keys().filter(|path| path.starts_with("js/")) {
        for import in imports(std::str::from_utf8(&site[path]).unwrap()) {
            assert!(site.contains_key(&import), "{path}: {import}");
        }
    }
}
