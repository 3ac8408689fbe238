//! A stack is a server or framework that policies are compiled for, or a product with a CORS setting of its own.

mod advice;
mod recognize;
mod traps;

use crate::products::{Product, product, products};
use crate::target::Target;

pub use advice::{Advice, NoAdvice, advise};
pub use recognize::{Recognition, RecognizedBy, recognize_stacks};
pub use traps::traps;

/// Something that answers requests and has a way of its own to allow origins.
///
/// ```
/// use corsac_stacks::Stack;
/// assert_eq!(Stack::parse("nginx").map(Stack::title), Some("nginx"));
/// assert_eq!(Stack::parse("ollama").map(Stack::title), Some("Ollama"));
/// assert_eq!(Stack::parse("ngnx"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stack {
    /// A server, a proxy or a framework.
    Target(Target),
    /// A product with a setting.
    Product(&'static Product),
}

impl Stack {
    /// Returns the stack of this name, in any case. For products, aliases work as well.
    pub fn parse(name: &str) -> Option<Self> {
        let target = || Target::parse(&name.to_ascii_lowercase()).map(Self::Target);
        // Some services are both: the row of the product says what it refuses as well.
        product(name).map(Self::Product).or_else(target)
    }

    /// Returns the name on the command line: `nginx`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Target(target) => target.as_str(),
            Self::Product(product) => &product.name,
        }
    }

    /// Returns the name as its makers write it: `Apache httpd`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Target(target) => target.title(),
            Self::Product(product) => &product.title,
        }
    }

    /// Returns every name, of targets first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let targets = Target::ALL.iter().copied().map(Target::as_str).filter(|name| product(name).is_none());
        targets.chain(products().iter().map(|product| product.name.as_str()))
    }
}
