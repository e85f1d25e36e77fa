//! The shell of Vårdkedja: it reads what people write and carries values between the other crates.
//!
//! Owns: the forms of files that people write by hand. Does not own: any rule about amounts (`kernel`).

pub mod generate;
pub mod ratebook;
