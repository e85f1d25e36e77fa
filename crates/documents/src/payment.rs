//! Payment files: ISO 20022 pain.001.001.09 to Bankgiro numbers.
//!
//! Owns: the message and what it can hold. Does not own: who is to be paid; an administration of the region never is.
//!
//! `<InstdAmt Ccy="SEK">14200.00</InstdAmt>` to `<Id>50501055</Id>` of scheme `BGNR`.

use crate::amount::{point, total};
use crate::legal::{Bankgiro, Legal, OrgNumber};
use crate::letters::within;
use crate::marking::Marking;
use crate::refusal::Refusal;
use crate::xml::{Element, document, group, leaf};
use kernel::money::Money;
use kernel::time::Day;
use std::collections::BTreeSet;

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
/// Bankgirot's own number in the Swedish clearing.
const BANKGIROT: &str = "9900";
/// The largest sum that is written: 17 digits, which the schema holds.
const MOST: Money = Money::from_ore(99_999_999_999_999_999);

/// What one debtor pays on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentFile {
    /// Id of the message, unique for the debtor, at most 35 characters.
    pub id: String,
    /// The instant that it was made, `2023-02-03T08:00:00Z`.
    pub created: String,
    /// Who pays.
    pub debtor: Legal,
    /// The bankgiro number that is paid from.
    pub bankgiro: String,
    /// BIC of the debtor's bank, where the agreement with it wants that.
    pub bic: Option<String>,
    /// The day of payment.
    pub day: Day,
    /// The payments, in the order in which they are written.
    pub payments: Vec<Payment>,
    /// What the amounts rest on.
    pub marking: Marking,
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id, which follows it to the payee, at most 35 characters, once in a file.
    pub id: String,
    /// Who is paid.
    pub payee: Legal,
    /// The bankgiro number that is paid to.
    pub bankgiro: String,
    /// Above zero.
    pub amount: Money,
    /// What the payee reads, at most 140 characters with the marks before it.
    pub reference: String,
}

/// The bytes of the message. Characters of names and references that Bankgirot does not hold are written as the nearest that it
/// does; ids are refused instead, and so is all that is too long.
///
/// # Errors
/// The first thing that the message cannot hold.
pub fn write(file: &PaymentFile) -> Result<Vec<u8>, Refusal> {
    let amounts = file.payments.iter().map(|payment| payment.amount);
    let sum = total(amounts).filter(|sum| *sum <= MOST).ok_or(Refusal::TooLarge)?;
    if file.payments.is_empty() {
        return Err(Refusal::Empty);
    }
    let mut ids = BTreeSet::new();
    if let Some(twice) = file.payments.iter().find(|payment| !ids.insert(&payment.id)) {
        return Err(Refusal::Repeated { field: "EndToEndId", value: twice.id.clone() });
    }
    let totals = [leaf("NbOfTxs", file.payments.len().to_string()), leaf("CtrlSum", point(sum))];
    let debtor = identified(&file.debtor, Some(&file.debtor.demanded()?))?;
    let mut header =
        vec![leaf("MsgId", id("MsgId", &file.id)?), leaf("CreDtTm", instant(&file.created)?)];
    header.extend(totals.clone());
    header.push(group("InitgPty", debtor.clone()));
    let mut order = vec![leaf("PmtInfId", id("PmtInfId", &file.id)?), leaf("PmtMtd", "TRF")];
    order.extend(totals);
    order.extend([
        group(
            "PmtTpInf",
            [group("SvcLvl", [leaf("Cd", "NURG")]), group("CtgyPurp", [leaf("Cd", "SUPP")])],
        ),
        group("ReqdExctnDt", [leaf("Dt", file.day.to_string())]),
        group("Dbtr", debtor),
        group(
            "DbtrAcct",
            [account(&Bankgiro::of(&file.debtor.name, &file.bankgiro)?), leaf("Ccy", "SEK")],
        ),
        group("DbtrAgt", [bank(file.bic.as_deref())?]),
    ]);
    for payment in &file.payments {
        order.push(transfer(file, payment)?);
    }
    let root = group("CstmrCdtTrfInitn", [group("GrpHdr", header), group("PmtInf", order)]);
    let root = group("Document", [root]).with("xmlns", NAMESPACE);
    Ok(document(&root, file.marking.sentence()))
}

fn transfer(file: &PaymentFile, payment: &Payment) -> Result<Element, Refusal> {
    if payment.amount <= Money::ZERO {
        return Err(Refusal::NotPositive { payment: payment.id.clone(), amount: payment.amount });
    }
    let payee = payment.payee.stated()?;
    if payee.is_some() && payee == file.debtor.stated()? {
        return Err(Refusal::SameLegalPerson { party: payment.payee.name.clone() });
    }
    let text = held("Ustrd", &file.marking.before(&payment.reference), 140)?;
    Ok(group(
        "CdtTrfTxInf",
        [
            group("PmtId", [leaf("EndToEndId", id("EndToEndId", &payment.id)?)]),
            group("Amt", [leaf("InstdAmt", point(payment.amount)).with("Ccy", "SEK")]),
            group("CdtrAgt", [bank(None)?]),
            group("Cdtr", identified(&payment.payee, payee.as_ref())?),
            group("CdtrAcct", [account(&Bankgiro::of(&payment.payee.name, &payment.bankgiro)?)]),
            group("RmtInf", [leaf("Ustrd", text)]),
        ],
    ))
}

/// Name and organisation number, as a number that a country's authority assigned.
fn identified(legal: &Legal, number: Option<&OrgNumber>) -> Result<Vec<Element>, Refusal> {
    let name = leaf("Nm", held("Nm", &legal.name, 140)?);
    let number = number.map(|number| {
        let scheme = group("SchmeNm", [leaf("Cd", "COID")]);
        group("Id", [group("OrgId", [group("Othr", [leaf("Id", number.digits()), scheme])])])
    });
    Ok(std::iter::once(name).chain(number).collect())
}

fn account(number: &Bankgiro) -> Element {
    let scheme = group("SchmeNm", [leaf("Prtry", "BGNR")]);
    group("Id", [group("Othr", [leaf("Id", number.digits()), scheme])])
}

/// A bank by its BIC, or Bankgirot by its number in the clearing.
fn bank(bic: Option<&str>) -> Result<Element, Refusal> {
    let Some(bic) = bic else {
        let system = group("ClrSysId", [leaf("Cd", "SESBA")]);
        let member = group("ClrSysMmbId", [system, leaf("MmbId", BANKGIROT)]);
        return Ok(group("FinInstnId", [member]));
    };
    let is_bic = matches!(bic.len(), 8 | 11)
        && bic.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && bic.bytes().skip(4).take(2).all(|byte| byte.is_ascii_uppercase());
    if !is_bic {
        return Err(Refusal::Value { field: "BICFI", value: bic.to_owned() });
    }
    Ok(group("FinInstnId", [leaf("BICFI", bic)]))
}

/// An instant in UTC to the second.
fn instant(text: &str) -> Result<&str, Refusal> {
    let wrong = || Refusal::Value { field: "CreDtTm", value: text.to_owned() };
    let (day, time) = text.split_once('T').ok_or_else(wrong)?;
    let digits: Vec<Option<u32>> = time
        .trim_end_matches('Z')
        .split(':')
        .map(|part| part.parse().ok().filter(|_| part.len() == 2))
        .collect();
    let is_time =
        matches!(digits[..], [Some(0..=23), Some(0..=59), Some(0..=59)]) && time.len() == 9;
    let is_instant = Day::parse(day).is_some() && is_time && time.ends_with('Z');
    is_instant.then_some(text).ok_or_else(wrong)
}

/// What Bankgirot holds: the Latin letters of ISO 20022 in Sweden, and its marks.
fn holds(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-?:().,'+ åäöÅÄÖéÉüÜ".contains(c)
}

/// An id as it stands, of ASCII characters that are held; never begins or ends with a slash, never has two in a row.
fn id<'t>(field: &'static str, text: &'t str) -> Result<&'t str, Refusal> {
    let value = || text.to_owned();
    if text.chars().count() > 35 {
        return Err(Refusal::TooLong { field, value: value(), max: 35 });
    }
    let slashes = text.starts_with('/') || text.ends_with('/') || text.contains("//");
    let is_held = text.chars().all(|c| c.is_ascii() && holds(c)) && text.trim() == text;
    if text.is_empty() || slashes || !is_held {
        return Err(Refusal::Value { field, value: value() });
    }
    Ok(text)
}

fn held(field: &'static str, text: &str, max: usize) -> Result<String, Refusal> {
    let kept = within(text, holds);
    if kept.is_empty() {
        return Err(Refusal::Value { field, value: text.to_owned() });
    }
    if kept.chars().count() > max {
        return Err(Refusal::TooLong { field, value: kept, max });
    }
    Ok(kept)
}
