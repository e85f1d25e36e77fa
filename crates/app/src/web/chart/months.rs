//! A month grid: units down, months across.
