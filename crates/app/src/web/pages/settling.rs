//! Avräkning: months, drafts, attest, booking, undo, closing, accruals, and the bridge.
//!
//! Owns: the list of its paths, and who reaches beyond their own units. Does not own: what may be done (`kernel::journal`).

mod accounts;
mod accruals;
mod acts;
mod bridge;
mod forecast;
mod month;
mod months;
mod preview;
mod told;

use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::rights::{Reach, Right};
use crate::web::route::{Act, Route};

/// The pages. What is done has an address of its own, which shows the page that its form stands on.
pub const ROUTES: &[Route] = &[
    Route { path: "/avrakning", needs: Right::SeeAmounts, show: months::show },
    Route { path: "/avrakning/stang", needs: Right::Book, show: months::show },
    Route { path: "/avrakning/oppna", needs: Right::Book, show: months::show },
    Route { path: "/avrakning/attestkrav", needs: Right::Book, show: months::show },
    Route { path: "/avrakning/konton", needs: Right::SeeAmounts, show: accounts::show },
    Route { path: "/avrakning/bro", needs: Right::SeeAmounts, show: bridge::show },
    Route { path: "/avrakning/upplupet", needs: Right::SeeAmounts, show: accruals::show },
    Route { path: "/avrakning/upplupet/aterfor", needs: Right::Book, show: accruals::show },
    Route { path: "/avrakning/{month}", needs: Right::SeeAmounts, show: month::show },
    Route { path: "/avrakning/{month}/attestera", needs: Right::Attest, show: month::show },
    Route { path: "/avrakning/{month}/bokfor", needs: Right::Book, show: month::show },
    Route { path: "/avrakning/{month}/backa", needs: Right::Book, show: month::show },
    Route {
        path: "/avrakning/{month}/forhandsvisning",
        needs: Right::SeeAmounts,
        show: preview::show,
    },
    Route {
        path: "/avrakning/{month}/forhandsvisning/bokfor",
        needs: Right::Book,
        show: preview::show,
    },
];

/// What is done.
pub const ACTS: &[Act] = &[
    Act {
        path: "/avrakning/{month}/forhandsvisning",
        needs: Right::Draft,
        act: acts::draft,
        back: preview::show,
    },
    Act {
        path: "/avrakning/{month}/forhandsvisning/bokfor",
        needs: Right::Book,
        act: acts::book,
        back: preview::show,
    },
    Act {
        path: "/avrakning/{month}/attestera",
        needs: Right::Attest,
        act: acts::attest,
        back: month::show,
    },
    Act {
        path: "/avrakning/{month}/bokfor",
        needs: Right::Book,
        act: acts::book,
        back: month::show,
    },
    Act {
        path: "/avrakning/{month}/backa",
        needs: Right::Book,
        act: acts::undo,
        back: month::show,
    },
    Act { path: "/avrakning/stang", needs: Right::Book, act: acts::close, back: months::show },
    Act { path: "/avrakning/oppna", needs: Right::Book, act: acts::reopen, back: months::show },
    Act {
        path: "/avrakning/attestkrav",
        needs: Right::Book,
        act: acts::require,
        back: months::show,
    },
    Act {
        path: "/avrakning/upplupet",
        needs: Right::Book,
        act: accruals::book,
        back: accruals::show,
    },
    Act {
        path: "/avrakning/upplupet/aterfor",
        needs: Right::Book,
        act: accruals::release,
        back: accruals::show,
    },
];

/// Whether somebody sees the whole of the books, and not the units of a provider alone.
pub(super) fn sees_books(ask: &Ask) -> bool {
    ask.reach(Right::SeeAmounts) == Reach::All && ask.sees_all()
}

/// For those alone who see the whole of the books.
pub(super) fn books_only(ask: &Ask) -> Result<(), Failure> {
    if sees_books(ask) { Ok(()) } else { Err(missing()) }
}
