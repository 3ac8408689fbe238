//! HTTP/2, the protocol of one of the https origins. A stream is read as a whole, and gets the same response as in HTTP/1.1.

use std::net::TcpStream;
use std::sync::Arc;

use h2::server::SendResponse;
use rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

use crate::http::{Request, Response};
use corsac_conformance::Failure;

/// Responds to the requests of a connection, until it ends.
pub fn serve(
    stream: TcpStream,
    tls: Arc<ServerConfig>,
    answer: impl Fn(&Request) -> Option<Response> + Send + Sync + 'static,
) -> Result<(), Failure> {
    let answer = Arc::new(answer);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async move {
        stream.set_nonblocking(true)?;
        let stream = TlsAcceptor::from(tls).accept(tokio::net::TcpStream::from_std(stream)?).await?;
        let mut connection = h2::server::handshake(stream).await?;
        while let Some(accepted) = connection.accept().await {
            let (request, respond) = accepted?;
            let answer = Arc::clone(&answer);
            tokio::spawn(async move {
                let request = whole(request).await?;
                // The response may take some time.
                let answer = tokio::task::spawn_blocking(move || answer(&request)).await?;
                send(respond, answer)
            });
        }
        Ok(())
    })
}

async fn whole(request: ::http::Request<h2::RecvStream>) -> Result<Request, Failure> {
    let (head, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(chunk) = stream.data().await {
        let chunk = chunk?;
        stream.flow_control().release_capacity(chunk.len())?;
        body.extend(chunk);
    }
    let origin = format!("https://{}", head.uri.authority().ok_or("a request without an authority")?);
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    Ok(Request::new(head.method.to_string(), &origin, target, headers.collect(), body))
}

/// `None` resets the stream, not the connection: other cases use it.
fn send(mut respond: SendResponse<bytes::Bytes>, answer: Option<Response>) -> Result<(), Failure> {
    let Some(answer) = answer else {
        respond.send_reset(h2::Reason::INTERNAL_ERROR);
        return Ok(());
    };
    let mut response = ::http::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name.to_ascii_lowercase(), value);
    }
    let is_empty = answer.body.is_empty();
    let mut stream = respond.send_response(response.body(())?, is_empty)?;
    if !is_empty {
        stream.send_data(answer.body.into(), true)?;
    }
    Ok(())
}
