//! The pages: the frame that they share, and the views in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::{Environment, Value, context};

use super::assets::{self, File};
use super::{Ui, api, read};

/// A view: its name, its place below the root, and its name in the navigation.
struct View {
    name: &'static str,
    path: &'static str,
    title: &'static str,
}

const VIEWS: [View; 4] = [
    View { name: "ask", path: "index.html", title: "Ask" },
    View { name: "play", path: "play.html", title: "Play" },
    View { name: "prove", path: "prove.html", title: "Prove" },
    View { name: "policy", path: "policy.html", title: "Policy" },
];

/// What is served, by path.
pub(super) struct Pages(BTreeMap<String, File>);

impl Pages {
    /// Renders the views.
    pub(super) fn new(demo: &serde_json::Value) -> Result<Self, String> {
        let cannot = |error: std::io::Error| format!("cannot make the pages: {error}");
        let environment = environment()?;
        let mut files = BTreeMap::new();
        for view in &VIEWS {
            let page = render(&environment, view, "binary")?;
            files.insert(view.path.to_owned(), File::new(view.path, &page).map_err(cannot)?);
        }
        // The contents of views are parts of pages, not pages.
        let contents = |path: &str| VIEWS.iter().any(|view| path == contents_of(view));
        for embedded in assets::embedded().filter(|embedded| !contents(embedded.path)) {
            files.insert(embedded.path.to_owned(), embedded.file());
        }
        for (path, data) in [("demo.json", demo), ("targets.json", &api::policy::targets())] {
            files.insert(path.to_owned(), File::new(path, &data.to_string()).map_err(cannot)?);
        }
        let presets = File::new("presets.json", corsac_wasm::PRESETS).map_err(cannot)?;
        files.insert("presets.json".to_owned(), presets);
        Ok(Self(files))
    }
}

fn contents_of(view: &View) -> String {
    format!("{}.html", view.name)
}

/// Returns the templates. What is written into them is escaped.
pub(super) fn environment() -> Result<Environment<'static>, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    for (name, source) in [
        ("base.html", include_str!("templates/base.html")),
        ("view.html", include_str!("templates/view.html")),
    ] {
        environment.add_template(name, source).map_err(|error| error.to_string())?;
    }
    read::set_up(&mut environment).map_err(|error| error.to_string())?;
    Ok(environment)
}

/// Returns what the frame of a page needs. `root` is the way from the page to the root, and `served` is "binary" or "export".
pub(super) fn frame(view: &str, root: &str, served: &str) -> Value {
    let item = |view: &str, path: &str, title: &str| context! { view, path, title };
    let mut views: Vec<Value> = VIEWS
        .iter()
        .filter(|view| served == "binary" || view.name == "play" && assets::has_wasm())
        .map(|view| item(view.name, view.path, view.title))
        .collect();
    views.push(item("read", "read/index.html", "Read"));
    let version = env!("CARGO_PKG_VERSION");
    context! { view, root, served, views, version, wasm => assets::has_wasm() }
}

/// Returns the view Play, for a site that is not served by the program.
pub(super) fn exported_play(environment: &Environment<'_>) -> Result<String, String> {
    let play = VIEWS.iter().find(|view| view.name == "play");
    play.map_or_else(|| Ok(String::new()), |view| render(environment, view, "export"))
}

fn render(environment: &Environment<'_>, view: &View, served: &str) -> Result<String, String> {
    let contents = assets::embedded().find(|embedded| embedded.path == contents_of(view));
    let contents = match contents {
        Some(embedded) => embedded.text()?,
        None => format!("<h1>{}</h1>\n<p>This build does not have this view.</p>", view.title),
    };
    let values = context! { title => view.title, contents, ..frame(view.name, ".", served) };
    let page = environment.get_template("view.html").and_then(|template| template.render(values));
    page.map_err(|error| format!("cannot make the page {}: {error}", view.title))
}

/// Serves a file or a page.
pub(super) async fn answer(State(ui): State<Arc<Ui>>, request: Request) -> Response {
    let path = match request.uri().path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    match ui.pages.0.get(path) {
        Some(file) => file.respond(request.headers()),
        None => match path.strip_prefix("read/").and_then(page_to_read) {
            Some(file) => file.respond(request.headers()),
            None => not_found(),
        },
    }
}

/// Makes a page of Read. There are hundreds, of which somebody reads a few.
fn page_to_read(file: &str) -> Option<File> {
    let frame = frame("read", "..", "binary");
    let page = read::page(&environment().ok()?, file, &frame, &read::presets()).ok()??;
    File::new(file, &page).ok()
}

fn not_found() -> Response {
    let mut response = Response::new(Body::from("There is no such page.\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
