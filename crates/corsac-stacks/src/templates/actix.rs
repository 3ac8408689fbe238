{{ header }}
// The policies are here so that the file says what it was compiled from. A program can also read them from the policy file, and again when it changes:
// docs/serve.md.
//
// Make the middleware once, outside of the closure, and wrap the whole application in it, last:
//   let cors = cors()?;
//   HttpServer::new(move || App::new().route(...).wrap(cors.clone()))

use corsac_actix::{CorsMiddleware, PlacementHandle};
use corsac_config::{FileProblems, Format, PolicyFile};

const POLICIES: &str = {{ policies | rust_raw }};

/// Answers preflights, and sets the CORS headers of every other response.
pub fn cors() -> Result<CorsMiddleware, FileProblems> {
    let placement = PolicyFile::parse(POLICIES, Format::Json)?.placement();
    Ok(CorsMiddleware::new(PlacementHandle::new(placement)))
}
