//! Vårdgivare och avtal: providers, units, what they hold and were under by day, capacity, payees.
//!
//! Owns: which of the register is shown where, as known on a day. Does not own: what applies on a day (`kernel::register`).

use crate::failure::Failure;
use crate::output::Lang;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, count, money, text};
use crate::words::{self, marks_of};
use kernel::fact::{
    Agreement, Approval, Assignment, Decision, Fact, Form as AgreementForm, PaymentDetails,
};
use kernel::money::Money;
use kernel::register::{Known, UnitHistory, View};
use kernel::time::{Day, Period};
use std::collections::{BTreeMap, BTreeSet};

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/vardgivare", needs: Right::SeeRegister, show: all },
    Route { path: "/vardgivare/{provider}", needs: Right::SeeRegister, show: provider },
    Route { path: "/vardgivare/enhet/{unit}", needs: Right::SeeRegister, show: unit },
];

/// What is done.
pub const ACTS: &[Act] = &[];

/// Days ahead in which the end of an agreement is soon.
const SOON: i32 = 183;

/// A period for people.
pub(super) fn period(ask: &Ask, period: Period) -> String {
    let from = (period.from != Day::MIN).then(|| period.from.to_string());
    let last = period.last().map(|day| day.to_string());
    match (from, last, ask.lang) {
        (Some(from), Some(last), Lang::Sv) => format!("fr.o.m. {from} t.o.m. {last}"),
        (Some(from), Some(last), Lang::En) => format!("from {from} through {last}"),
        (Some(from), None, Lang::Sv) => format!("fr.o.m. {from}"),
        (Some(from), None, Lang::En) => format!("from {from}"),
        (None, Some(last), Lang::Sv) => format!("t.o.m. {last}"),
        (None, Some(last), Lang::En) => format!("through {last}"),
        (None, None, _) => ask.say("alltid", "always").to_owned(),
    }
}

fn decided(decision: &Decision) -> Cell {
    let id = decision.id.as_str();
    Cell::from(id).to(format!("/beslut/{id}"))
}

/// A unit, with its name as known where one is.
fn unit_cell(ask: &Ask, id: &str) -> Cell {
    let name = ask.place.labels.unit_name(id).unwrap_or(id);
    Cell::of(name, id).to(format!("/vardgivare/enhet/{id}"))
}

fn provider_cell(ask: &Ask, id: &str) -> Cell {
    let name = ask.place.labels.provider_name(id).unwrap_or(id);
    Cell::of(name, id).to(format!("/vardgivare/{id}"))
}

/// The day on which it is looked, in the register as known then.
struct Seen<'r> {
    known_on: Day,
    day: Day,
    view: View<'r>,
}

fn seen(ask: &Ask) -> Result<Seen<'_>, Failure> {
    let known_on = ask.day("known_on", ask.place.today)?;
    let day = ask.day("day", known_on)?;
    let register = ask.place.data.register();
    Ok(Seen { known_on, day, view: register.view(register.as_of(known_on)) })
}

/// Says as known on which day it is shown, and how to ask for another.
fn dated(ask: &Ask, page: Page, seen: &Seen<'_>) -> Page {
    if seen.known_on == ask.place.today && seen.day == seen.known_on {
        return page;
    }
    let said = match ask.lang {
        Lang::Sv => {
            format!("Visar det som gällde {} enligt det som var känt {}.", seen.day, seen.known_on)
        }
        Lang::En => format!("Shows what applied on {} as known on {}.", seen.day, seen.known_on),
    };
    page.notice(Mood::Info, said).with(Block::Links(vec![(
        ask.say("Visa i dag", "Show today").to_owned(),
        ask.path.clone(),
    )]))
}

/// The regime of a unit on a day: whether any rate pays it, or only shadow amounts are computed.
fn regime(ask: &Ask, history: &UnitHistory<'_>, view: &View<'_>, day: Day) -> Cell {
    let Some(under) = history.under(day) else {
        return Cell::of(ask.say("inget avtal", "no agreement"), "");
    };
    pays(view, under.agreement.fact.form, day).cell(ask)
}

/// Whether contacts under a form are paid by contact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pays {
    Payable,
    Shadow,
    /// No rate is valid at all.
    NoRate,
}

impl Pays {
    fn cell(self, ask: &Ask) -> Cell {
        match self {
            Self::Payable => Cell::of(ask.say("betalas", "payable"), "payable"),
            Self::Shadow => {
                Cell::of(ask.say("skuggas, betalas inte", "shadow, not paid"), "shadow")
            }
            Self::NoRate => {
                Cell::of(ask.say("inget pris registrerat", "no price registered"), "no-rate")
            }
        }
    }
}

fn pays(view: &View<'_>, form: AgreementForm, day: Day) -> Pays {
    let mut found = Pays::NoRate;
    for rate in view.rates_in_force().filter(|rate| rate.fact.valid.contains(day)) {
        if rate.fact.payable_under.contains(&form) {
            return Pays::Payable;
        }
        found = Pays::Shadow;
    }
    found
}

/// A period under a form, divided where it changes whether contacts are paid.
fn divided(view: &View<'_>, form: AgreementForm, whole: Period) -> Vec<(Period, Pays)> {
    let ends = view.rates_in_force().flat_map(|rate| [rate.fact.valid.from, rate.fact.valid.until]);
    let mut starts: BTreeSet<Day> = ends.filter(|day| whole.contains(*day)).collect();
    starts.insert(whole.from);
    let mut parts: Vec<(Period, Pays)> = Vec::new();
    for from in starts {
        let now = pays(view, form, from);
        match parts.last_mut() {
            Some((_, before)) if *before == now => {}
            last => {
                last.into_iter().for_each(|(before, _)| before.until = from);
                parts.push((Period { from, ..whole }, now));
            }
        }
    }
    parts
}

fn form(ask: &Ask, history: &UnitHistory<'_>, day: Day) -> Cell {
    match history.under(day) {
        Some(under) => {
            let form = under.agreement.fact.form;
            Cell::of(&ask.of(&words::form(form)), form.name())
        }
        None => "".into(),
    }
}

fn all(ask: &Ask) -> Result<Answer, Failure> {
    let seen = seen(ask)?;
    let lead = ask.say(
        "Vilka som driver vad, på vilket avtal, och om de betalas per kontakt.",
        "Who runs what, under which agreement, and whether they are paid by contact.",
    );
    let page = Page::new(ask.say("Vårdgivare och avtal", "Providers and agreements")).lead(lead);
    Ok(dated(ask, page, &seen)
        .with(waiting(ask, &seen))
        .with(ending(ask, &seen))
        .with(units(ask, &seen, |_| true))
        .with(providers(ask, &seen))
        .with(day_form(ask, &seen))
        .into())
}

/// Asks for another day, and for what was known then.
fn day_form(ask: &Ask, seen: &Seen<'_>) -> Form {
    let day = |name, sv, en, day: Day| {
        Field::new(ask, name, ask.say(sv, en), Input::Day, &day.to_string()).required()
    };
    Form::new(ask.path.clone(), ask.say("Visa en annan dag", "Show another day"))
        .asking()
        .field(day("day", "Vad gällde den", "What applied on", seen.day))
        .field(day("known_on", "som känt den", "as known on", seen.known_on))
}

/// Applications that no later approval or refusal answers.
pub(super) fn applications<'v, 'r>(view: &'v View<'r>) -> Vec<&'v Known<'r, Assignment>> {
    let all: Vec<&Known<'r, Assignment>> = view.assignments.values().collect();
    let answers = |one: &Assignment, other: &Assignment| {
        other.status != Approval::Applied
            && (&other.unit, &other.agreement, &other.name)
                == (&one.unit, &one.agreement, &one.name)
            && other.valid.last().is_none_or(|last| last >= one.valid.from)
    };
    let waits = |one: &&Known<'r, Assignment>| {
        one.fact.status == Approval::Applied
            && !all.iter().any(|other| answers(one.fact, other.fact))
    };
    all.iter().copied().filter(waits).collect()
}

fn assignment(ask: &Ask, fact: &Assignment) -> Cell {
    Cell::of(&ask.of(&words::assignment(fact.name.as_str())), fact.name.as_str())
}

fn waiting(ask: &Ask, seen: &Seen<'_>) -> Table {
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("name", "Uppdrag", "Assignment"),
        text("valid", "Sökt för", "Applied for"),
        text("decision", "Beslut", "Decision"),
    ];
    let rows = applications(&seen.view).into_iter().map(|one| {
        vec![
            unit_cell(ask, one.fact.unit.as_str()),
            assignment(ask, one.fact),
            period(ask, one.fact.valid).into(),
            decided(one.decision),
        ]
    });
    let caption = ask.say("Ansökningar som väntar på svar", "Applications that wait for an answer");
    Table::new("waiting", caption, columns)
        .rows(rows)
        .short()
        .empty(ask.say("Ingen ansökan väntar.", "No application waits."))
}

/// Agreements that end within half a year.
fn ending(ask: &Ask, seen: &Seen<'_>) -> Table {
    let columns = vec![
        text("last", "T.o.m.", "Through"),
        text("provider", "Vårdgivare", "Provider"),
        text("area", "Område", "Area"),
        text("form", "Avtalsform", "Form"),
        text("id", "Avtal", "Agreement"),
        text("decision", "Beslut", "Decision"),
    ];
    let ends = |one: &&Known<'_, Agreement>| {
        let soon = seen.day.plus(SOON);
        one.fact.valid.last().is_some_and(|last| last >= seen.day && last <= soon)
    };
    let rows = seen.view.agreements.values().filter(ends).map(|one| {
        let fact = one.fact;
        vec![
            fact.valid.last().map_or_else(String::new, |last| last.to_string()).into(),
            provider_cell(ask, fact.provider.as_str()),
            Cell::of(ask.lang.pick(words::area(fact.area), fact.area.name()), fact.area.name()),
            Cell::of(&ask.of(&words::form(fact.form)), fact.form.name()),
            fact.id.as_str().into(),
            decided(one.decision),
        ]
    });
    let caption =
        ask.say("Avtal som tar slut inom ett halvår", "Agreements that end within half a year");
    Table::new("ending", caption, columns).rows(rows).short().empty(
        ask.say("Inget avtal tar slut inom ett halvår.", "No agreement ends within half a year."),
    )
}

fn units(ask: &Ask, seen: &Seen<'_>, is_wanted: impl Fn(&str) -> bool) -> Table {
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("kind", "Slag", "Kind"),
        text("provider", "Vårdgivare", "Provider"),
        text("form", "Avtalsform", "Form"),
        text("regime", "Betalning", "Payment"),
        text("holds", "Uppdrag", "Assignments"),
        text("valid", "Enheten finns", "The unit exists"),
    ];
    let rows = seen.view.histories.iter().filter_map(|history| {
        let statement = history.statement(seen.day).or_else(|| history.statements.last())?;
        let fact = statement.fact;
        if !is_wanted(fact.provider.as_str()) {
            return None;
        }
        let held: BTreeSet<&str> = history
            .holds
            .iter()
            .filter(|(valid, _)| valid.contains(seen.day))
            .map(|(_, name)| name.as_str())
            .collect();
        let shown: Vec<String> = held.iter().map(|name| ask.of(&words::assignment(name))).collect();
        Some(vec![
            Cell::of(&fact.name, fact.id.as_str())
                .to(format!("/vardgivare/enhet/{}", fact.id.as_str()))
                .marked(ask.lang, marks_of(statement.decision)),
            Cell::of(&ask.of(&words::unit_kind(fact.kind)), fact.kind.name()),
            provider_cell(ask, fact.provider.as_str()),
            form(ask, history, seen.day),
            regime(ask, history, &seen.view, seen.day),
            Cell::of(&shown.join(", "), &held.into_iter().collect::<Vec<_>>().join(" ")),
            period(ask, fact.valid).into(),
        ])
    });
    Table::new("units", ask.say("Enheter", "Units"), columns).rows(rows).empty(ask.say(
        "Här står enheterna när ett beslut om dem är registrerat.",
        "Units stand here when a decision about them is registered.",
    ))
}

fn providers(ask: &Ask, seen: &Seen<'_>) -> Table {
    let columns = vec![
        text("provider", "Vårdgivare", "Provider"),
        text("form", "Driftsform", "Legal form"),
        count("units", "Enheter", "Units"),
        text("decision", "Beslut", "Decision"),
    ];
    let rows = seen.view.providers.iter().map(|(id, one)| {
        let is_own = |history: &&UnitHistory<'_>| {
            history.statements.last().is_some_and(|statement| statement.fact.provider == **id)
        };
        vec![
            Cell::of(&one.fact.name, id.as_str())
                .to(format!("/vardgivare/{}", id.as_str()))
                .marked(ask.lang, marks_of(one.decision)),
            ask.of(&words::legal_form(one.fact.legal_form)).into(),
            seen.view.histories.iter().filter(is_own).count().into(),
            decided(one.decision),
        ]
    });
    Table::new("providers", ask.say("Vårdgivare", "Providers"), columns).rows(rows)
}

fn provider(ask: &Ask) -> Result<Answer, Failure> {
    let seen = seen(ask)?;
    let id = ask.param("provider");
    let found = seen.view.providers.iter().find(|(known, _)| known.as_str() == id);
    let (_, known) = found.ok_or_else(missing)?;
    let columns = vec![
        text("id", "Avtal", "Agreement"),
        text("area", "Område", "Area"),
        text("form", "Avtalsform", "Form"),
        text("valid", "Gäller", "Valid"),
        text("decision", "Beslut", "Decision"),
    ];
    let own = seen.view.agreements.values().filter(|one| one.fact.provider.as_str() == id);
    let rows = own.map(|one| {
        let fact = one.fact;
        vec![
            Cell::from(fact.id.as_str()).marked(ask.lang, marks_of(one.decision)),
            Cell::of(ask.lang.pick(words::area(fact.area), fact.area.name()), fact.area.name()),
            Cell::of(&ask.of(&words::form(fact.form)), fact.form.name()),
            period(ask, fact.valid).into(),
            decided(one.decision),
        ]
    });
    let agreements = Table::new("agreements", ask.say("Avtal", "Agreements"), columns)
        .rows(rows)
        .short()
        .empty(ask.say("Inget avtal är registrerat.", "No agreement is registered."));
    let page = Page::new(&*known.fact.name)
        .under(ask.say("Vårdgivare och avtal", "Providers and agreements"), "/vardgivare");
    let mut facts = vec![
        (
            ask.say("Driftsform", "Legal form").to_owned(),
            Cell::from(ask.of(&words::legal_form(known.fact.legal_form))),
        ),
        (ask.say("Beslut", "Decision").to_owned(), decided(known.decision)),
    ];
    if let Some(number) = &known.fact.org_number {
        facts.push((
            ask.say("Organisationsnummer", "Company number").to_owned(),
            number.as_str().into(),
        ));
    }
    let page = dated(ask, page, &seen)
        .with(Block::Facts(facts))
        .with(units(ask, &seen, |provider| provider == id))
        .with(agreements);
    let is_own = ask.user.provider.as_deref().is_none_or(|own| own == id);
    let may_see = is_own && ask.may(Right::SeeAmounts);
    Ok(page.maybe(may_see.then(|| payees(ask, &seen, &[id]))).into())
}

fn yes_or_no(ask: &Ask, is_so: bool) -> Cell {
    match is_so {
        true => Cell::of(ask.say("ja", "yes"), "true"),
        false => Cell::of(ask.say("nej", "no"), "false"),
    }
}

/// How parties are paid, by what is known.
fn payees(ask: &Ask, seen: &Seen<'_>, parties: &[&str]) -> Table {
    let register = ask.place.data.register();
    let revision = register.as_of(seen.known_on);
    let mut latest: BTreeMap<&str, (&PaymentDetails, &Decision)> = BTreeMap::new();
    for recorded in register.log().iter().filter(|recorded| recorded.revision <= revision) {
        for stated in &recorded.decision.facts {
            if let Fact::Payee(details) = &stated.fact
                && parties.contains(&details.party.as_str())
            {
                latest.insert(&details.party, (details, &*recorded.decision));
            }
        }
    }
    let columns = vec![
        text("party", "Mottagare", "Payee"),
        text("bankgiro", "Bankgiro", "Bankgiro"),
        text("f_tax", "F-skatt", "F-tax"),
        text("self_billing", "Självfakturering", "Self-billing"),
        text("decision", "Beslut", "Decision"),
    ];
    let rows = latest.values().map(|(details, decision)| {
        vec![
            details.party.as_str().into(),
            Cell::from(details.bankgiro.clone().unwrap_or_default())
                .marked(ask.lang, marks_of(decision)),
            yes_or_no(ask, details.f_tax),
            yes_or_no(ask, details.self_billing),
            decided(decision),
        ]
    });
    Table::new("payees", ask.say("Betalningsuppgifter", "Payment details"), columns)
        .rows(rows)
        .short()
        .empty(
            ask.say(
                "Inga betalningsuppgifter är registrerade.",
                "No payment details are registered.",
            ),
        )
}

fn unit(ask: &Ask) -> Result<Answer, Failure> {
    let seen = seen(ask)?;
    let id = ask.param("unit");
    let number = seen.view.unit_number(id).ok_or_else(missing)?;
    let history = seen.view.histories.get(usize::from(number)).ok_or_else(missing)?;
    let statement = history.statement(seen.day).or_else(|| history.statements.last());
    let statement = statement.ok_or_else(missing)?;
    let fact = statement.fact;
    let provider = fact.provider.as_str();
    let page = Page::new(&*fact.name)
        .under(ask.say("Vårdgivare och avtal", "Providers and agreements"), "/vardgivare")
        .under(
            ask.place.labels.provider_name(provider).unwrap_or(provider),
            format!("/vardgivare/{provider}"),
        );
    let mut facts = vec![
        (
            ask.say("Slag", "Kind").to_owned(),
            Cell::from(ask.of(&words::unit_kind(fact.kind)))
                .marked(ask.lang, marks_of(statement.decision)),
        ),
        (ask.say("Enheten finns", "The unit exists").to_owned(), period(ask, fact.valid).into()),
        (ask.say("Avtalsform", "Form").to_owned(), form(ask, history, seen.day)),
        (ask.say("Betalning", "Payment").to_owned(), regime(ask, history, &seen.view, seen.day)),
        (ask.say("Beslut", "Decision").to_owned(), decided(statement.decision)),
    ];
    let codes = [("Kombika", &fact.kombika), ("HSA-id", &fact.hsa_id)];
    for (name, code) in codes {
        if let Some(code) = code {
            facts.push((name.to_owned(), code.as_str().into()));
        }
    }
    let mut page = dated(ask, page, &seen)
        .with(Block::Facts(facts))
        .with(agreed(ask, history, &seen))
        .with(assigned(ask, id, &seen))
        .with(capacity(ask, id, &seen));
    if ask.may(Right::SeeAmounts) && ask.sees_unit(id) {
        let agreement = history.under(seen.day).map(|under| under.agreement.fact.provider.as_str());
        let mut parties = vec![id, provider];
        parties.extend(agreement.filter(|other| *other != provider && ask.sees_all()));
        page = page.with(paid(ask, id)?).with(payees(ask, &seen, &parties));
    }
    if ask.may(Right::SeeReporting) && ask.sees_unit(id) {
        page = page.with(Block::Links(vec![(
            ask.say("Avvikelser i enhetens rapporter", "Findings in the reports of the unit")
                .to_owned(),
            format!("/inrapportering/avvikelser?unit={id}"),
        )]));
    }
    Ok(page.into())
}

/// What the unit was under, in time.
fn agreed(ask: &Ask, history: &UnitHistory<'_>, seen: &Seen<'_>) -> Table {
    let columns = vec![
        text("period", "Gäller", "Valid"),
        text("form", "Avtalsform", "Form"),
        text("regime", "Betalning", "Payment"),
        text("agreement", "Avtal", "Agreement"),
        text("provider", "Vårdgivare", "Provider"),
        text("decision", "Beslut", "Decision"),
    ];
    let parts = history.under.iter().flat_map(|under| {
        let parts = divided(&seen.view, under.agreement.fact.form, under.period);
        parts.into_iter().map(move |part| (under, part))
    });
    let rows = parts.map(|(under, (part, pays))| {
        let agreement = under.agreement.fact;
        vec![
            period(ask, part).into(),
            Cell::of(&ask.of(&words::form(agreement.form)), agreement.form.name()),
            pays.cell(ask),
            agreement.id.as_str().into(),
            provider_cell(ask, agreement.provider.as_str()),
            decided(under.agreement.decision),
        ]
    });
    let caption = ask.say("Avtal i tiden", "Agreements in time");
    Table::new("under", caption, columns).rows(rows).short().empty(ask.say(
        "Enheten har inget avtal; dess kontakter får inget pris.",
        "The unit has no agreement; its contacts get no price.",
    ))
}

/// Applications and approvals, in time.
fn assigned(ask: &Ask, unit: &str, seen: &Seen<'_>) -> Table {
    let columns = vec![
        text("name", "Uppdrag", "Assignment"),
        text("status", "Läge", "Status"),
        text("period", "Gäller", "Valid"),
        text("agreement", "Avtal", "Agreement"),
        text("known_from", "Känt senast", "Known by"),
        text("decision", "Beslut", "Decision"),
    ];
    let own = seen.view.assignments.values().filter(|one| one.fact.unit.as_str() == unit);
    let rows = own.map(|one| {
        let fact = one.fact;
        vec![
            assignment(ask, fact).marked(ask.lang, marks_of(one.decision)),
            Cell::of(&ask.of(&words::approval(fact.status)), fact.status.name()),
            period(ask, fact.valid).into(),
            fact.agreement.as_str().into(),
            one.decision.known_from.to_string().into(),
            decided(one.decision),
        ]
    });
    let caption = ask
        .say("Uppdrag: ansökta, godkända, avslagna", "Assignments: applied for, approved, refused");
    Table::new("assignments", caption, columns)
        .rows(rows)
        .short()
        .empty(ask.say("Enheten har inget uppdrag.", "The unit has no assignment."))
}

fn capacity(ask: &Ask, unit: &str, seen: &Seen<'_>) -> Table {
    let columns = vec![
        text("year", "År", "Year"),
        count("deliveries", "Planerade förlossningar", "Planned deliveries"),
        text("decision", "Beslut", "Decision"),
    ];
    let own = seen.view.capacity.values().filter(|one| one.fact.unit.as_str() == unit);
    let rows = own.map(|one| {
        vec![
            Cell::from(one.fact.year.to_string()).marked(ask.lang, marks_of(one.decision)),
            i64::try_from(one.fact.deliveries).unwrap_or(i64::MAX).into(),
            decided(one.decision),
        ]
    });
    Table::new("capacity", ask.say("Kapacitetsplan", "Capacity plan"), columns)
        .rows(rows)
        .short()
        .empty(ask.say("Ingen plan är registrerad.", "No plan is registered."))
}

/// What the settlements paid, by year and month of settlement.
fn paid(ask: &Ask, unit: &str) -> Result<Table, Failure> {
    let sums = ask.place.sums()?;
    let mut years: BTreeMap<i32, (Money, kernel::time::Month)> = BTreeMap::new();
    for settlement in ask.place.data.settlements() {
        let own = sums.of_settlement(&settlement.booked.id).iter();
        let own = own.filter(|(key, _)| !key.shadow && *key.unit == *unit);
        let (mut amount, mut has_any) = (Money::ZERO, false);
        for (_, sum) in own {
            amount += sum.amount;
            has_any = true;
        }
        if has_any {
            let month = settlement.booked.month;
            let year = years.entry(month.year()).or_insert((Money::ZERO, month));
            year.0 += amount;
            year.1 = year.1.max(month);
        }
    }
    let columns = vec![
        text("year", "Avräkningsår", "Year of settlement"),
        money("amount_ore", "Avräknat", "Settled").summed(),
        text("statement", "Senaste besked", "Latest statement"),
    ];
    let rows = years.iter().map(|(year, (amount, month))| {
        vec![
            year.to_string().into(),
            (*amount).into(),
            Cell::from(month.to_string()).to(format!("/besked/{month}/{unit}")),
        ]
    });
    Ok(Table::new("paid", ask.say("Avräknat per år", "Settled by year"), columns)
        .rows(rows)
        .short()
        .origin(ask.place.origin())
        .empty(ask.say("Inget är avräknat för enheten.", "Nothing is settled for the unit.")))
}
