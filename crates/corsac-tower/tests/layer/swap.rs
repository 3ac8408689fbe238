//! A policy that is replaced while requests run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use corsac::server::Policy;
use corsac_tower::{CorsLayer, PolicyHandle};
use http::{Request, Response};
use tower::{Layer, ServiceExt, service_fn};

use crate::support::{PAGE, get, preflight};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_response_is_of_one_policy() {
    // Either all of the first policy's headers, or all of the second's.
    let first = Policy::builder([PAGE]).credentials(true).expose_headers(["x-first"]).methods(["PUT"]);
    let first = first.max_age(std::time::Duration::from_secs(60)).build().unwrap();
    let second = Policy::builder(["*"]).expose_headers(["x-second"]).build().unwrap();
    let handle = PolicyHandle::new(first.clone());
    let service = CorsLayer::new(handle.clone()).layer(service_fn(async |_: Request<()>| {
        tokio::task::yield_now().await; // the policy may be swapped between the request and its response
        Ok::<_, std::io::Error>(Response::new(()))
    }));

    let done = Arc::new(AtomicBool::new(false));
    let swapping = {
        let (done, handle) = (Arc::clone(&done), handle.clone());
        tokio::spawn(async move {
            while !done.load(Ordering::Relaxed) {
                handle.swap(second.clone());
                tokio::task::yield_now().await;
                handle.swap(first.clone());
                tokio::task::yield_now().await;
            }
        })
    };
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let service = service.clone();
        requests.spawn(async move {
            for _ in 0..50 {
                let response = service.clone().oneshot(get(PAGE)).await.unwrap();
                let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap());
                let sent = [
                    header("access-control-allow-origin"),
                    header("access-control-allow-credentials"),
                    header("access-control-expose-headers"),
                    header("vary"),
                ];
                let of_the_first = [Some(PAGE), Some("true"), Some("x-first"), Some("Origin")];
                let of_the_second = [Some("*"), None, Some("x-second"), None];
                assert!(sent == of_the_first || sent == of_the_second, "{sent:?}");

                let response = service.clone().oneshot(preflight(PAGE, "PUT")).await.unwrap();
                let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap());
                let sent = [
                    header("access-control-allow-origin"),
                    header("access-control-allow-credentials"),
                    header("access-control-allow-methods"),
                    header("access-control-max-age"),
                ];
                let of_the_first = [Some(PAGE), Some("true"), Some("PUT"), Some("60")];
                let of_the_second = [Some("*"), None, Some("GET"), None];
                assert!(sent == of_the_first || sent == of_the_second, "{sent:?}");
            }
        });
    }
    requests.join_all().await;
    done.store(true, Ordering::Relaxed);
    swapping.await.unwrap();
}
