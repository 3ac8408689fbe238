//! What to write into a stack so that one request works: the smallest policy for it, in the stack's own language.

use corsac::browser::{Credentials, Request};
use corsac::header::{SafelistRules, unsafe_request_header_names};
use corsac::server::{PathPrefix, Placed, Placement, Policy, PolicyBuilder, ProblemCode};

use super::{Stack, traps};
use crate::compile;
use crate::feature::{Feature, Support, support};
use crate::options::CompileOptions;
use crate::products::Product;
use crate::target::Target;

/// What to write into a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// Where it belongs, and what to know first: sentences.
    pub text: String,
    /// The lines to write.
    pub lines: Vec<String>,
    /// What this stack is known for, in sentences: of a target the most frequent, of a product all.
    pub traps: Vec<&'static str>,
}

/// Why there is nothing to write.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoAdvice {
    /// The reason, and what is possible instead: sentences.
    pub reason: String,
}

/// Returns what to write into a stack so that a page may read the response to this request: the smallest policy that allows it, at the path of its URL. GET, HEAD
/// and POST are allowed too, because CORS never forbids them to an allowed origin, and so is what is below the path. A product's setting may allow more.
///
/// # Errors
///
/// Fails if no safe policy allows the request, or if the stack cannot hold it.
///
/// ```
/// use corsac::browser::{Client, RequestInit};
/// use corsac_stacks::{Stack, advise};
///
/// let client = Client::new("https://app.example.com".parse().unwrap());
/// let mut init = RequestInit::new("https://api.example.com/items".parse().unwrap(), client);
/// init.method = "PUT".to_owned();
/// let advice = advise(Stack::parse("express").unwrap(), &init.build().unwrap()).unwrap();
/// assert!(advice.lines.iter().any(|line| line.contains(r#"methods: "GET, HEAD, POST, PUT""#)));
/// ```
pub fn advise(stack: Stack, request: &Request) -> Result<Advice, NoAdvice> {
    match stack {
        Stack::Target(target) => {
            let placement = smallest_placement(target, request)?;
            let part = match placement.parts().next() {
                Some((path, _)) => format!("`{path}` and what is below it"),
                None => "the whole server".to_owned(),
            };
            let options = CompileOptions::default().with(|options| options.for_one_request = true);
            let compiled = compile(target, &placement, &options)
                .map_err(|refused| NoAdvice { reason: refused.to_string() })?;
            Ok(Advice {
                text: format!(
                    "This allows the page's origin to send this request to {part}. The comments say where it belongs. CORS never forbids GET, HEAD and POST to an \
                     allowed origin."
                ),
                lines: compiled.text.lines().map(str::to_owned).collect(),
                traps: traps(target).iter().copied().take(1).collect(),
            })
        }
        Stack::Product(product) => of_product(product, request),
    }
}

fn of_product(product: &'static Product, request: &Request) -> Result<Advice, NoAdvice> {
    let alternative = product.alternative.clone().unwrap_or_default();
    let Some(setting) = &product.setting else {
        return Err(NoAdvice { reason: format!("{} has no setting for this. {alternative}", product.title) });
    };
    let Some(lines) = setting.lines_for(request.origin()) else {
        return Err(NoAdvice {
            reason: format!(
                "{} can allow a page only if it has an origin: serve it over http or https.",
                product.title
            ),
        });
    };
    let warning = setting.kind.warning().map_or_else(String::new, |warning| format!("{warning}: "));
    let text = [alternative, format!("{warning}{}", setting.instruction)];
    Ok(Advice {
        text: text.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" "),
        lines: lines.lines().map(str::to_owned).collect(),
        traps: product.traps.iter().map(String::as_str).collect(),
    })
}

/// Returns the smallest policy that allows the request, at the path of its URL if the target has paths.
fn smallest_placement(target: Target, request: &Request) -> Result<Placement, NoAdvice> {
    let policy = smallest_policy(request)?;
    let placed = Placed::new("page", policy);
    let has_paths = !matches!(support(target, Feature::At), Support::Refused { .. });
    Ok(match longest_plain_path(request.init().url.path()).filter(|_| has_paths) {
        Some(path) => Placement::only_at(path, placed),
        None => Placement::new(placed),
    })
}

/// Returns the longest beginning of a path that every server compares in the same way.
fn longest_plain_path(path: &str) -> Option<PathPrefix> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    let mut beginnings: Vec<&str> = ends.filter_map(|end| path.get(..end)).collect();
    beginnings.reverse();
    beginnings
        .into_iter()
        .filter(|beginning| crate::is_plain_path(beginning))
        .find_map(|beginning| PathPrefix::parse(beginning).ok())
}

fn smallest_policy(request: &Request) -> Result<Policy, NoAdvice> {
    let origin = request.origin();
    let with_credentials = request.init().credentials == Credentials::Include;
    if origin.is_opaque() && with_credentials {
        return Err(NoAdvice {
            reason: "A page without an origin cannot be allowed with credentials, because any site can make one. Serve the page over http or https."
                .to_owned(),
        });
    }
    let allowed = if origin.is_opaque() { "*" } else { origin.as_str() };
    let method = request.method();
    let is_simple = matches!(method, "GET" | "HEAD" | "POST");
    let builder = Policy::builder([allowed])
        .methods((!is_simple).then(|| method.to_ascii_uppercase()))
        .request_headers(unsafe_request_header_names(request.headers(), &SafelistRules::SPEC))
        .credentials(with_credentials);
    builder
        .build()
        .or_else(|problems| {
            // A page over http is what it is: the request works only if its origin is allowed.
            let codes = problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.code);
            let acknowledged = codes.fold(builder.clone(), PolicyBuilder::acknowledge);
            let is_http = problems
                .iter()
                .all(|problem| !problem.is_error() || problem.code == ProblemCode::CredentialsInsecureOrigin);
            if is_http { acknowledged.build() } else { Err(problems) }
        })
        .map_err(|problems| NoAdvice { reason: format!("No safe policy allows this request: {problems}.") })
}
