//! TLS: which certificates to trust, and the handshake.

use std::sync::{Arc, OnceLock};

use corsac::browser::{NetworkError, NetworkErrorKind};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;
use url::Host;

use super::client_certificate::ClientCertificate;
use super::deadline::Deadline;
use super::failure;
use super::options::NetworkOptions;
use super::setup_error::NetworkSetupError;
use super::watched::Stream;

/// The settings of TLS. Reading the certificates of the platform takes milliseconds, so that is done at the first handshake.
pub(super) struct Tls {
    insecure: bool,
    extra_roots: Vec<CertificateDer<'static>>,
    client_certificate: Option<ClientCertificate>,
    config: OnceLock<Result<ClientConfig, NetworkError>>,
}

/// Which versions of HTTP to offer.
#[derive(Clone, Copy)]
pub(super) enum Protocols {
    Http1,
    Http1And2,
}

impl Tls {
    pub(super) fn new(options: &NetworkOptions) -> Result<Self, NetworkSetupError> {
        let roots: Vec<_> = CertificateDer::pem_slice_iter(options.extra_roots.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| {
                NetworkSetupError::new(format!("the extra certificates are not PEM: {error}"))
            })?;
        if roots.is_empty() && !options.extra_roots.trim().is_empty() {
            return Err(NetworkSetupError::new(
                "there is no certificate in the extra certificates: write PEM, `-----BEGIN CERTIFICATE-----` and so on",
            ));
        }
        Ok(Self {
            insecure: options.insecure,
            extra_roots: roots,
            client_certificate: options.client_certificate.clone(),
            config: OnceLock::new(),
        })
    }

    /// Returns a TLS connection over `stream`, and whether HTTP/2 was negotiated. With `show_certificate`, a server that asks for the client's
    /// certificate gets it.
    pub(super) async fn handshake(
        &self,
        stream: Box<dyn Stream>,
        host: &Host,
        port: u16,
        protocols: Protocols,
        show_certificate: bool,
        deadline: Deadline,
    ) -> Result<(Box<dyn Stream>, bool), NetworkError> {
        let mut config = self.config.get_or_init(|| self.load()).clone()?;
        config.alpn_protocols = match protocols {
            Protocols::Http1 => vec![b"http/1.1".to_vec()],
            Protocols::Http1And2 => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        };
        if let Some(ClientCertificate(certified)) =
            self.client_certificate.as_ref().filter(|_| show_certificate)
        {
            config.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(Arc::clone(certified)));
        }
        let name = server_name(host)?;
        let handshake = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream = deadline
            .hold(handshake, || format!("the TLS handshake with {host}:{port} was not complete"))
            .await?
            .map_err(|error| failure::handshake(&error, host, port))?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok((Box::new(stream), http2))
    }

    fn load(&self) -> Result<ClientConfig, NetworkError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| NetworkError::new(NetworkErrorKind::TlsProtocol, error.to_string()))?;
        if self.insecure {
            let verifier = Arc::new(AcceptAnyCertificate(provider));
            return Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth());
        }
        Ok(builder.with_root_certificates(self.roots()?).with_no_client_auth())
    }

    /// The platform's certificates (those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, where set), and the extra ones.
    fn roots(&self) -> Result<RootCertStore, NetworkError> {
        let platform = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        // Old platforms have certificates that the verifier does not support; those are left out.
        roots.add_parsable_certificates(platform.certs);
        roots.add_parsable_certificates(self.extra_roots.iter().cloned());
        if !roots.is_empty() {
            return Ok(roots);
        }
        let reasons: Vec<String> = platform.errors.iter().take(3).map(ToString::to_string).collect();
        Err(NetworkError::new(
            NetworkErrorKind::TlsUntrusted,
            format!(
                "no trusted certificates were found on this machine, so no server can be trusted ({}): install the package \
                 `ca-certificates`, or name a PEM file in the environment variable SSL_CERT_FILE",
                if reasons.is_empty() { "the platform has none".into() } else { reasons.join("; ") }
            ),
        ))
    }
}

fn server_name(host: &Host) -> Result<ServerName<'static>, NetworkError> {
    match host {
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
        // A final dot belongs to DNS. Certificates and server name indication use names without it.
        Host::Domain(name) => ServerName::try_from(name.strip_suffix('.').unwrap_or(name).to_owned())
            .map_err(|_| {
                let message = format!("`{name}` is not a name that a certificate can be for");
                NetworkError::new(NetworkErrorKind::TlsNameMismatch, message)
            }),
    }
}

/// For [`NetworkOptions::insecure`]: accepts every certificate and every signature.
#[derive(Debug)]
struct AcceptAnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
