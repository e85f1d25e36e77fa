//! The tables of a ratebook, each read into its fact.
//!
//! Owns: which keys each table has. Does not own: rates (`rate`), or whether facts fit together.
//!
//! `[[capacity]]` with `unit`, `year` and `deliveries` is one row of a capacity plan.

use super::sheet::Faulty;
use super::table::Table;
use super::value::{
    Value, amount, any, boolean, count, date, exact_number, id, reference, residences, small_count,
    text, word, year,
};
use super::{eligibility, grants, rate};
use kernel::fact::{
    Account, Agreement, Appropriation, Approval, Area, Assignment, Capacity, ChartAccount,
    Commission, Decision, Fact, Form, Key, LegalForm, Payer, PaymentDetails, Place, Provider,
    Region, Source, Stated, Status, Unit, UnitKind, Weight,
};
use kernel::finding::{Code, Text};
use kernel::time::{Day, Period};

/// The table that every file has once.
pub(super) const DECISION: &str = "decision";

/// Every table with the way it is written.
pub(super) const TABLES: [(&str, &str); 22] = [
    (DECISION, "[decision]"),
    ("region", "[region]"),
    ("provider", "[[provider]]"),
    ("unit", "[[unit]]"),
    ("agreement", "[[agreement]]"),
    ("assignment", "[[assignment]]"),
    ("capacity", "[[capacity]]"),
    ("weight", "[[weight]]"),
    ("key", "[[key]]"),
    ("appropriation", "[[appropriation]]"),
    ("payer", "[[payer]]"),
    ("commission", "[[commission]]"),
    ("eligibility", "[[eligibility]]"),
    ("rate", "[[rate]]"),
    ("grant", "[[grant]]"),
    ("focus_area", "[[focus_area]]"),
    ("heading", "[[heading]]"),
    ("item", "[[item]]"),
    ("mandate", "[[mandate]]"),
    ("grant_act", "[[grant_act]]"),
    ("account", "[[account]]"),
    ("payee", "[[payee]]"),
];

/// The name of a table and the way it is written.
pub(super) fn table_title(name: &str) -> Option<(&'static str, &'static str)> {
    TABLES.into_iter().find(|(known, _)| *known == name)
}

/// Reads one table other than `[decision]` into its fact.
pub(super) fn stated(name: &str, table: &Table<'_>, place: Place) -> Result<Stated, Faulty> {
    let fact = fact(name, table);
    let anchor = table.optional("anchor", text);
    let label = table.optional("label", text);
    Ok(Stated { fact: fact?, place, anchor: anchor?, label: label? })
}

fn fact(name: &str, table: &Table<'_>) -> Result<Fact, Faulty> {
    match name {
        "region" => region(table).map(Fact::Region),
        "provider" => provider(table).map(Fact::Provider),
        "unit" => unit(table).map(Fact::Unit),
        "agreement" => agreement(table).map(Fact::Agreement),
        "assignment" => assignment(table).map(Fact::Assignment),
        "capacity" => capacity(table).map(Fact::Capacity),
        "weight" => weight(table).map(Fact::Weight),
        "key" => key(table).map(Fact::Key),
        "appropriation" => appropriation(table).map(Fact::Appropriation),
        "payer" => payer(table).map(Fact::Payer),
        "commission" => commission(table).map(Fact::Commission),
        "eligibility" => eligibility::eligibility(table).map(Fact::Eligibility),
        "rate" => rate::rate(table).map(|rate| Fact::Rate(Box::new(rate))),
        "account" => account(table).map(Fact::Account),
        "payee" => payee(table).map(Fact::Payee),
        other => grants::fact(other, table),
    }
}

/// Reads `[decision]`.
pub(super) fn decision(
    table: &Table<'_>,
    place: Place,
    facts: Vec<Stated>,
) -> Result<Decision, Faulty> {
    table.only(&[
        "id",
        "body",
        "known_from",
        "decided_on",
        "case_number",
        "status",
        "unverified",
        "illustrative",
        "source",
    ]);
    let id = table.required("id", id);
    let body = table.optional("body", text);
    let known_from = table.required("known_from", date);
    let decided_on = table.optional("decided_on", date);
    let case_number = table.optional("case_number", text);
    let status = table.optional("status", word(Status::ALL));
    let unverified = table.optional("unverified", any(text));
    let illustrative = table.optional("illustrative", boolean);
    let source = table.optional("source", source);
    Ok(Decision {
        id: id?,
        body: body?.unwrap_or_default(),
        known_from: known_from?,
        decided_on: decided_on?,
        case_number: case_number?,
        status: status?.unwrap_or(Status::Decided),
        unverified: unverified?.unwrap_or_default(),
        illustrative: illustrative?.unwrap_or(false),
        source: source?,
        facts,
        place,
    })
}

fn source(value: &Value<'_>) -> Result<Source, Faulty> {
    let table =
        Table::within(value, value.entries()?, &["title", "url", "read_on", "file", "sha256"]);
    let title = table.optional("title", text);
    let url = table.optional("url", text);
    let read_on = table.optional("read_on", date);
    let file = table.optional("file", text);
    let sha256 = table.optional("sha256", text);
    Ok(Source {
        title: title?.unwrap_or_default(),
        url: url?,
        read_on: read_on?,
        file: file?,
        sha256: sha256?.map(|hash| hash.to_ascii_lowercase()),
    })
}

/// `keys`, and those that every fact may have.
pub(super) fn only(table: &Table<'_>, keys: &[&'static str]) {
    let mut all = keys.to_vec();
    all.extend(["label", "anchor"]);
    table.only(&all);
}

fn region(table: &Table<'_>) -> Result<Region, Faulty> {
    only(table, &["id", "name", "county", "org_number"]);
    let id = table.required("id", id::<Box<str>>);
    let name = table.optional("name", text);
    let county = table.required("county", county);
    let org_number = table.optional("org_number", text);
    let id = String::from(id?);
    let name = name?.unwrap_or_else(|| id.clone());
    Ok(Region { id, name, county: county?, org_number: org_number? })
}

fn county(value: &Value<'_>) -> Result<String, Faulty> {
    let county = value.text()?;
    if county.len() != 2 || !county.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(value.wrong(
            "skriv länskoden med två siffror, till exempel `\"01\"`",
            "write the county code with two digits, such as `\"01\"`",
        ));
    }
    Ok(county.to_owned())
}

fn provider(table: &Table<'_>) -> Result<Provider, Faulty> {
    only(table, &["id", "name", "legal_form", "org_number"]);
    let id = table.required("id", id::<kernel::id::ProviderId>);
    let name = table.optional("name", text);
    let legal_form = table.required("legal_form", word(LegalForm::ALL));
    let org_number = table.optional("org_number", text);
    let id = id?;
    let name = name?.unwrap_or_else(|| id.to_string());
    Ok(Provider { id, name, legal_form: legal_form?, org_number: org_number? })
}

fn unit(table: &Table<'_>) -> Result<Unit, Faulty> {
    only(
        table,
        &[
            "id",
            "name",
            "kind",
            "provider",
            "kombika",
            "hsa_id",
            "municipality",
            "area_class",
            "valid_from",
            "valid_to",
        ],
    );
    let id = table.required("id", id::<kernel::id::UnitId>);
    let name = table.optional("name", text);
    let kind = table.required("kind", word(UnitKind::ALL));
    let provider = table.required("provider", reference);
    let kombika = table.optional("kombika", text);
    let hsa_id = table.optional("hsa_id", text);
    let municipality = table.optional("municipality", text);
    let area_class = table.optional("area_class", text);
    let valid = validity(table, Start::Always);
    let id = id?;
    let name = name?.unwrap_or_else(|| id.to_string());
    Ok(Unit {
        id,
        name,
        kind: kind?,
        provider: provider?,
        kombika: kombika?,
        hsa_id: hsa_id?,
        municipality: municipality?,
        area_class: area_class?,
        valid: valid?,
    })
}

fn agreement(table: &Table<'_>) -> Result<Agreement, Faulty> {
    only(table, &["id", "provider", "area", "form", "valid_from", "valid_to", "backward_months"]);
    let id = table.required("id", id);
    let provider = table.required("provider", reference);
    let area = table.required("area", word(Area::ALL));
    let form = table.required("form", word(Form::ALL));
    let valid = validity(table, Start::Always);
    let backward_months = table.optional("backward_months", small_count);
    Ok(Agreement {
        id: id?,
        provider: provider?,
        area: area?,
        form: form?,
        valid: valid?,
        backward_months: backward_months?,
    })
}

fn assignment(table: &Table<'_>) -> Result<Assignment, Faulty> {
    only(table, &["unit", "agreement", "name", "status", "valid_from", "valid_to"]);
    let unit = table.required("unit", reference);
    let agreement = table.required("agreement", reference);
    let name = table.required("name", id);
    let status = table.optional("status", word(Approval::ALL));
    let valid = validity(table, Start::Always);
    Ok(Assignment {
        unit: unit?,
        agreement: agreement?,
        name: name?,
        status: status?.unwrap_or(Approval::Approved),
        valid: valid?,
    })
}

fn capacity(table: &Table<'_>) -> Result<Capacity, Faulty> {
    only(table, &["unit", "year", "deliveries"]);
    let unit = table.required("unit", reference);
    let year = table.required("year", year);
    let deliveries = table.required("deliveries", count);
    Ok(Capacity { unit: unit?, year: year?, deliveries: deliveries? })
}

fn weight(table: &Table<'_>) -> Result<Weight, Faulty> {
    only(table, &["table", "code", "value", "valid_from"]);
    let name = table.required("table", id);
    let code = table.required("code", text);
    let value = table.required("value", exact_number);
    let valid_from = table.required("valid_from", date);
    Ok(Weight { table: name?, code: code?, value: value?, valid_from: valid_from? })
}

fn key(table: &Table<'_>) -> Result<Key, Faulty> {
    only(table, &["name", "recipient", "value", "year"]);
    let name = table.required("name", id);
    let recipient = table.required("recipient", text);
    let value = table.required("value", count);
    let year = table.optional("year", year);
    Ok(Key { name: name?, recipient: recipient?, value: value?, year: year? })
}

fn appropriation(table: &Table<'_>) -> Result<Appropriation, Faulty> {
    only(table, &["id", "year", "amount"]);
    let id = table.required("id", id::<Box<str>>);
    let year = table.required("year", year);
    let amount = table.required("amount", amount);
    Ok(Appropriation { id: String::from(id?), year: year?, amount: amount? })
}

/// Four to six digits.
fn account_number(value: &Value<'_>) -> Result<u32, Faulty> {
    let number = small_count(value)?;
    let number = u32::try_from(number).ok().filter(|number| (1_000..=999_999).contains(number));
    number.ok_or_else(|| {
        value.wrong(
            "ett kontonummer har fyra till sex siffror",
            "the number of an account has four to six digits",
        )
    })
}

fn account(table: &Table<'_>) -> Result<ChartAccount, Faulty> {
    only(table, &["role", "number"]);
    let role = table.required("role", word(Account::ALL));
    let number = table.required("number", account_number);
    let label = table.required("label", text);
    Ok(ChartAccount { role: role?, number: number?, label: label? })
}

fn payee(table: &Table<'_>) -> Result<PaymentDetails, Faulty> {
    only(
        table,
        &[
            "party",
            "bankgiro",
            "org_number",
            "vat_number",
            "f_tax",
            "self_billing",
            "street",
            "zone",
            "city",
        ],
    );
    let party = table.required("party", id::<Box<str>>);
    let bankgiro = table.optional("bankgiro", text);
    let org_number = table.optional("org_number", text);
    let vat_number = table.optional("vat_number", text);
    let f_tax = table.optional("f_tax", boolean);
    let self_billing = table.optional("self_billing", boolean);
    let address = ["street", "zone", "city"].map(|key| table.optional(key, text));
    let [street, zone, city] = address;
    Ok(PaymentDetails {
        party: String::from(party?),
        bankgiro: bankgiro?,
        org_number: org_number?,
        vat_number: vat_number?,
        f_tax: f_tax?.unwrap_or(false),
        self_billing: self_billing?.unwrap_or(false),
        address: [street?, zone?, city?].map(Option::unwrap_or_default),
    })
}

fn payer(table: &Table<'_>) -> Result<Payer, Faulty> {
    only(table, &["id", "residence", "valid_from", "valid_to"]);
    let id = table.required("id", id);
    let residence = table.optional("residence", residences);
    let valid = validity(table, Start::Always);
    Ok(Payer { id: id?, residence: residence?, valid: valid? })
}

fn commission(table: &Table<'_>) -> Result<Commission, Faulty> {
    only(table, &["id", "from", "to", "what", "due", "answered_by", "area", "unit"]);
    let id = table.required("id", id::<Box<str>>);
    let from = table.optional("from", text);
    let to = table.optional("to", text);
    let what = table.required("what", text);
    let due = table.optional("due", date);
    let answered_by = table.optional("answered_by", reference);
    let area = table.optional("area", text);
    let unit = table.optional("unit", text);
    Ok(Commission {
        id: String::from(id?),
        from: from?,
        to: to?,
        what: what?,
        due: due?,
        answered_by: answered_by?,
        area: area?,
        unit: unit?,
    })
}

/// Whether a fact may be in force since always.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Without `valid_from` it always was; and a `valid_to` the day before withdraws it whole (R57).
    Always,
    /// `valid_from` is compulsory.
    Compulsory,
}

/// The days from `valid_from` to `valid_to`, both inclusive in the file.
pub(super) fn validity(table: &Table<'_>, start: Start) -> Result<Period, Faulty> {
    let from = match start {
        Start::Always => table.optional("valid_from", date),
        Start::Compulsory => table.required("valid_from", date).map(Some),
    };
    let to = table.optional("valid_to", date);
    let (from, to) = (from?, to?);
    let earliest = from.map(|from| if start == Start::Always { from.plus(-1) } else { from });
    if let (Some(earliest), Some(to)) = (earliest, to)
        && to < earliest
    {
        return Err(ends_before_it_begins(table, from, to));
    }
    Ok(Period::inclusive(from, to))
}

fn ends_before_it_begins(table: &Table<'_>, from: Option<Day>, to: Day) -> Faulty {
    let from = from.map_or_else(String::new, |from| from.to_string());
    let message = Text::new(
        format!("`valid_to` {to} är före `valid_from` {from}"),
        format!("`valid_to` {to} is before `valid_from` {from}"),
    );
    table.refuse_key(Code::BadValue, "valid_to", message)
}
