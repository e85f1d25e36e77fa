//! What is done with payments: the same calls as `pay send`, `pay confirm` and `pay return`.

use crate::commands::books::New;
use crate::commands::pay::{refuse_other_total, send_all};
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::query::encoded;
use crate::web::route::Done;
use crate::words;
use kernel::journal::{Deed, DeedKind, Row};

/// Sends all that can be paid, if that is what was shown.
pub(super) fn send(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let total = refuse_other_total(data, ask.typed.given("total").parse().ok())?;
    let run = send_all(data, &ask.user.name, None)?;
    let what = ask.of(&words::deed(DeedKind::Send));
    Ok(Done::new(format!("/betalningar/{}", encoded(&run)), format!("{what}: {run}, {total}.")))
}

/// The bank has paid.
pub(super) fn confirm(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    answer(data, ask, DeedKind::Pay)
}

/// The bank has returned.
pub(super) fn returned(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    answer(data, ask, DeedKind::Return)
}

fn answer(data: &mut DataFolder, ask: &Ask, kind: DeedKind) -> Result<Done, Failure> {
    let run = ask.param("run");
    let new = New { kind, subject: run, by: &ask.user.name, note: "", on: None };
    let named = ask.typed.value("payee");
    let rows = named.map(|payee| Row { payee: payee.to_owned(), ..Row::default() });
    data.act(Deed { rows: rows.into_iter().collect(), ..new.deed() })?;
    let about = named.unwrap_or(run);
    let what = ask.of(&words::deed(kind));
    Ok(Done::new(format!("/betalningar/{}", encoded(run)), format!("{what}: {about}.")))
}
