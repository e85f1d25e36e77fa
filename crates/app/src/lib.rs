//! The shell of Vårdkedja: it reads what people write and carries values between the other crates.
//!
//! Owns: commands, the forms of files that people write by hand, words. Does not own: any rule about
//! amounts (`kernel`), SQL (`store`) or file formats (`bulk`).

pub mod bundle;
pub mod cli;
pub mod commands;
pub mod data;
pub mod engine;
pub mod failure;
pub mod findings;
pub mod followed;
pub mod generate;
pub mod inputs;
pub mod language;
pub mod output;
mod paper;
pub mod progress;
pub mod ratebook;
pub mod web;
pub mod words;
pub mod workbook;
