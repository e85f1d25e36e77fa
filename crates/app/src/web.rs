//! The workplace (arbetsplatsen): pages, forms and the API over one data folder that is kept open.
//!
//! Owns: HTTP, HTML, who is logged in and what they may do. Does not own: any amount; pages show what `data` and the kernel give.
//!
//! A request becomes an [`ask::Ask`]; a handler makes a [`page::Page`] of it, which is values; `render` makes HTML of that.
//! Handlers are plain functions without async: they run on threads where waiting for the disk holds nobody up.

pub mod account;
pub mod api;
pub mod ask;
pub mod assets;
pub mod chart;
pub mod connections;
pub mod form;
pub mod guard;
pub mod html;
pub mod login;
pub mod oidc;
pub mod page;
pub mod pages;
pub mod place;
pub mod query;
pub mod render;
pub mod rights;
pub mod route;
pub mod serve;
pub mod table;
pub mod throttle;
pub mod watch;
pub mod work;
