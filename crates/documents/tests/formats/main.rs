//! Files in the formats that other programs read. What programs of others say of them is asked by `tests/oracles/check`.

mod samples;

mod books;
mod invoice;
mod payment;
mod pdf;
