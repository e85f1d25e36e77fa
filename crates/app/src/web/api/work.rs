//! What each address of the API asks of the commands.

use super::{Call, Reply};
use crate::commands::chain::release::{FigureJson, FiguresJson};
use crate::commands::settle::Mode;
use crate::commands::{books as books_command, decision, import as import_command};
use crate::commands::{
    bridge as bridge_command, commission, dispute, explain, findings as findings_command, follow,
    frame, grant, pay, register as register_command, settle, settlements as settlements_command,
    statement as statement_command,
};
use crate::data::{DataFolder, Whose};
use crate::failure::{Failure, Outcome};
use crate::followed::{By, Query};
use crate::output::{Format, Lang, Out, taken};
use crate::web::ask::{missing, sent_day};
use crate::web::pages::reporting;
use kernel::fact::Theme;
use kernel::journal::DeedKind;
use kernel::time::{Day, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A month, and the hash of the lines that were looked at.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthOf {
    /// The month.
    #[schemars(extend("pattern" = super::MONTH))]
    pub month: String,
    /// The hash of the preview.
    pub hash: Option<String>,
    /// The day of settlement: decisions known on it count. The month's third working day after it where it is not said.
    #[schemars(extend("format" = "date"))]
    pub on: Option<String>,
}

impl MonthOf {
    fn on(&self) -> Result<Option<Day>, Failure> {
        self.on.as_deref().map(sent_day).transpose()
    }
}

/// Why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteOf {
    /// Why.
    pub note: String,
}

/// A row that is contested.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContestOf {
    /// Settlement.
    pub settlement: String,
    /// Unit.
    pub unit: String,
    /// Contact; none for what is of no contact.
    pub contact: Option<String>,
    /// Element.
    pub element: String,
    /// Month of care.
    #[schemars(extend("pattern" = super::MONTH))]
    pub care_month: Option<String>,
    /// Why.
    pub reason: String,
}

/// How a dispute is answered.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeOf {
    /// It stays open.
    Answer,
    /// It ends as the clinic wants.
    Uphold,
    /// It ends without a change.
    Dismiss,
}

/// An answer to a dispute.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerOf {
    /// How.
    pub outcome: OutcomeOf,
    /// What the clinic is told.
    pub note: String,
}

/// A page of lines.
#[derive(Serialize, JsonSchema)]
pub struct LinesJson {
    lines: Vec<LineJson>,
    /// Where the next page begins; none after the last.
    next: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct LineJson {
    settlement: String,
    contact_id: Option<String>,
    element: String,
    care_month: String,
    cause: String,
    payer: String,
    payee: String,
    payable: bool,
    rate: String,
    count: i64,
    amount_ore: i64,
}

const OUT: Out = Out { format: Format::Json, lang: Lang::Sv };

/// The JSON that a command writes, on the folder as it is open here.
pub(super) fn told(
    call: &Call<'_>,
    command: impl FnOnce(Out, &Path) -> Result<Outcome, Failure>,
) -> Result<Reply, Failure> {
    let data = &call.ask.place.data;
    let out = Out { lang: call.ask.lang, ..OUT };
    let (done, bytes) = data.as_opened(|| taken(|| command(out, data.folder())));
    done.map(|_found_or_not| Reply::Json(bytes))
}

/// Only for those who see all units.
pub(super) fn of_all(call: &Call<'_>) -> Result<(), Failure> {
    if call.ask.sees_all() { Ok(()) } else { Err(missing()) }
}

fn day(call: &Call<'_>, name: &str) -> Option<Day> {
    call.ask.query.value(name).and_then(Day::parse)
}

pub(super) fn sent<T: for<'d> Deserialize<'d>>(call: &Call<'_>) -> Result<T, Failure> {
    serde_json::from_slice(&call.body).map_err(|error| {
        Failure::usage(
            format!("det som sändes går inte att läsa: {error}"),
            format!("what was sent cannot be read: {error}"),
        )
    })
}

fn month(text: &str) -> Result<Month, Failure> {
    Month::parse(text).ok_or_else(|| {
        Failure::usage(
            format!("`{text}` är ingen månad"),
            format!("`{text}` is no month; write it as 2023-01"),
        )
    })
}

pub fn settlements(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    told(call, settlements_command::run)
}

pub fn chain_figures(call: &Call<'_>) -> Result<Reply, Failure> {
    let released = call.ask.place.data.care_released()?;
    let seen = |clinic: &str| {
        let own = call.ask.user.provider.as_deref() == Some(clinic);
        call.ask.sees_all() || own || call.ask.sees_unit(clinic)
    };
    let figures = released.iter().filter(|one| seen(&one.clinic)).map(FigureJson::from).collect();
    let bytes = serde_json::to_vec(&FiguresJson { figures }).map_err(std::io::Error::from)?;
    Ok(Reply::Json(bytes))
}

pub fn books(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    told(call, books_command::show)
}

pub fn deeds(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    told(call, books_command::log)
}

pub fn payments(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    told(call, pay::show)
}

pub fn disputes(call: &Call<'_>) -> Result<Reply, Failure> {
    let disputes = &call.ask.place.data.journal().disputes;
    let seen = disputes
        .iter()
        .filter(|(_, dispute)| call.ask.sees_all() || call.ask.sees_unit(&dispute.row.unit));
    let shown = seen.clone().map(|(_, dispute)| dispute);
    dispute::log_shown(&call.ask.place.data, shown, &call.ask.user.name)?;
    let json = dispute::ShowJson { disputes: seen.map(dispute::json).collect() };
    Ok(Reply::Json(written(&json)))
}

pub(super) fn written(json: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(json).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

pub fn statement(call: &Call<'_>) -> Result<Reply, Failure> {
    let (unit, month) = (call.ask.unit("unit")?, month(call.ask.param("month"))?);
    let ask = statement_command::Ask { whose: Whose::Unit(unit), month, lines: false, out: None };
    told(call, |out, folder| statement_command::run(out, folder, &ask, &call.ask.user.name))
}

pub fn lines(call: &Call<'_>) -> Result<Reply, Failure> {
    /// Lines of a page, unless it is said.
    const LINES: usize = 500;
    let (unit, month) = (call.ask.unit("unit")?, month(call.ask.param("month"))?);
    let data = &call.ask.place.data;
    let mut lines = Vec::new();
    for settlement in data.settlements_of(month) {
        let booked = call.ask.place.lines_of(settlement)?;
        lines.extend(booked.rows().filter(|line| line.unit == unit).map(|line| LineJson {
            settlement: settlement.booked.id.clone(),
            contact_id: line.contact_id.map(str::to_owned),
            element: line.element.to_owned(),
            care_month: line.care_month.to_string(),
            cause: line.cause.to_owned(),
            payer: line.payer.to_owned(),
            payee: line.payee.to_owned(),
            payable: line.payable,
            rate: line.rate.to_owned(),
            count: line.count,
            amount_ore: line.amount.ore(),
        }));
    }
    data.log_access(&call.ask.user.name, "statement", unit, "", lines.len(), &month.to_string())?;
    if call.wants_lines {
        return Ok(Reply::Bytes("application/x-ndjson", lines.iter().flat_map(written).collect()));
    }
    let from = call.ask.query.value("cursor").unwrap_or("0").parse::<usize>().map_err(|_bad| {
        Failure::usage(
            "`cursor` är inget som API:t har gett",
            "`cursor` is nothing that the API gave",
        )
    })?;
    let limit = call
        .ask
        .query
        .value("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(LINES)
        .min(5_000);
    let end = from.saturating_add(limit);
    let next = (end < lines.len()).then(|| end.to_string());
    let lines = lines.into_iter().skip(from).take(limit).collect();
    Ok(Reply::Json(written(&LinesJson { lines, next })))
}

pub fn parquet(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    let data = &call.ask.place.data;
    let id = call.ask.param("id");
    let Some(settlement) = data.settlements().iter().find(|one| one.booked.id == id) else {
        return Err(missing());
    };
    let (hash, rows) = (&settlement.booked.lines_hash, settlement.booked.lines);
    let bytes = store::files::get(data.folder(), store::files::Shelf::Lines, hash)?;
    let rows = usize::try_from(rows).unwrap_or(0);
    data.log_access(&call.ask.user.name, "lines", "", "", rows, id)?;
    Ok(Reply::Bytes("application/vnd.apache.parquet", bytes))
}

pub fn explanation(call: &Call<'_>) -> Result<Reply, Failure> {
    let contact = call.ask.param("contact");
    let unit = crate::web::pages::contact::unit(call.ask, contact).ok_or_else(missing)?;
    if !call.ask.sees_unit(&unit) {
        return Err(missing());
    }
    let known_on = day(call, "known_on");
    told(call, |out, folder| explain::run(out, folder, contact, known_on, &call.ask.user.name))
}

pub fn findings(call: &Call<'_>) -> Result<Reply, Failure> {
    let given = |name: &str| call.ask.query.value(name).map(str::to_owned);
    let unit = given("unit");
    match &unit {
        None => of_all(call)?,
        Some(unit) if !call.ask.sees_all() && !call.ask.sees_unit(unit) => return Err(missing()),
        Some(_) => {}
    }
    let ask = findings_command::Ask {
        unit,
        code: given("code"),
        month: None,
        batch: None,
        severities: Vec::new(),
        known_on: day(call, "known_on"),
        by: findings_command::By::Code,
        export: None,
    };
    told(call, |out, folder| findings_command::run(out, folder, &ask, &call.ask.user.name))
}

pub fn indicators(call: &Call<'_>) -> Result<Reply, Failure> {
    let (place, given) = (&call.ask.place, |name: &str| call.ask.query.value(name));
    let unit = given("unit");
    if unit.is_some_and(|unit| !place.has_unit(unit) || !call.ask.sees_unit(unit)) {
        return Err(missing());
    }
    let known_on = day(call, "known_on").unwrap_or(place.today);
    let query = Query {
        year: given("year")
            .and_then(|year| year.parse().ok())
            .unwrap_or_else(|| follow::indicators::default_year(known_on)),
        by: given("by").and_then(By::parse).unwrap_or(By::Whole),
        unit: unit.map(str::to_owned),
        indicator: given("indicator").map(str::to_owned),
        theme: given("theme").and_then(Theme::parse),
    };
    let earlier;
    let followed = if known_on == place.today {
        place.followed()?
    } else {
        earlier = place.data.followed_loaded(known_on)?;
        &earlier
    };
    let told =
        follow::indicators::told(&place.data, followed, &query, |unit| call.ask.sees_unit(unit))?;
    Ok(Reply::Json(written(&told)))
}

pub fn bridge(call: &Call<'_>) -> Result<Reply, Failure> {
    of_all(call)?;
    let Some(from) = day(call, "from") else { return Err(missing()) };
    let (to, unit) = (day(call, "to"), call.ask.query.value("unit"));
    told(call, |out, folder| bridge_command::run(out, folder, from, to, unit))
}

pub fn register(call: &Call<'_>) -> Result<Reply, Failure> {
    let of = call.ask.query.value("of");
    let (known_on, valid_on) = (day(call, "known_on"), day(call, "valid_on"));
    let ask = register_command::show::Ask { of, known_on, against: None, valid_on };
    told(call, |out, folder| register_command::show::run(out, folder, &ask))
}

pub fn changes(call: &Call<'_>) -> Result<Reply, Failure> {
    let of = call.ask.query.value("of");
    let (known_on, against) = (day(call, "known_on"), day(call, "against"));
    let ask = register_command::show::Ask { of, known_on, against, valid_on: None };
    told(call, |out, folder| register_command::show::run(out, folder, &ask))
}

pub fn grants(call: &Call<'_>) -> Result<Reply, Failure> {
    let known_on = day(call, "known_on");
    let ask =
        grant::show::Ask { id: None, register: Vec::new(), known_on, posts: false, xlsx: None };
    told(call, |out, folder| grant::show::run(out, folder, &ask))
}

pub fn frames(call: &Call<'_>) -> Result<Reply, Failure> {
    let ask =
        frame::Ask { id: None, register: Vec::new(), known_on: day(call, "known_on"), xlsx: None };
    told(call, |out, folder| frame::run(out, folder, &ask))
}

pub fn commissions(call: &Call<'_>) -> Result<Reply, Failure> {
    let ask =
        commission::Ask { register: Vec::new(), known_on: day(call, "known_on"), state: None };
    told(call, |out, folder| commission::list(out, folder, &ask))
}

pub fn preview(call: &Call<'_>) -> Result<Reply, Failure> {
    let (month, on) = (month(call.ask.param("month"))?, day(call, "on"));
    told(call, |out, folder| {
        settle::run(out, folder, month, on, Mode::Preview, &call.ask.user.name)
    })
}

pub fn draft(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: MonthOf = sent(call)?;
    let (month, on) = (month(&of.month)?, of.on()?);
    told(call, |out, folder| settle::run(out, folder, month, on, Mode::Draft, &call.ask.user.name))
}

pub fn book(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: MonthOf = sent(call)?;
    let (month, on) = (month(&of.month)?, of.on()?);
    let mode = Mode::Book(of.hash.as_deref());
    told(call, |out, folder| settle::run(out, folder, month, on, mode, &call.ask.user.name))
}

fn deed(call: &Call<'_>, kind: DeedKind, note: &str) -> Result<Reply, Failure> {
    let (subject, by) = (call.ask.param("id"), call.ask.user.name.as_str());
    let new = books_command::New { kind, subject, by, note, on: None };
    told(call, |out, folder| books_command::act(out, folder, &new))
}

pub fn attest(call: &Call<'_>) -> Result<Reply, Failure> {
    deed(call, DeedKind::Attest, "")
}

pub fn undo(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: NoteOf = sent(call)?;
    deed(call, DeedKind::Undo, &of.note)
}

pub fn contest(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: ContestOf = sent(call)?;
    if !call.ask.place.has_unit(&of.unit) || !call.ask.sees_unit(&of.unit) {
        return Err(missing());
    }
    let ask = dispute::Contested {
        settlement: &of.settlement,
        unit: &of.unit,
        contact: of.contact.as_deref(),
        element: &of.element,
        care_month: of.care_month.as_deref().map(month).transpose()?,
        reason: &of.reason,
        due: None,
        on: None,
    };
    told(call, |out, folder| dispute::open(out, folder, &ask, &call.ask.user.name))
}

pub fn answer(call: &Call<'_>) -> Result<Reply, Failure> {
    let of: AnswerOf = sent(call)?;
    let kind = match of.outcome {
        OutcomeOf::Answer => DeedKind::Answer,
        OutcomeOf::Uphold => DeedKind::Uphold,
        OutcomeOf::Dismiss => DeedKind::Dismiss,
    };
    deed(call, kind, &of.note)
}

pub fn import(call: &Call<'_>) -> Result<Reply, Failure> {
    let name = call.ask.query.value("name").unwrap_or("");
    told(call, |out, folder| {
        let mut data = DataFolder::open(folder)?;
        let one = reporting::import_one(&mut data, call.ask, name, &call.body)?;
        import_command::told(out, &[one])
    })
}

pub fn read_text(call: &Call<'_>) -> Result<Reply, Failure> {
    let document = decision::document::Document::of("text", &call.body)?;
    told(call, |out, _| decision::read::of(out, &document))
}

pub fn check_text(call: &Call<'_>) -> Result<Reply, Failure> {
    let document = decision::document::Document::of("text", &call.body)?;
    told(call, |out, _| decision::check::of(out, &document))
}
