//! Why something may not be done, in words.

use super::Row;
use crate::finding::Text;
use crate::money::Money;
use crate::time::{Day, Month};

/// Why something may not be done.
pub(super) enum Refused<'a> {
    NobodySaid,
    NoReason,
    ClosedDay(Day),
    Before(Day, Day),
    NotAWay(&'a str),
    Taken(&'a str),
    Closed(Month),
    NoDraft(&'a str),
    SamePerson(&'a str, &'a str),
    Attested(&'a str, &'a str),
    NotAttested(Option<Month>),
    OtherMonth(&'a str),
    BookedAs(&'a str, &'a str),
    NoSettlement(&'a str),
    Undone(&'a str),
    NotLast(&'a str, &'a str),
    IsSent(&'a str, &'a str),
    NotPayable(&'a Row, Money),
    NothingToPay,
    NothingOwed(&'a str, Money),
    NoRun(&'a str),
    NotInRun(&'a str, &'a str),
    RunIsOver(&'a str),
    NotSettled(Month),
    NotClosed(Month),
    YearClosed(Month, i32),
    YearIsClosed(i32),
    YearNotLast(i32, i32),
    YearNotClosed(i32),
    YearsInOrder(i32, i32),
    NotAMonth(&'a str),
    OneRow,
    Disputed(&'a str),
    NoDeadline,
    NoDispute(&'a str),
    DisputeIsOver(&'a str),
    OwnDispute(&'a str, &'a str),
    NothingToAccrue,
    NoAccrual(&'a str),
    Released(&'a str),
    NotAPublication(&'a str),
    YearNotOver(i32, Day),
    PublishedLater(i32, Day),
    Published(i32, Day),
}

pub(super) fn refused(why: Refused<'_>) -> Text {
    let (sv, en) = match why {
        Refused::NobodySaid => (
            "ingen står bakom åtgärden; säg vem med --as NAMN".to_owned(),
            "nobody stands behind this; say who with --as NAME".to_owned(),
        ),
        Refused::ClosedDay(on) => (
            format!("{on} ligger i en stängd månad; ange en senare dag med --on"),
            format!("{on} is in a closed month; give a later day with --on"),
        ),
        Refused::Before(on, after) => (
            format!(
                "{on} ligger före {after}, dagen för det som åtgärden gäller; ange en senare dag med --on"
            ),
            format!(
                "{on} is before {after}, the day of what this is about; give a later day with --on"
            ),
        ),
        Refused::NoReason => (
            "skälet saknas; skriv det med --reason".to_owned(),
            "the reason is missing; write it with --reason".to_owned(),
        ),
        Refused::NotAWay(way) => (
            format!("attest är `required` eller `off`, inte `{way}`"),
            format!("attest is `required` or `off`, not `{way}`"),
        ),
        Refused::Taken(id) => (
            format!("`{id}` finns redan; välj ett annat namn"),
            format!("`{id}` is already there; choose another name"),
        ),
        Refused::Closed(month) => (
            format!(
                "{month} är stängd; öppna den med `books reopen --month {month}`, eller bokför i en senare månad"
            ),
            format!(
                "{month} is closed; open it with `books reopen --month {month}`, or book in a later month"
            ),
        ),
        Refused::NoDraft(id) => (
            format!("inget utkast heter `{id}`; `books show` visar dem"),
            format!("no draft is called `{id}`; `books show` shows them"),
        ),
        Refused::SamePerson(by, id) => (
            format!(
                "`{by}` har gjort utkastet `{id}` och kan inte attestera det; det gör en annan person"
            ),
            format!("`{by}` made the draft `{id}` and cannot attest it; another person does"),
        ),
        Refused::Attested(id, by) => (
            format!("utkastet `{id}` är redan attesterat av `{by}`"),
            format!("the draft `{id}` is already attested by `{by}`"),
        ),
        Refused::NotAttested(month) => {
            let month = month.map_or_else(String::new, |month| month.to_string());
            (
                format!(
                    "avräkningen {month} är inte attesterad: lägg ett utkast med `settle --month {month} --draft`, låt en annan person attestera det med `books attest`, och bokför sedan"
                ),
                format!(
                    "the settlement of {month} is not attested: make a draft with `settle --month {month} --draft`, let another person attest it with `books attest`, and then book"
                ),
            )
        }
        Refused::OtherMonth(id) => (
            format!("utkastet `{id}` är av en annan månad"),
            format!("the draft `{id}` is of another month"),
        ),
        Refused::BookedAs(draft, id) => (
            format!("utkastet `{draft}` är redan bokfört som `{id}`"),
            format!("the draft `{draft}` is already booked as `{id}`"),
        ),
        Refused::NoSettlement(id) => (
            format!("ingen gällande avräkning heter `{id}`; `settlements` visar dem"),
            format!("no standing settlement is called `{id}`; `settlements` shows them"),
        ),
        Refused::Undone(id) => (
            format!("avräkningen `{id}` är redan backad"),
            format!("the settlement `{id}` is already undone"),
        ),
        Refused::NotLast(id, last) => (
            format!("`{id}` har avräkningar efter sig; backa `{last}` först"),
            format!("`{id}` has settlements after it; undo `{last}` first"),
        ),
        Refused::IsSent(id, run) => (
            format!(
                "`{id}` är sänd till banken med betalningen `{run}`; det som är sänt rättas i en senare avräkning"
            ),
            format!(
                "`{id}` was sent to the bank with the payment `{run}`; what is sent is corrected in a later settlement"
            ),
        ),
        Refused::NotPayable(row, payable) => (
            format!(
                "av `{}` kan {payable} betalas till `{}` för `{}`, inte {}",
                row.settlement, row.payee, row.unit, row.amount
            ),
            format!(
                "of `{}` {payable} can be paid to `{}` for `{}`, not {}",
                row.settlement, row.payee, row.unit, row.amount
            ),
        ),
        Refused::NothingToPay => {
            ("det finns inget att betala".to_owned(), "there is nothing to pay".to_owned())
        }
        Refused::NothingOwed(payee, amount) => (
            format!("`{payee}` ska ha {amount}, och det går inte att betala ut"),
            format!("`{payee}` is owed {amount}, which cannot be paid out"),
        ),
        Refused::NoRun(run) => (
            format!("ingen betalning heter `{run}`; `pay show` visar dem"),
            format!("no payment is called `{run}`; `pay show` shows them"),
        ),
        Refused::NotInRun(payee, run) => (
            format!("`{payee}` ingår inte i betalningen `{run}`"),
            format!("`{payee}` is not in the payment `{run}`"),
        ),
        Refused::RunIsOver(run) => (
            format!("betalningen `{run}` är redan bekräftad eller återsänd av banken"),
            format!("the payment `{run}` is already confirmed or returned by the bank"),
        ),
        Refused::NotSettled(month) => (
            format!(
                "{month} är inte avräknad, så den kan inte stängas; bokför den med `settle --month {month} --book`"
            ),
            format!(
                "{month} is not settled, so it cannot be closed; book it with `settle --month {month} --book`"
            ),
        ),
        Refused::NotClosed(month) => {
            (format!("{month} är inte stängd"), format!("{month} is not closed"))
        }
        Refused::YearClosed(month, year) => (
            format!(
                "{month} ligger i eller före det stängda året {year}; öppna året först med `books reopen --year {year}`"
            ),
            format!(
                "{month} is in or before the closed year {year}; open the year first with `books reopen --year {year}`"
            ),
        ),
        Refused::YearIsClosed(year) => {
            (format!("året {year} är redan stängt"), format!("the year {year} is already closed"))
        }
        Refused::YearsInOrder(year, later) => (
            format!(
                "år stängs i ordning, och {later} är redan stängt; öppna {later} först med `books reopen --year {later}`, stäng sedan {year}"
            ),
            format!(
                "years are closed in order, and {later} is already closed; open {later} first with `books reopen --year {later}`, then close {year}"
            ),
        ),
        Refused::YearNotLast(year, last) => (
            format!(
                "{year} är inte det senast stängda året; öppna {last} först med `books reopen --year {last}`"
            ),
            format!(
                "{year} is not the year closed last; open {last} first with `books reopen --year {last}`"
            ),
        ),
        Refused::YearNotClosed(year) => {
            (format!("året {year} är inte stängt"), format!("the year {year} is not closed"))
        }
        Refused::NotAMonth(text) => (
            format!("`{text}` är ingen månad eller inget år; väntade t.ex. 2021-12 eller 2021"),
            format!("`{text}` is no month or no year; expected such as 2021-12 or 2021"),
        ),
        Refused::OneRow => {
            ("en invändning gäller en rad".to_owned(), "a dispute is about one row".to_owned())
        }
        Refused::Disputed(id) => (
            format!("raden är redan bestridd, i `{id}`"),
            format!("the row is already disputed, in `{id}`"),
        ),
        Refused::NoDeadline => (
            "dagen för svar saknas eller har varit".to_owned(),
            "the day to answer by is missing or past".to_owned(),
        ),
        Refused::NoDispute(id) => (
            format!("ingen invändning heter `{id}`; `dispute show` visar dem"),
            format!("no dispute is called `{id}`; `dispute show` shows them"),
        ),
        Refused::DisputeIsOver(id) => {
            (format!("invändningen `{id}` är avslutad"), format!("the dispute `{id}` is over"))
        }
        Refused::OwnDispute(by, id) => (
            format!("`{by}` har gjort invändningen `{id}` och kan inte avgöra den"),
            format!("`{by}` made the dispute `{id}` and cannot decide it"),
        ),
        Refused::NothingToAccrue => {
            ("det finns inget att periodisera".to_owned(), "there is nothing to accrue".to_owned())
        }
        Refused::NoAccrual(id) => (
            format!("ingen upplupen kostnad heter `{id}`; `books show` visar dem"),
            format!("no accrual is called `{id}`; `books show` shows them"),
        ),
        Refused::Released(id) => {
            (format!("`{id}` är redan återförd"), format!("`{id}` is already released"))
        }
        Refused::NotAPublication(note) => (
            format!("`{note}` säger inte vad som publiceras"),
            format!("`{note}` does not say what is published"),
        ),
        Refused::YearNotOver(year, known_on) => (
            format!(
                "{year} var inte slut {known_on}; publicera det som känt en dag efter årets slut"
            ),
            format!(
                "{year} was not over on {known_on}; publish it as known on a day after its end"
            ),
        ),
        Refused::PublishedLater(year, known_on) => (
            format!(
                "{year} är redan publicerat som känt {known_on}; publicera det som känt den dagen eller senare"
            ),
            format!(
                "{year} is already published as known on {known_on}; publish it as known that day or later"
            ),
        ),
        Refused::Published(year, known_on) => (
            format!(
                "{year} är redan publicerat, som känt {known_on}, och inget i dess siffror har ändrats sedan dess"
            ),
            format!(
                "{year} is already published, as known on {known_on}, and nothing in its figures has changed since"
            ),
        ),
    };
    Text::new(sv, en)
}
