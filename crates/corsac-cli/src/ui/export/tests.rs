//! The whole site: every page, every link, and nothing that is loaded from elsewhere.

use std::sync::LazyLock;

use scraper::{Html, Selector};

use super::*;

static SITE: LazyLock<Site> = LazyLock::new(|| site().unwrap());
static PAGES: LazyLock<BTreeMap<&str, Page>> = LazyLock::new(|| {
    let pages = SITE.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, bytes)| (path.as_str(), Page::read(std::str::from_utf8(bytes).unwrap()))).collect()
});

/// The elements whose tags are counted.
const PAIRS: [&str; 13] =
    ["article", "details", "div", "dl", "h1", "h2", "li", "ol", "p", "span", "table", "tr", "ul"];

/// What the tests look at, since a parser takes its time.
#[derive(Default)]
struct Page {
    ids: Vec<String>,
    /// Where links lead.
    links: Vec<String>,
    /// What the page loads by itself.
    loaded: Vec<String>,
    /// What a page must not have.
    inline: Vec<String>,
    views: Vec<String>,
    policies: Vec<String>,
    /// Elements that the parser had to put right: opening tags, closing tags, elements.
    unbalanced: Vec<(&'static str, [usize; 3])>,
}

impl Page {
    fn read(text: &str) -> Self {
        let html = Html::parse_document(text);
        let mut page = Self::default();
        let mut counts = PAIRS.map(|_| 0);
        for element in html.select(&Selector::parse("*").unwrap()) {
            let (name, attribute) =
                (element.value().name(), |name: &str| element.attr(name).map(str::to_owned));
            page.ids.extend(attribute("id"));
            match name {
                "a" => page.links.extend(attribute("href")),
                "link" | "use" => page.loaded.extend(attribute("href")),
                "script" | "img" | "iframe" if attribute("src").is_some() => {
                    page.loaded.extend(attribute("src"));
                }
                "script" | "style" | "base" => page.inline.push(element.html()),
                "meta" if attribute("http-equiv").is_some() => page.policies.extend(attribute("content")),
                _ => {}
            }
            if element
                .value()
                .attrs()
                .any(|(name, _)| name.starts_with("on") || matches!(name, "style" | "action"))
            {
                page.inline.push(element.html());
            }
            if let Some(index) = PAIRS.iter().position(|pair| *pair == name) {
                counts[index] += 1;
            }
        }
        let views = Selector::parse("header nav a").unwrap();
        page.views = html.select(&views).map(|link| link.text().collect()).collect();
        for (name, parsed) in PAIRS.into_iter().zip(counts) {
            let times = |tag: String| text.matches(&tag).count();
            let counts = [
                times(format!("<{name}>")) + times(format!("<{name} ")),
                times(format!("</{name}>")),
                parsed,
            ];
            if counts != [parsed; 3] {
                page.unbalanced.push((name, counts));
            }
        }
        page
    }
}

/// The path of a link on a page, in the site.
fn target(page: &str, link: &str) -> String {
    let base = url::Url::parse("https://site.example/").unwrap().join(page).unwrap();
    base.join(link).unwrap().path().trim_start_matches('/').to_owned()
}

#[test]
fn every_link_leads_to_a_file_and_a_place_that_exist() {
    let mut wrong = String::new();
    for (path, page) in &*PAGES {
        let links = page.links.iter().filter(|link| !link.starts_with("https:"));
        for link in links.chain(page.loaded.iter().filter(|link| !link.starts_with("data:"))) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { (*path).to_owned() } else { target(path, file) };
            let is_state = place.contains('=');
            let has_place =
                || PAGES.get(file.as_str()).is_some_and(|page| page.ids.iter().any(|id| id == place));
            if !SITE.contains_key(&file) || !(place.is_empty() || is_state || has_place()) {
                wrong += &format!("{path}: {link}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_page_is_reached_from_the_first() {
    let mut reached = BTreeSet::from(["index.html".to_owned()]);
    let mut left = vec!["index.html".to_owned()];
    while let Some(page) = left.pop() {
        for link in PAGES[page.as_str()].links.iter().filter(|link| !link.starts_with("https:")) {
            let file = target(&page, link);
            if PAGES.contains_key(file.as_str()) && reached.insert(file.clone()) {
                left.push(file);
            }
        }
    }
    assert_eq!(reached, PAGES.keys().map(|path| (*path).to_owned()).collect());
}

#[test]
fn pages_load_nothing_from_elsewhere_and_have_no_inline_script_or_style() {
    for (path, page) in &*PAGES {
        assert!(page.loaded.iter().all(|address| !address.contains("//")), "{path}: {:?}", page.loaded);
        assert!(page.inline.is_empty(), "{path}: {:?}", page.inline);
        assert!(
            page.links.iter().all(|link| !link.starts_with("http:") && !link.starts_with("javascript:")),
            "{path}"
        );
        assert!(matches!(&page.policies[..], [policy] if policy.starts_with("default-src 'none'")), "{path}");
    }
}

#[test]
fn pages_are_well_formed() {
    for (path, page) in &*PAGES {
        assert!(page.unbalanced.is_empty(), "{path}: {:?}", page.unbalanced);
        let distinct: BTreeSet<&String> = page.ids.iter().collect();
        assert_eq!(page.ids.len(), distinct.len(), "{path}: an id stands there twice");
    }
}

#[test]
fn only_the_views_that_work_without_the_program_are_in_the_navigation() {
    let expected: &[&str] = if assets::has_wasm() { &["Play", "Read"] } else { &["Read"] };
    for (path, page) in &*PAGES {
        assert_eq!(page.views, expected, "{path}");
    }
    let welcome = std::str::from_utf8(&SITE["index.html"]).unwrap();
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
    for (path, bytes) in SITE.iter().filter(|(path, _)| path.starts_with("js/")) {
        for import in imports(std::str::from_utf8(bytes).unwrap()) {
            assert!(SITE.contains_key(&import), "{path}: {import}");
        }
    }
}
