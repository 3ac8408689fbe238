//! The same API behind a policy: the layer that a service of your own would take.

use std::sync::Arc;

use corsac::server::Policy;
use corsac_config::{Format, PolicyFile};
use corsac_tower::{CorsLayer, CorsService};
use tower_layer::Layer as _;

use super::api::Api;
use super::places::Places;

/// The policy, as a person writes it. `{page}` is filled in.
pub(super) const POLICY: &str = r#"[policy.demo]
origins = ["{page}"]
methods = ["PUT", "PATCH", "DELETE"]
request-headers = ["Authorization", "Content-Type"]
expose-headers = ["X-Total-Count"]
credentials = true
"#;

/// The policy of these places, checked and compiled.
fn policy(places: &Places) -> Result<Policy, String> {
    let file = PolicyFile::parse(&places.fill(POLICY), Format::Toml).map_err(|problems| problems.lines())?;
    file.policy("demo").map_err(|error| error.to_string())
}

/// The API in the layer: preflights never reach it, and its CORS headers are replaced.
pub(super) fn api(places: &Places) -> Result<CorsService<Api>, String> {
    let behind = Places { api: places.fixed.clone(), ..places.clone() };
    Ok(CorsLayer::new(policy(places)?).layer(Api::new(Arc::new(behind))))
}
