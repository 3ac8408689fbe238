//! Products with a CORS setting of their own, such as Ollama, MinIO and Keycloak: how each refuses a page, and which setting allows it.
//!
//! The facts are data, in `products.toml`. A product is recognized by a header or a part of the body that only it is known to send, and never by
//! its port: a wrong name would send the reader to the wrong manual.

mod marker;
mod product;
mod shape;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use corsac::browser::ResponseHead;
use serde::Deserialize;

pub use marker::Marker;
pub use product::{Confidence, Place, Product, Setting, SettingKind};
pub use shape::Shape;

/// Returns every product, by group.
///
/// ```
/// assert!(corsac_stacks::products().iter().any(|product| product.title == "MinIO"));
/// ```
pub fn products() -> &'static [Product] {
    &FILE.products
}

/// Returns the product that has this name or alias, in any case.
///
/// ```
/// use corsac_stacks::product;
/// assert_eq!(product("Ollama").map(|product| product.title.as_str()), Some("Ollama"));
/// assert_eq!(product("jupyter"), product("jupyter-server"));
/// ```
pub fn product(name: &str) -> Option<&'static Product> {
    let is_named = |known: &str| known.eq_ignore_ascii_case(name);
    products()
        .iter()
        .find(|product| is_named(&product.name) || product.aliases.iter().any(|alias| is_named(alias)))
}

/// Returns the products that this response gives away, by its headers or by the beginning of its body. Most responses give away none.
///
/// ```
/// use corsac::browser::ResponseHead;
/// use corsac_stacks::recognize;
///
/// let names = |head, body| recognize(&head, body).iter().map(|product| product.name.as_str()).collect::<Vec<_>>();
/// assert_eq!(names(ResponseHead::new(200, [("Server", "MinIO")]), None), ["minio"]);
/// let root = ResponseHead::new(200, [("Content-Type", "text/plain; charset=utf-8")]);
/// assert_eq!(names(root, Some(b"Ollama is running")), ["ollama"]);
/// assert!(names(ResponseHead::new(403, [("Content-Length", "0")]), Some(b"")).is_empty());
/// ```
pub fn recognize(response: &ResponseHead, body: Option<&[u8]>) -> Vec<&'static Product> {
    let shows =
        |product: &&Product| product.evidence.iter().any(|marker| marker.is_in(&response.headers, body));
    products().iter().filter(shows).collect()
}

/// Returns the products that a refusal of this shape is most likely from, the best known first. There are at most two: a longer list would be no
/// help, and none of them is proven.
///
/// ```
/// use corsac_stacks::{Shape, fitting};
/// let titles = fitting(Shape::Forbidden403Empty).into_iter().map(|product| product.title.as_str());
/// assert_eq!(titles.collect::<Vec<_>>(), ["Ollama", "Elasticsearch"]);
/// ```
pub fn fitting(shape: Shape) -> Vec<&'static Product> {
    let names = FILE.fitting.get(&shape).map(Vec::as_slice).unwrap_or_default();
    names.iter().take(2).filter_map(|name| product(name)).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fitting: BTreeMap<Shape, Vec<String>>,
    #[serde(rename = "product")]
    products: Vec<Product>,
}

/// A test ensures that the file can be read.
static FILE: LazyLock<File> = LazyLock::new(|| read().unwrap_or_default());

fn read() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("../products.toml"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_can_be_read() {
        super::read().unwrap();
    }
}
