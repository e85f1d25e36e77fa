//! app.

pub mod generate;
