//! Invoices: Peppol BIS Billing 3.0 of what the provider invoices, BIS Self-Billing 3.0 where the agreement lets the region
//! invoice in the provider's place (självfakturering).
//!
//! Owns: the document and what Swedish rules ask of it. Does not own: which way an agreement says, or the sums of lines.
//!
//! A line of 14 200 kr is one unit at `14200.00`, category E: care is exempt from VAT.

mod ubl;

use crate::amount::total;
use crate::legal::{Bankgiro, Legal};
use crate::letters::one_line;
use crate::marking::Marking;
use crate::refusal::Refusal;
use kernel::money::Money;
use kernel::time::{Day, Month};

/// Who makes the invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// The provider, on the basis that the region settled: 380, or credit note 381 where the total is below zero.
    Seller,
    /// The region, in the provider's place: 389, or credit note 261 where the total is below zero.
    Buyer,
}

/// An invoice, or a credit note where its total is below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Its number, unique for the seller.
    pub number: String,
    /// Who makes it.
    pub issuer: Issuer,
    /// The day that it is made on.
    pub issued: Day,
    /// The last day of payment; a credit note has none.
    pub due: Day,
    /// The provider.
    pub seller: Party,
    /// The region.
    pub buyer: Party,
    /// What the buyer wants to see, such as a reference code.
    pub buyer_reference: String,
    /// The agreement.
    pub agreement: Option<String>,
    /// The invoice that it corrects.
    pub corrects: Option<String>,
    /// The seller's bankgiro number, where it is paid so.
    pub bankgiro: Option<String>,
    /// One line for each element and month of care, in the order in which they are written.
    pub lines: Vec<InvoiceLine>,
    /// What the amounts rest on.
    pub marking: Marking,
}

/// A party of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Name and organisation number, which also is its address in Peppol (scheme 0007).
    pub legal: Legal,
    /// VAT registration number, `SE…01`, where it has one.
    pub vat_number: Option<String>,
    /// Whether it is approved for F-tax (godkänd för F-skatt); only of a seller.
    pub f_tax: bool,
    /// Street or box.
    pub street: String,
    /// Postal code.
    pub zone: String,
    /// Place.
    pub city: String,
}

/// What a unit is paid for one element of one month of care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLine {
    /// What is paid for, in words.
    pub label: String,
    /// Unit, contacts, cause or whatever explains it.
    pub description: String,
    /// Month of care.
    pub care_month: Month,
    /// The sum; below zero for what is taken back.
    pub amount: Money,
}

/// The bytes of the document in UBL 2.1.
///
/// # Errors
/// A party without organisation number; a seller for which neither VAT number nor F-tax is known; seller and buyer being one
/// legal person; and what the document cannot hold.
pub fn write(invoice: &Invoice) -> Result<Vec<u8>, Refusal> {
    if invoice.lines.is_empty() {
        return Err(Refusal::Empty);
    }
    let sum = total(invoice.lines.iter().map(|line| line.amount)).ok_or(Refusal::TooLarge)?;
    let is_least = |line: &InvoiceLine| line.amount.ore() == i64::MIN;
    if sum.ore() == i64::MIN || invoice.lines.iter().any(is_least) {
        return Err(Refusal::TooLarge);
    }
    if invoice.seller.legal.demanded()? == invoice.buyer.legal.demanded()? {
        return Err(Refusal::SameLegalPerson { party: invoice.seller.legal.name.clone() });
    }
    for (field, value) in [("ID", &invoice.number), ("BuyerReference", &invoice.buyer_reference)]
        .into_iter()
        .chain(
            [&invoice.seller, &invoice.buyer].map(|party| ("RegistrationName", &party.legal.name)),
        )
        .chain(invoice.lines.iter().map(|line| ("Name", &line.label)))
    {
        if one_line(value).is_empty() {
            return Err(Refusal::Value { field, value: value.clone() });
        }
    }
    let bankgiro = invoice.bankgiro.as_deref();
    let bankgiro =
        bankgiro.map(|text| Bankgiro::of(&invoice.seller.legal.name, text)).transpose()?;
    ubl::write(invoice, sum, bankgiro.as_ref())
}
