//! The layout of an invoice in UBL 2.1.
//!
//! Owns: elements, their order, codes. Does not own: what is asked of the values before.
//!
//! A credit note says what is credited, so its amounts are those of the lines with the other sign.

use super::{Invoice, InvoiceLine, Issuer, Party};
use crate::amount::point;
use crate::legal::Bankgiro;
use crate::refusal::Refusal;
use crate::xml::{Element, document, group, leaf};
use kernel::money::Money;
use kernel::time::Month;

const SPECIFICATION: &str = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:";
const UBL: &str = "urn:oasis:names:specification:ubl:schema:xsd:";
/// Care, in Sweden and in the directive; both paragraphs of article 132(1) for care, b and c, are meant.
const EXEMPT: &str =
    "Sjukvård, undantagen från skatteplikt enligt 10 kap. 6 § mervärdesskattelagen (2023:200)";
const EXEMPT_CODE: &str = "VATEX-EU-132";

/// What differs between an invoice and a credit note.
struct Kind {
    root: &'static str,
    schema: &'static str,
    code: (&'static str, &'static str),
    line: &'static str,
    quantity: &'static str,
    is_credit: bool,
}

impl Kind {
    fn of(issuer: Issuer, sum: Money) -> Self {
        if sum < Money::ZERO {
            let code = if issuer == Issuer::Seller { "381" } else { "261" };
            return Self {
                root: "CreditNote",
                schema: "CreditNote-2",
                code: ("cbc:CreditNoteTypeCode", code),
                line: "cac:CreditNoteLine",
                quantity: "cbc:CreditedQuantity",
                is_credit: true,
            };
        }
        let code = if issuer == Issuer::Seller { "380" } else { "389" };
        Self {
            root: "Invoice",
            schema: "Invoice-2",
            code: ("cbc:InvoiceTypeCode", code),
            line: "cac:InvoiceLine",
            quantity: "cbc:InvoicedQuantity",
            is_credit: false,
        }
    }

    fn signed(&self, money: Money) -> Money {
        if self.is_credit { -money } else { money }
    }
}

/// The bytes; `sum` is that of the lines.
pub(super) fn write(
    invoice: &Invoice,
    sum: Money,
    bankgiro: Option<&Bankgiro>,
) -> Result<Vec<u8>, Refusal> {
    let kind = Kind::of(invoice.issuer, sum);
    let whole = kind.signed(sum);
    let mut elements = head(invoice, &kind);
    elements.push(group("cac:AccountingSupplierParty", [party(&invoice.seller, true)?]));
    elements.push(group("cac:AccountingCustomerParty", [party(&invoice.buyer, false)?]));
    elements.extend(bankgiro.map(|number| means(invoice, number)));
    elements.push(taxes(whole));
    let sums = [
        "cbc:LineExtensionAmount",
        "cbc:TaxExclusiveAmount",
        "cbc:TaxInclusiveAmount",
        "cbc:PayableAmount",
    ];
    let sums = sums.map(|name| amount(name, whole));
    elements.push(group("cac:LegalMonetaryTotal", sums));
    elements.extend((1_u32..).zip(&invoice.lines).map(|(number, it)| line(number, it, &kind)));
    let root = group(kind.root, elements)
        .with("xmlns", format!("{UBL}{}", kind.schema))
        .with("xmlns:cac", format!("{UBL}CommonAggregateComponents-2"))
        .with("xmlns:cbc", format!("{UBL}CommonBasicComponents-2"));
    Ok(document(&root, invoice.marking.sentence()))
}

fn head(invoice: &Invoice, kind: &Kind) -> Vec<Element> {
    let way = if invoice.issuer == Issuer::Seller { "billing" } else { "selfbilling" };
    let due = (!kind.is_credit).then(|| leaf("cbc:DueDate", invoice.due.to_string()));
    let mut elements = vec![
        leaf("cbc:CustomizationID", format!("{SPECIFICATION}{way}:3.0")),
        leaf("cbc:ProfileID", format!("urn:fdc:peppol.eu:2017:poacc:{way}:01:1.0")),
        leaf("cbc:ID", &invoice.number),
        leaf("cbc:IssueDate", invoice.issued.to_string()),
    ];
    elements.extend(due);
    elements.push(leaf(kind.code.0, kind.code.1));
    elements.push(leaf("cbc:Note", note(invoice)));
    elements.push(leaf("cbc:DocumentCurrencyCode", "SEK"));
    elements.push(leaf("cbc:BuyerReference", &invoice.buyer_reference));
    let months = || invoice.lines.iter().map(|line| line.care_month);
    if let (Some(first), Some(last)) = (months().min(), months().max()) {
        elements.push(period(first, last));
    }
    let reference =
        |name, id: &Option<String>| id.as_ref().map(|id| group(name, [leaf("cbc:ID", id)]));
    let corrects = reference("cac:InvoiceDocumentReference", &invoice.corrects);
    elements.extend(corrects.map(|corrected| group("cac:BillingReference", [corrected])));
    elements.extend(reference("cac:ContractDocumentReference", &invoice.agreement));
    elements
}

/// The one note that Peppol takes: the marks, and the word that the VAT act asks of a buyer's invoice (17 kap. 24 §).
fn note(invoice: &Invoice) -> String {
    let self_billed = (invoice.issuer == Issuer::Buyer).then(|| "Självfakturering".to_owned());
    invoice.marking.sentence().into_iter().chain(self_billed).collect::<Vec<_>>().join(". ")
}

fn period(first: Month, last: Month) -> Element {
    let start = leaf("cbc:StartDate", first.first_day().to_string());
    group("cac:InvoicePeriod", [start, leaf("cbc:EndDate", last.last_day().to_string())])
}

fn party(party: &Party, is_seller: bool) -> Result<Element, Refusal> {
    let number = party.legal.demanded()?;
    let with_scheme = |name| leaf(name, number.digits()).with("schemeID", "0007");
    let taxes = tax_schemes(party)?;
    if is_seller && taxes.is_empty() {
        return Err(Refusal::TaxStatus { party: party.legal.name.clone() });
    }
    let address = [
        leaf("cbc:StreetName", &party.street),
        leaf("cbc:CityName", &party.city),
        leaf("cbc:PostalZone", &party.zone),
        group("cac:Country", [leaf("cbc:IdentificationCode", "SE")]),
    ];
    let entity = [leaf("cbc:RegistrationName", &party.legal.name), with_scheme("cbc:CompanyID")];
    let mut elements = vec![with_scheme("cbc:EndpointID"), group("cac:PostalAddress", address)];
    // A buyer has one of them at most, and F-tax says nothing of it.
    elements.extend(
        taxes.into_iter().filter(|(is_vat, _)| is_seller || *is_vat).map(|(_, element)| element),
    );
    elements.push(group("cac:PartyLegalEntity", entity));
    Ok(group("cac:Party", elements))
}

/// The VAT number, and the words that stand for F-tax; whether each is the VAT number.
fn tax_schemes(party: &Party) -> Result<Vec<(bool, Element)>, Refusal> {
    let scheme = |id, scheme| {
        let scheme = group("cac:TaxScheme", [leaf("cbc:ID", scheme)]);
        group("cac:PartyTaxScheme", [leaf("cbc:CompanyID", id), scheme])
    };
    let vat = party.vat_number.as_deref();
    if let Some(number) = vat.filter(|number| !is_vat_number(number)) {
        return Err(Refusal::Value { field: "VAT", value: number.to_owned() });
    }
    let vat = vat.map(|number| (true, scheme(number, "VAT")));
    let f_tax = party.f_tax.then(|| (false, scheme("Godkänd för F-skatt", "TAX")));
    Ok(vat.into_iter().chain(f_tax).collect())
}

/// `SE`, ten digits, `01`.
fn is_vat_number(text: &str) -> bool {
    let digits = text.strip_prefix("SE").unwrap_or("");
    digits.len() == 12 && digits.ends_with("01") && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn means(invoice: &Invoice, number: &Bankgiro) -> Element {
    let branch = group("cac:FinancialInstitutionBranch", [leaf("cbc:ID", "SE:BANKGIRO")]);
    let account = group("cac:PayeeFinancialAccount", [leaf("cbc:ID", number.digits()), branch]);
    group(
        "cac:PaymentMeans",
        [leaf("cbc:PaymentMeansCode", "30"), leaf("cbc:PaymentID", &invoice.number), account],
    )
}

fn amount(name: &'static str, money: Money) -> Element {
    leaf(name, point(money)).with("currencyID", "SEK")
}

/// Category E at 0 per cent; the reason stands once, in the sum.
fn category(name: &'static str, is_sum: bool) -> Element {
    let mut elements = vec![leaf("cbc:ID", "E"), leaf("cbc:Percent", "0")];
    if is_sum {
        elements.push(leaf("cbc:TaxExemptionReasonCode", EXEMPT_CODE));
        elements.push(leaf("cbc:TaxExemptionReason", EXEMPT));
    }
    elements.push(group("cac:TaxScheme", [leaf("cbc:ID", "VAT")]));
    group(name, elements)
}

fn taxes(whole: Money) -> Element {
    let none = || amount("cbc:TaxAmount", Money::ZERO);
    let sum = [amount("cbc:TaxableAmount", whole), none(), category("cac:TaxCategory", true)];
    group("cac:TaxTotal", [none(), group("cac:TaxSubtotal", sum)])
}

/// One unit at the sum: a price is never below zero, so what is taken back is minus one unit.
fn line(number: u32, line: &InvoiceLine, kind: &Kind) -> Element {
    let net = kind.signed(line.amount);
    let (count, price) = if net < Money::ZERO { ("-1", -net) } else { ("1", net) };
    let item = [
        leaf("cbc:Description", &line.description),
        leaf("cbc:Name", &line.label),
        category("cac:ClassifiedTaxCategory", false),
    ];
    group(
        kind.line,
        [
            leaf("cbc:ID", number.to_string()),
            leaf(kind.quantity, count).with("unitCode", "C62"),
            amount("cbc:LineExtensionAmount", net),
            period(line.care_month, line.care_month),
            group("cac:Item", item),
            group("cac:Price", [amount("cbc:PriceAmount", price)]),
        ],
    )
}
