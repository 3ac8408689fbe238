//! A certificate for servers that ask their clients for one.

use std::fmt;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::setup_error::NetworkSetupError;

/// A certificate and its private key, for servers that ask their clients for one.
///
/// It belongs to the [credentials](https://fetch.spec.whatwg.org/#credentials): an exchange without credentials, such as every preflight, uses a
/// connection without it.
#[derive(Clone)]
pub struct ClientCertificate(pub(super) Arc<CertifiedKey>);

impl ClientCertificate {
    /// Reads both from PEM: the certificate, followed by any intermediate certificates, and the key.
    ///
    /// # Errors
    ///
    /// If one of them is not PEM or is missing, if the kind of the key is unknown, or if it is not the key of the certificate.
    ///
    /// ```
    /// let error = corsac_fetch::ClientCertificate::from_pem(b"", b"").unwrap_err();
    /// assert!(error.to_string().starts_with("there is no certificate in it"));
    /// ```
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, NetworkSetupError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<_, _>>()
            .map_err(|error| NetworkSetupError::new(format!("the certificate is not PEM: {error}")))?;
        if chain.is_empty() {
            return Err(NetworkSetupError::new(
                "there is no certificate in it: write PEM, `-----BEGIN CERTIFICATE-----` and so on",
            ));
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| {
            NetworkSetupError::new(
                "there is no private key that can be read: write PEM without a password, `-----BEGIN PRIVATE KEY-----` and so on",
            )
        })?;
        let certified = CertifiedKey::from_der(chain, key, &ring::default_provider());
        let certified = certified.map_err(|error| {
            NetworkSetupError::new(format!("certificate and private key cannot be used together: {error}"))
        })?;
        Ok(Self(Arc::new(certified)))
    }
}

/// The key is a secret.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("certificates", &self.0.cert.len()).finish_non_exhaustive()
    }
}
