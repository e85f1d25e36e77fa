//! One module for each command: it asks the kernel and writes the answer.

pub mod books;
pub mod bridge;
pub mod bundle;
pub mod commission;
pub mod decision;
pub mod demo;
pub mod dispute;
pub mod explain;
pub mod export;
pub mod findings;
pub mod frame;
pub mod generate;
pub mod grant;
pub mod import;
pub mod init;
pub mod keep;
pub mod pay;
pub mod price;
pub mod register;
pub mod replay;
pub mod schema;
pub mod settle;
pub mod settlements;
pub mod shell;
pub mod statement;
pub mod verify;
