//! `corsac stacks`: what `--stack`, `compile` and `explain` know by name.

use corsac_stacks::{Product, Target, TargetKind, products};

use crate::terminal::{STRONG, styled, wrap};

/// Returns the page to print.
pub(crate) fn list() -> String {
    let mut page = String::new();
    for kind in TargetKind::ALL {
        page.push_str(&format!("{}\n", styled(STRONG, kind.title())));
        for target in Target::ALL.iter().filter(|target| target.kind() == *kind) {
            page.push_str(&format!("  {:20} {}\n", target.as_str(), target.title()));
        }
        page.push('\n');
    }
    page.push_str(&format!(
        "{}\n{}\n",
        styled(STRONG, "Products with a CORS setting of their own"),
        product_names()
    ));
    page.push_str(&wrap(
        "`corsac check URL --origin ORIGIN --stack NAME` prints what to write into one of these for a request that is refused. `corsac explain NAME` says what surprises there. \
         `corsac policy compile NAME FILE` writes a policy for a server, a framework, a gateway or a service.",
        "",
        "",
    ));
    page
}

/// Returns the names of the products, by group.
pub(crate) fn product_names() -> String {
    let groups = products().chunk_by(|product, next| product.group == next.group);
    let line = |group: &[Product]| {
        let names: Vec<&str> = group.iter().map(|product| product.name.as_str()).collect();
        let title = group.first().map_or("", |product| product.group.as_str());
        wrap(&format!("{title}: {}", names.join(", ")), "  ", "    ")
    };
    groups.map(line).collect()
}
