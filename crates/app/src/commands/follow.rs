//! `follow`: what the money was for.

pub mod import;
