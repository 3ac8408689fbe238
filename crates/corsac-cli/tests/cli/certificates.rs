//! `--cacert`, `--cert` and `--key`, against servers with TLS. The certificates exist only during the test.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::command::{Run, corsac};
use crate::server::Server;

const ALLOWING: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\nCache-Control: no-store\r\n\
                        Access-Control-Allow-Origin: https://app.example\r\nAccess-Control-Allow-Credentials: true\r\n\
                        Access-Control-Allow-Methods: DELETE\r\n\r\n";

/// The PEM files of an authority and of a client that it vouches for, and a server that it vouches for.
struct Setting {
    folder: PathBuf,
    server: Server,
}

impl Setting {
    /// Each test has a folder of its own.
    fn new(test: &str, asks_for_certificate: bool) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("certificates-{test}"));
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = params.self_signed(&key).unwrap();
        let issuer = Issuer::new(params, key);
        write("authority.pem", &authority.pem());

        let client_key = KeyPair::generate().unwrap();
        let client = CertificateParams::new(["client.example".to_owned()]).unwrap();
        let client = client.signed_by(&client_key, &issuer).unwrap();
        write("client.pem", &client.pem());
        write("client.key", &client_key.serialize_pem());
        write("both.pem", &format!("{}{}", client.pem(), client_key.serialize_pem()));
        write("other.key", &KeyPair::generate().unwrap().serialize_pem());
        write("empty.pem", "");
        write("words.pem", "no certificate\n");

        let server_key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        let server = server.signed_by(&server_key, &issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if asks_for_certificate {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::from_pem_slice(server_key.serialize_pem().as_bytes()).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![server.der().clone()];
        let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
        let server = Server::raw(move |client| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, &mut client.stream);
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read(&mut byte) {
                    Ok(1) => head.push(byte[0]),
                    _ => return,
                }
            }
            let _ = stream.write_all(ALLOWING.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        });
        Self { folder, server }
    }

    /// `corsac check` with these arguments, of which those that begin with `@` are files of the folder.
    fn check(&self, arguments: &[&str]) -> Run {
        let url = format!("https://{}/", self.server.address);
        let fixed = ["check", &url, "--origin", "https://app.example", "--no-controls"].map(str::to_owned);
        let file = |argument: &&str| match argument.strip_prefix('@') {
            Some(name) => self.folder.join(name).display().to_string(),
            None => (*argument).to_owned(),
        };
        corsac(fixed.into_iter().chain(arguments.iter().map(file)))
    }
}

#[test]
fn a_ca_certificate_in_a_file_is_trusted_and_its_absence_names_the_option() {
    let setting = Setting::new("authority", false);
    let run = setting.check(&["--cacert", "@authority.pem"]);
    assert_eq!(run.status, 0, "{run:#?}");
    let run = setting.check(&[]);
    assert_eq!(run.status, 3, "{run:#?}");
    assert!(run.stdout.contains("--cacert"), "{run:#?}");
}

#[test]
fn a_client_certificate_is_sent_with_credentials_and_never_with_a_preflight() {
    let setting = Setting::new("client", true);
    let with_key = ["--cacert", "@authority.pem", "--cert", "@client.pem", "--key", "@client.key"];
    let with_both = ["--cacert", "@authority.pem", "--cert", "@both.pem"];
    let table: &[(&str, &[&str], &[&str], i32)] = &[
        ("with credentials", &with_key, &["--credentials", "include"], 0),
        ("key and certificate in one file", &with_both, &["--credentials", "include"], 0),
        ("across origins, and without credentials", &with_key, &[], 3),
        ("no certificate", &["--cacert", "@authority.pem"], &["--credentials", "include"], 3),
        ("a preflight is asked without it", &with_key, &["--credentials", "include", "-X", "DELETE"], 3),
    ];
    for (name, files, arguments, status) in table {
        let run = setting.check(&[*files, *arguments].concat());
        assert_eq!(run.status, *status, "{name}: {run:#?}");
    }
}

#[test]
fn files_with_other_content_are_bad_arguments() {
    let setting = Setting::new("bad", false);
    let table: &[(&[&str], &[&str])] = &[
        (&["--cacert", "@no-such-file.pem"], &["--cacert", "no-such-file.pem"]),
        (&["--cacert", "@empty.pem"], &["--cacert", "empty.pem", "BEGIN CERTIFICATE"]),
        (&["--cacert", "@words.pem"], &["--cacert", "words.pem", "BEGIN CERTIFICATE"]),
        (&["--cert", "@no-such-file.pem"], &["--cert", "no-such-file.pem"]),
        (&["--cert", "@client.key"], &["--cert", "client.key", "no certificate"]),
        (&["--cert", "@client.pem"], &["--cert", "client.pem", "private key"]),
        (&["--cert", "@client.pem", "--key", "@client.pem"], &["--key", "client.pem", "private key"]),
        (&["--cert", "@client.pem", "--key", "@other.key"], &["--key", "other.key", "together"]),
        (&["--key", "@client.key"], &["--cert"]),
    ];
    for (arguments, words) in table {
        let run = setting.check(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}: {run:#?}");
        for word in *words {
            assert!(run.stderr.contains(word), "{arguments:?}: no {word:?} in {}", run.stderr);
        }
        assert!(!run.stderr.contains("PRIVATE KEY-----\n"), "{run:#?}");
    }
}
