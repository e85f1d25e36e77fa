//! `follow`: what the money was for.

pub mod import;
pub mod indicators;
mod measure_report;
pub mod one_to_one;
pub mod publish;
pub mod report;
