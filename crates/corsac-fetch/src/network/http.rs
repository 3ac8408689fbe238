//! One request and its response on a connection.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use corsac::browser::{NetworkError, NetworkErrorKind, ResponseHead};
use corsac::header::HeaderList;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::ext::ReasonPhrase;
use hyper::rt::Executor;
use hyper::{Request, Response, Version};
use hyper_util::rt::TokioIo;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::body::BodyRead;
use super::connect::Connection;
use super::control_bytes::{ControlBytes, undisguise};
use super::limits::{HEAD_LIMIT, LINE_LIMIT, WINDOW};
use super::options::NetworkOptions;
use super::received::Received;
use super::received_names::ReceivedNames;
use super::request::Outgoing;
use super::target::Form;
use super::watched::Watched;
use super::{coding, failure, proxy};

/// Sends the request and reads the response: its head, and as much of its body as the options want.
pub(super) async fn exchange(
    connection: Connection,
    outgoing: Outgoing,
    options: &NetworkOptions,
) -> Result<Received, NetworkError> {
    let Connection { stream, peer, form, proxy, deadline, mut timings } = connection;
    let spelling = outgoing.spelling();
    let upgrades = outgoing.upgrades();
    let mut request = outgoing.into_request(&form)?;
    let (stream, watch) = Watched::new(stream);
    let informational = watch.clone();
    hyper::ext::on_informational(&mut request, move |_| informational.informational_response());
    let tasks = Tasks::default();
    let names = ReceivedNames::default();

    let sent = Instant::now();
    let exchange = async {
        match form {
            Form::Http2 => over_http2(stream, request, &tasks).await,
            Form::Origin | Form::Absolute { .. } | Form::Service => {
                over_http1(ControlBytes::new(stream, spelling, names.clone()), request, &tasks).await
            }
        }
    };
    let missing = || match watch.received() {
        0 => "no byte of a response".to_owned(),
        received => format!("no complete head of a response ({received} bytes came)"),
    };
    let response =
        deadline.hold(exchange, missing).await?.map_err(|error| failure::responding(&error, &watch))?;
    watch.head_is_complete();
    timings.head = sent.elapsed();

    let status = response.status().as_u16();
    if status < 200 && !(status == 101 && upgrades) {
        let message = format!("the server answers {status}, which the request did not ask for");
        return Err(NetworkError::new(NetworkErrorKind::Malformed, message));
    }
    if let Some(proxy) = proxy.filter(|_| status == 407) {
        return Err(proxy::wants_credentials(&proxy));
    }
    let version = response.version();
    let status_text = status_text(&response);
    let mut head = ResponseHead::default();
    (head.status, head.headers) = (status, header_lines(&response, &names));
    let mut body = BodyRead::unread();
    // What follows a 101 belongs to another protocol.
    if status != 101 && (options.body_wanted)(&head) {
        body = BodyRead::of(response.into_body(), options, deadline, |error| failure::body(&error)).await;
        body = coding::decode(body, &head.headers, options.body_limit);
    }
    timings.total = deadline.started.elapsed();
    Ok(Received {
        head,
        status_text,
        body: body.bytes,
        body_truncated: body.truncated,
        body_error: body.error,
        version,
        peer: Some(peer),
        timings,
    })
}

fn header_lines(response: &Response<Incoming>, names: &ReceivedNames) -> HeaderList {
    if response.version() == Version::HTTP_2 {
        return HeaderList::from(response.headers());
    }
    let headers = response.headers();
    let lines = headers.keys().flat_map(|name| {
        let spelled = names.of_repeated(name.as_str(), headers.get_all(name).iter().count());
        headers.get_all(name).iter().enumerate().map(move |(index, value)| {
            let name = spelled.get(index).cloned().unwrap_or_else(|| name.as_str().to_owned());
            (name, undisguise(value.as_bytes()).into_owned())
        })
    });
    lines.collect()
}

/// The reason phrase. hyper keeps it only if it is not the usual one of the status.
fn status_text(response: &Response<Incoming>) -> String {
    if response.version() == Version::HTTP_2 {
        return String::new();
    }
    match response.extensions().get::<ReasonPhrase>() {
        Some(phrase) => undisguise(phrase.as_bytes()).iter().map(|byte| char::from(*byte)).collect(),
        None => response.status().canonical_reason().unwrap_or_default().to_owned(),
    }
}

async fn over_http1(
    stream: ControlBytes<Watched>,
    request: Request<Full<Bytes>>,
    tasks: &Tasks,
) -> Result<Response<Incoming>, hyper::Error> {
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .max_buf_size(HEAD_LIMIT)
        .max_headers(LINE_LIMIT)
        // What browsers tolerate: white space before the colon, folded lines, lines that are not header lines.
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true)
        .handshake(TokioIo::new(stream))
        .await?;
    tasks.0.execute(connection);
    sender.send_request(request).await
}

async fn over_http2(
    stream: Watched,
    request: Request<Full<Bytes>>,
    tasks: &Tasks,
) -> Result<Response<Incoming>, hyper::Error> {
    let (mut sender, connection) = http2::Builder::new(tasks.0.clone())
        .max_header_list_size(HEAD_LIMIT as u32)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .handshake(TokioIo::new(stream))
        .await?;
    tasks.0.execute(connection);
    sender.send_request(request).await
}

/// The tasks of a connection. They end with the exchange, however it ends, so that no socket outlives it.
#[derive(Default)]
struct Tasks(Spawner);

#[derive(Clone, Default)]
struct Spawner(Arc<Mutex<Vec<AbortHandle>>>);

impl<F> Executor<F> for Spawner
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, task: F) {
        let handle = tokio::spawn(task).abort_handle();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        for task in self.0.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}
