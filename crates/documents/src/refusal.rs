//! Why a file is not written, in both languages.
//!
//! Owns: the words. Does not own: what a caller does about it; nothing half-written is ever given.

use kernel::finding::Text;
use kernel::money::Money;
use kernel::time::Day;

/// Why a file is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing to write.
    Empty,
    /// The organisation number of a party is not known.
    OrgNumberMissing {
        /// Name of the party.
        party: String,
    },
    /// What is stated as a party's organisation number is none.
    OrgNumber {
        /// Name of the party.
        party: String,
        /// What is stated.
        value: String,
    },
    /// What is stated as a party's bankgiro number is none.
    Bankgiro {
        /// Name of the party.
        party: String,
        /// What is stated.
        value: String,
    },
    /// Neither a VAT number nor approval for F-tax is known of a seller, and an invoice needs one of them.
    TaxStatus {
        /// Name of the seller.
        party: String,
    },
    /// The one who pays and the one who is paid are one legal person: an internal posting, never an invoice or a payment.
    SameLegalPerson {
        /// Name of the one who is paid.
        party: String,
    },
    /// A value is missing, or has characters that the format does not hold.
    Value {
        /// The element of the format, or the field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// A value is longer than the format holds.
    TooLong {
        /// The element of the format.
        field: &'static str,
        /// The value.
        value: String,
        /// How many characters it holds.
        max: usize,
    },
    /// More rows than the format holds.
    TooManyRows {
        /// How many.
        rows: usize,
        /// How many it holds.
        max: usize,
    },
    /// The same id twice.
    Repeated {
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// Sums that do not fit.
    TooLarge,
    /// A voucher that does not sum to zero.
    Unbalanced {
        /// Series and number.
        voucher: String,
        /// Its sum.
        sum: Money,
    },
    /// A voucher uses an account that is not in the chart.
    UnknownAccount {
        /// Series and number.
        voucher: String,
        /// The account.
        account: u32,
    },
    /// A voucher lies outside the period of the books.
    OutsidePeriod {
        /// Series and number.
        voucher: String,
        /// Its day.
        day: Day,
    },
    /// A payment of nothing or less.
    NotPositive {
        /// Id of the payment.
        payment: String,
        /// Its amount.
        amount: Money,
    },
    /// A document could not be laid out.
    Layout {
        /// What of PDF/UA-1 it breaks.
        message: String,
    },
}

impl Refusal {
    /// What is wrong and what to do.
    pub fn text(&self) -> Text {
        match self {
            Self::Empty => Text::new("det finns inget att skriva", "there is nothing to write"),
            Self::OrgNumberMissing { party } => Text::new(
                format!("organisationsnummer saknas för `{party}`; ange `org_number` i prisboken"),
                format!("no organisation number for `{party}`; state `org_number` in the ratebook"),
            ),
            Self::OrgNumber { party, value } => Text::new(
                format!(
                    "`{value}` är inget organisationsnummer ({party}); väntade tio siffror med rätt kontrollsiffra"
                ),
                format!(
                    "`{value}` is no organisation number ({party}); expected ten digits with the right check digit"
                ),
            ),
            Self::Bankgiro { party, value } => Text::new(
                format!(
                    "`{value}` är inget bankgironummer ({party}); väntade sju eller åtta siffror med rätt kontrollsiffra"
                ),
                format!(
                    "`{value}` is no bankgiro number ({party}); expected seven or eight digits with the right check digit"
                ),
            ),
            Self::TaxStatus { party } => Text::new(
                format!(
                    "varken momsregistreringsnummer eller godkännande för F-skatt är känt för `{party}`; ange ett av dem"
                ),
                format!(
                    "neither a VAT number nor approval for F-tax is known for `{party}`; state one of them"
                ),
            ),
            Self::SameLegalPerson { party } => Text::new(
                format!(
                    "`{party}` är samma juridiska person som betalar; bokför internt, utan faktura och betalning"
                ),
                format!(
                    "`{party}` is the same legal person that pays; post internally, without invoice and payment"
                ),
            ),
            Self::Value { field, value } => Text::new(
                format!("`{value}` kan inte skrivas som `{field}`"),
                format!("`{value}` cannot be written as `{field}`"),
            ),
            Self::TooLong { field, value, max } => Text::new(
                format!(
                    "`{value}` är för långt för `{field}`, som rymmer {max} tecken; förkorta det"
                ),
                format!(
                    "`{value}` is too long for `{field}`, which holds {max} characters; shorten it"
                ),
            ),
            Self::TooManyRows { rows, max } => Text::new(
                format!("{rows} rader är fler än de {max} som ett ark rymmer; välj färre dagar"),
                format!(
                    "{rows} rows are more than the {max} that a sheet holds; choose fewer days"
                ),
            ),
            Self::Repeated { field, value } => Text::new(
                format!("`{value}` finns två gånger som `{field}`"),
                format!("`{value}` is twice a `{field}`"),
            ),
            Self::TooLarge => Text::new(
                "summan är för stor för att räknas exakt",
                "the sum is too large to be computed exactly",
            ),
            Self::Unbalanced { voucher, sum } => Text::new(
                format!("verifikation `{voucher}` går inte jämnt ut: summan är {sum}"),
                format!("voucher `{voucher}` does not balance: its sum is {sum}"),
            ),
            Self::UnknownAccount { voucher, account } => Text::new(
                format!(
                    "verifikation `{voucher}` använder konto `{account}`, som saknas i kontoplanen"
                ),
                format!(
                    "voucher `{voucher}` uses account `{account}`, which is not in the chart of accounts"
                ),
            ),
            Self::OutsidePeriod { voucher, day } => Text::new(
                format!("verifikation `{voucher}` är daterad `{day}`, utanför perioden"),
                format!("voucher `{voucher}` is dated `{day}`, outside the period"),
            ),
            Self::NotPositive { payment, amount } => Text::new(
                format!(
                    "betalning `{payment}` är på {amount}; bara belopp över noll betalas, kvitta resten"
                ),
                format!(
                    "payment `{payment}` is of {amount}; only amounts above zero are paid, set off the rest"
                ),
            ),
            Self::Layout { message } => Text::new(
                format!("dokumentet kunde inte sättas: {message}"),
                format!("the document could not be laid out: {message}"),
            ),
        }
    }
}
