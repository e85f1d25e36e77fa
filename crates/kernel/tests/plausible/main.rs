//! Warnings about contacts that are hard to believe.

#[cfg(test)]
mod pairs;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod told;
