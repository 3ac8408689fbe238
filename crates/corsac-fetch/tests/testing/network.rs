//! The assertions over a network.

use corsac_fetch::testing::{assert_readable, page};
use corsac_fetch::{Network, NetworkOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

#[tokio::test]
async fn a_server_at_a_url_is_asked_over_a_network() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let _ = client.read(&mut [0; 4096]).await;
            let answer = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
            let _ = client.write_all(answer.as_bytes()).await;
        }
    });
    let network = Network::new(NetworkOptions::default()).unwrap();
    let response = assert_readable!(&network, page("http://localhost:5173").get(&url));
    assert_eq!(response.text(), "hello");
    assert_readable!(network, page("http://localhost:5173").get(&url));
}
