//! bulk.
