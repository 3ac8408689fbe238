//! `--cacert`, `--cert` and `--key`: reads certificates and keys.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use corsac_fetch::ClientCertificate;

use crate::arguments::CheckArguments;
use crate::terminal::printable;

/// The limit of a file, far more than the certificates of all public authorities need.
const LONGEST_FILE: u64 = 4 << 20;

/// Returns the additional trusted CA certificates, as PEM.
pub(crate) fn authorities(cacert: Option<&Path>) -> Result<String, String> {
    let Some(path) = cacert else { return Ok(String::new()) };
    let text = String::from_utf8(read("--cacert", path)?).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(no_certificate("--cacert", path));
    }
    Ok(text)
}

/// Returns the client certificate with its key.
pub(super) fn client_certificate(arguments: &CheckArguments) -> Result<Option<ClientCertificate>, String> {
    let Some(path) = &arguments.cert else { return Ok(None) };
    let certificate = read("--cert", path)?;
    let (key, option, key_path) = match &arguments.key {
        Some(key) => (&read("--key", key)?, "--key", key),
        None => (&certificate, "--cert", path),
    };
    match ClientCertificate::from_pem(&certificate, key) {
        Ok(certificate) => Ok(Some(certificate)),
        Err(error) => Err(format!("{option} {}: {error}.", quoted(key_path))),
    }
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST_FILE.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read `{}` of {option}: {error}", quoted(path)))?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(format!(
            "`{}` of {option} is over 4 MiB, which is the limit for certificates",
            quoted(path)
        ));
    }
    Ok(bytes)
}

fn no_certificate(option: &str, path: &Path) -> String {
    format!(
        "there is no certificate in `{}` of {option}: the file has to be PEM, which starts with `-----BEGIN CERTIFICATE-----`",
        quoted(path)
    )
}

fn quoted(path: &Path) -> String {
    printable(path.as_os_str().as_encoded_bytes())
}
