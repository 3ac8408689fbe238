//! TLS: which certificates are trusted, and the message of each failure. All certificates are made in the tests.

use std::io::Write;
use std::sync::{Arc, LazyLock};

use corsac::browser::NetworkErrorKind as Kind;
use corsac_fetch::{ConnectInstead, NetworkOptions, Received, SendError};
use hyper::Version;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::{Client, Server, fails, failure, get, hasty, options, read_request, send};

/// An authority that the tests may choose to trust.
static AUTHORITY: LazyLock<(Issuer<'static, KeyPair>, String)> = LazyLock::new(|| {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), pem)
});

pub(crate) fn trusting() -> NetworkOptions {
    options().with(|options| options.extra_roots = AUTHORITY.1.clone())
}

/// What a server presents: a certificate with these changes, signed by the authority.
pub(crate) fn signed(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    change(&mut params);
    let certificate = params.signed_by(&key, &AUTHORITY.0).unwrap();
    config(certificate.der().clone(), &key)
}

/// The default name of a subject is that of the authority: then a certificate claims to be signed by it.
fn self_signed(subject: Option<&str>, is_authority: bool) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    if let Some(subject) = subject {
        params.distinguished_name.push(DnType::CommonName, subject);
    }
    if is_authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    config(params.self_signed(&key).unwrap().der().clone(), &key)
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

type TlsClient<'c> = StreamOwned<ServerConnection, &'c mut std::net::TcpStream>;

/// A server over TLS that runs a function for each connection.
pub(crate) fn tls_server(
    config: ServerConfig,
    behave: impl Fn(&mut TlsClient<'_>) + Send + Sync + 'static,
) -> Server {
    let config = Arc::new(config);
    Server::new(move |client: &mut Client| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, &mut client.stream);
        behave(&mut stream);
    })
}

/// HTTP/1.1, one response.
pub(crate) fn answering(config: ServerConfig, answer: &'static [u8]) -> Server {
    tls_server(config, move |stream| {
        if read_request(stream).is_empty() {
            return;
        }
        stream.write_all(answer).unwrap();
        stream.flush().unwrap();
    })
}

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

async fn get_from(server: &Server, host: &str, mut options: NetworkOptions) -> Result<Received, SendError> {
    options.resolve =
        vec!["*:PORT:127.0.0.1".replace("PORT", &server.address.port().to_string()).parse().unwrap()];
    send(options, &get(&format!("https://{host}:{}/", server.address.port()))).await
}

#[tokio::test]
async fn a_trusted_certificate_is_trusted_and_the_handshake_is_timed() {
    let server = answering(signed(&["api.example", "127.0.0.1"], |_| {}), HELLO);
    let received = get_from(&server, "api.example", trusting()).await.unwrap();
    assert_eq!((received.body.as_deref().unwrap(), received.version), (&b"hello"[..], Version::HTTP_11));
    assert!(!received.timings.tls.is_zero());
    let by_address = get_from(&server, "127.0.0.1", trusting()).await.unwrap();
    assert_eq!(by_address.head.status, 200);
}

#[tokio::test]
async fn where_another_server_is_connected_to_the_certificate_is_for_the_one_that_is_asked() {
    let asked: url::Url = "https://api.example/items".parse().unwrap();
    let table = [("api.example", None), ("127.0.0.1", Some(Kind::TlsNameMismatch))];
    for (name, error) in table {
        let server = answering(signed(&[name], |_| {}), HELLO);
        let here = format!("https://{}/", server.address).parse().unwrap();
        let instead = Some(ConnectInstead::new(&asked, &here).unwrap());
        let options = trusting().with(|options| options.connect_instead = instead);
        match (send(options, &get(asked.as_str())).await, error) {
            (Ok(received), None) => assert!(received.peer.unwrap().proxied, "the address is not known"),
            (Err(SendError::Failed(failed)), Some(kind)) => assert_eq!(failed.kind, kind, "{failed}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn each_kind_of_bad_certificate_has_a_message() {
    let expired = signed(&["localhost"], |params| params.not_after = date_time_ymd(2020, 1, 1));
    let not_yet = signed(&["localhost"], |params| params.not_before = date_time_ymd(2100, 1, 1));
    let table = [
        ("expired", expired, Kind::TlsExpired, "days ago"),
        ("not yet valid", not_yet, Kind::TlsExpired, "becomes valid only in"),
        (
            "other name",
            signed(&["a.example", "b.example"], |_| {}),
            Kind::TlsNameMismatch,
            "a.example, b.example",
        ),
        ("no name", signed(&[], |_| {}), Kind::TlsNameMismatch, "no name"),
        ("self-signed", self_signed(Some("me"), false), Kind::TlsUntrusted, "self-signed"),
        ("signature of another", self_signed(None, false), Kind::TlsUntrusted, "the signature is not"),
        ("self-signed authority", self_signed(Some("me"), true), Kind::TlsUntrusted, "self-signed"),
    ];
    for (name, config, kind, said) in table {
        let server = answering(config, HELLO);
        let url = format!("https://localhost:{}/", server.address.port());
        let error = failure(trusting(), &url).await;
        assert_eq!(error.kind, kind, "{name}: {error}");
        assert!(error.message.contains(said), "{name}: {error}");
        let insecure = options().with(|options| options.insecure = true);
        assert_eq!(send(insecure, &get(&url)).await.unwrap().head.status, 200, "{name}");
    }
}

#[tokio::test]
async fn an_unknown_authority_is_untrusted() {
    let server = answering(signed(&["localhost"], |_| {}), HELLO);
    let error =
        fails(options(), &format!("https://localhost:{}/", server.address.port()), Kind::TlsUntrusted).await;
    assert!(error.message.contains("private authority"), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_reported() {
    // Like most servers, waits for a line and then complains in its own protocol.
    let http = Server::new(|client| {
        let mut byte = [0];
        let _ = std::io::Read::read(&mut client.stream, &mut byte);
        client.write(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        client.finish();
    });
    let ssh = Server::new(|client| {
        client.write(b"SSH-2.0-OpenSSH_9.6\r\n");
        client.finish();
    });
    for server in [http, ssh] {
        let error = fails(options(), &format!("https://{}/", server.address), Kind::TlsProtocol).await;
        assert!(error.message.contains("does not answer in TLS"), "{error}");
    }
}

#[tokio::test]
async fn a_handshake_that_ends_or_never_ends() {
    let closing = Server::new(|_client| {});
    let error = fails(options(), &format!("https://{}/", closing.address), Kind::Closed).await;
    assert!(error.message.contains("during the TLS handshake"), "{error}");

    let silent = Server::new(|client| client.wait());
    let error = fails(hasty(), &format!("https://{}/", silent.address), Kind::Timeout).await;
    assert!(error.message.contains("TLS handshake"), "{error}");
}

#[tokio::test]
async fn no_protocol_in_common_is_a_tls_failure() {
    let mut config = signed(&["localhost"], |_| {});
    config.alpn_protocols = vec![b"h3".to_vec()];
    let server = answering(config, HELLO);
    let error =
        fails(trusting(), &format!("https://localhost:{}/", server.address.port()), Kind::TlsProtocol).await;
    assert!(error.message.contains("NoApplicationProtocol"), "{error}");
}

#[tokio::test]
async fn a_server_that_wants_a_client_certificate_says_so() {
    let roots = {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(AUTHORITY.1.as_bytes()).unwrap()).unwrap();
        Arc::new(roots)
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider))
        .build()
        .unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &AUTHORITY.0).unwrap().der().clone();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![certificate],
            PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap(),
        )
        .unwrap();
    // The alert comes after the handshake, in place of a response.
    let server = tls_server(config, |stream| {
        read_request(stream);
        let _ = stream.flush();
        let mut rest = [0; 1024];
        while matches!(std::io::Read::read(&mut stream.sock, &mut rest), Ok(1..)) {}
    });
    let error =
        fails(trusting(), &format!("https://localhost:{}/", server.address.port()), Kind::TlsProtocol).await;
    assert!(error.message.contains("client certificate"), "{error}");
}

/// Runs one test of this file again, as a process with another environment.
#[test]
fn ssl_cert_file_names_the_authorities() {
    let server = answering(signed(&["localhost"], |_| {}), HELLO);
    let url = format!("https://localhost:{}/", server.address.port());
    let folder = std::env::temp_dir();
    let trusted = folder.join(format!("corsac-authority-{}.pem", std::process::id()));
    std::fs::write(&trusted, &AUTHORITY.1).unwrap();
    let missing = folder.join("corsac-there-is-no-such-file.pem");
    for (file, expected) in [(&trusted, "200"), (&missing, "SSL_CERT_FILE")] {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tls::asked_by_another_process", "--ignored", "--nocapture"])
            .env("SSL_CERT_FILE", file)
            .env_remove("SSL_CERT_DIR")
            .env("CORSAC_TEST_URL", &url)
            .output()
            .unwrap();
        let output = String::from_utf8_lossy(&output.stdout);
        assert!(output.contains(&format!("outcome: {expected}")), "{output}");
    }
    std::fs::remove_file(trusted).unwrap();
}

#[tokio::test]
#[ignore = "run by `ssl_cert_file_names_the_authorities`"]
#[expect(clippy::print_stdout, reason = "it is how the other process hears of it")]
async fn asked_by_another_process() {
    let Ok(url) = std::env::var("CORSAC_TEST_URL") else { return };
    match send(options(), &get(&url)).await {
        Ok(received) => println!("outcome: {}", received.head.status),
        Err(error) if error.to_string().contains("SSL_CERT_FILE") => println!("outcome: SSL_CERT_FILE"),
        Err(error) => println!("outcome: {error}"),
    }
}
