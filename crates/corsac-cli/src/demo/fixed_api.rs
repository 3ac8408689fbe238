//! The same API with a policy: the layer is the one that any service would use.

use std::sync::Arc;

use corsac::server::Policy;
use corsac_config::{Format, PolicyFile};
use corsac_tower::{CorsLayer, CorsService};
use tower_layer::Layer as _;

use super::addresses::Addresses;
use super::api::Api;

/// The policy file. `{page}` is replaced.
pub(super) const POLICY: &str = r#"[policy.demo]
origins = ["{page}"]
methods = ["PUT", "PATCH", "DELETE"]
request-headers = ["Authorization", "Content-Type"]
expose-headers = ["X-Total-Count"]
credentials = true
"#;

/// Returns the compiled policy.
fn policy(addresses: &Addresses) -> Result<Policy, String> {
    let file =
        PolicyFile::parse(&addresses.fill(POLICY), Format::Toml).map_err(|problems| problems.lines())?;
    file.policy("demo").map_err(|error| error.to_string())
}

/// Returns the API inside the layer. Preflights never reach it, and its CORS headers are replaced.
pub(super) fn api(addresses: &Addresses) -> Result<CorsService<Api>, String> {
    let fixed = Addresses { api: addresses.fixed.clone(), ..addresses.clone() };
    Ok(CorsLayer::new(policy(addresses)?).layer(Api::new(Arc::new(fixed))))
}
