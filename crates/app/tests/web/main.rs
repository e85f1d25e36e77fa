//! The workplace through the real program: a server on a small demo, asked as a browser asks.

mod decisions;
mod login;
mod reporting;
mod rights;
mod settling;
mod stopping;
mod support;
