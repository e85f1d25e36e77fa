//! The workplace through the real program: a server on a small demo, asked as a browser asks.

mod api;
mod chain;
mod decisions;
mod following;
mod log;
mod login;
mod oidc;
mod provider;
mod reporting;
mod rights;
mod settling;
mod sockets;
mod stopping;
mod support;
mod words;
