//! Services that answer alike, and the message of an assertion that fails.

use std::convert::Infallible;

use corsac_fetch::RequestBody;
use hyper::{Request, Response};
use tower::{Service, service_fn};

pub(crate) const URL: &str = "https://api.example/items";

pub(crate) type Lines = &'static [(&'static str, &'static str)];

/// Answers preflights and other requests with these header lines.
pub(crate) fn answering(
    preflight: Lines,
    other: Lines,
) -> impl Service<Request<RequestBody>, Response = Response<String>, Error = Infallible, Future: Send> + Clone + Send
{
    service_fn(move |request: Request<RequestBody>| async move {
        let mut response = Response::new("the items".to_owned());
        let lines = if request.method() == "OPTIONS" { preflight } else { other };
        for (name, value) in lines {
            response.headers_mut().append(*name, value.parse().unwrap());
        }
        Ok(response)
    })
}

/// Runs an assertion that fails, and returns its message.
pub(crate) async fn failure(assertion: impl Future<Output = ()> + Send + 'static) -> String {
    let ended = tokio::spawn(assertion).await;
    let panicked = ended.expect_err("the assertion should fail").into_panic();
    match panicked.downcast::<String>() {
        Ok(message) => *message,
        Err(panicked) => (*panicked.downcast::<&str>().unwrap()).to_owned(),
    }
}
