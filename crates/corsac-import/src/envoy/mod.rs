//! Not read yet.

use crate::error::ImportError;
use crate::files::Files;
use crate::server::Server;

/// Reads the files.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    Err(ImportError::new(files.name(0), 1, "This kind is not read yet."))
}
