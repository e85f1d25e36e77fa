//! Connections: how many, how slow and how large they may be.
//!
//! Owns: taking connections, what a client must do in time, and letting go of them when the server stops. Does not own: what a request
//! is answered with (`serve`).

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::error::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::timeout::{TimeoutBody, TimeoutError};
use tower_service::Service;

/// Connections at once; others wait until one is free.
const CONNECTIONS: usize = 1_000;
/// How long the head of a request may take, from the first byte or from the answer before.
const HEAD: Duration = Duration::from_secs(15);
/// How long a body may pause.
const PAUSE: Duration = Duration::from_secs(15);
/// Bytes of a head at most.
const HEAD_BYTES: usize = 64 << 10;
/// Lines of a head at most.
const HEAD_LINES: usize = 100;
/// How long those who are being answered when the server stops may take.
const LAST: Duration = Duration::from_secs(900);

/// Answers everybody until it is told to stop, and lets those who are being answered have their answers.
pub async fn answer(listener: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let (connections, free) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    let mut stopped = pin!(stopped);
    loop {
        let taken = tokio::select! {
            taken = take(&listener, &free) => taken,
            () = &mut stopped => break,
        };
        let Some((stream, from, place)) = taken else {
            // Out of files, most likely: a moment for others to end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        one(stream, from, router.clone(), &connections, place);
    }
    drop(listener);
    let _those_who_last_longer_are_cut = tokio::time::timeout(LAST, connections.shutdown()).await;
}

async fn take(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(free).acquire_owned().await.ok()?;
    let (stream, from) = listener.accept().await.ok()?;
    Some((stream, from, place))
}

fn one(
    stream: TcpStream,
    from: SocketAddr,
    router: Router,
    connections: &GracefulShutdown,
    place: OwnedSemaphorePermit,
) {
    let _slower_without = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        router.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEAD_LINES);
    let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        // A client that breaks off has told nobody why.
        let _broken_off = connection.await;
        drop(place);
    });
}

/// Ends a body that pauses for too long.
pub async fn in_time(request: Request, next: Next) -> Response {
    next.run(request.map(|body| Body::new(TimeoutBody::new(PAUSE, body)))).await
}

/// The status for a body that could not be read: too slow, or too large.
pub fn status(error: &(dyn Error + 'static)) -> StatusCode {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TimeoutError>() {
            return StatusCode::REQUEST_TIMEOUT;
        }
        cause = error.source();
    }
    StatusCode::PAYLOAD_TOO_LARGE
}
