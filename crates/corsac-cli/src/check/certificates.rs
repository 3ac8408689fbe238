//! `--cacert`, `--cert` and `--key`: files of certificates and keys.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use corsac_fetch::ClientCertificate;

use crate::arguments::CheckArguments;
use crate::terminal::printable;

/// Far more than the certificates of all public authorities together.
const LONGEST_FILE: u64 = 4 << 20;

/// The PEM text of the authorities to trust besides those of this machine.
pub(super) fn authorities(arguments: &CheckArguments) -> Result<String, String> {
    let Some(path) = &arguments.cacert else { return Ok(String::new()) };
    let text = String::from_utf8(read("--cacert", path)?).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(no_certificate("--cacert", path));
    }
    Ok(text)
}

/// The client's certificate with its key.
pub(super) fn client_certificate(arguments: &CheckArguments) -> Result<Option<ClientCertificate>, String> {
    let Some(path) = &arguments.cert else { return Ok(None) };
    let certificate = read("--cert", path)?;
    let (key, option, key_path) = match &arguments.key {
        Some(key) => (&read("--key", key)?, "--key", key),
        None => (&certificate, "--cert", path),
    };
    match ClientCertificate::from_pem(&certificate, key) {
        Ok(certificate) => Ok(Some(certificate)),
        Err(error) => Err(format!("{option} {}: {error}.", shown(key_path))),
    }
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST_FILE.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read `{}` of {option}: {error}", shown(path)))?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(format!(
            "`{}` of {option} is over 4 MiB, more than any file of certificates needs",
            shown(path)
        ));
    }
    Ok(bytes)
}

fn no_certificate(option: &str, path: &Path) -> String {
    format!(
        "there is no certificate in `{}` of {option}: it takes PEM, `-----BEGIN CERTIFICATE-----` and so on",
        shown(path)
    )
}

fn shown(path: &Path) -> String {
    printable(path.as_os_str().as_encoded_bytes())
}
