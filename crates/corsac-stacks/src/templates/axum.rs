{{ header }}
// The policies are here so that the file says what it was compiled from. A program can also read them from the policy file, and again when it changes:
// docs/serve.md.
//
// Add the layer to the whole application, outside of everything else:
//   let app = Router::new().route(...).layer(cors()?);

use corsac_tower::{CorsLayer, PlacementHandle};
use corsac_config::{FileProblems, Format, PolicyFile};

const POLICIES: &str = {{ policies | rust_raw }};

/// Answers preflights, and sets the CORS headers of every other response.
pub fn cors() -> Result<CorsLayer, FileProblems> {
    let placement = PolicyFile::parse(POLICIES, Format::Json)?.placement();
    Ok(CorsLayer::new(PlacementHandle::new(placement)))
}
