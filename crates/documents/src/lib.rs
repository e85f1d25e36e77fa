//! Documents that people and other programs open: Excel workbooks whose sums are formulas, statements as PDF, and journals, payments and
//! invoices in the formats that ledgers, banks and Peppol read.
//!
//! Owns: how each format is laid out. Does not own: what stands in them, which amounts are right, or where they are kept.
//! Every writer takes values and gives bytes; days, instants and ids are given.

mod amount;
mod letters;
mod xml;

pub mod books;
pub mod invoice;
pub mod legal;
pub mod marking;
pub mod payment;
pub mod pdf;
pub mod refusal;
pub mod sheet;
