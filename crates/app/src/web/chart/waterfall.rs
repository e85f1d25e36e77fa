//! A waterfall: from one sum to another, one bar a cause.
