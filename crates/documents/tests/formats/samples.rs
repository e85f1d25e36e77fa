//! Made-up books, payments and invoices with every edge that the formats have.
//!
//! Owns: the samples. Does not own: what is asserted about them (the tests beside this file, and `tests/oracles/check.py`).

use documents::books::{Account, Books, Label, Posting, Voucher};
use documents::invoice::{Invoice, InvoiceLine, Issuer, Party};
use documents::legal::Legal;
use documents::marking::Marking;
use documents::payment::{Payment, PaymentFile};
use documents::pdf::{Block, Document, Figure, Head, Language, Level, Point, Shape, Table, Value};
use kernel::money::Money;
use kernel::time::{Day, Month};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};

pub const SYNTHETIC: Marking = Marking { synthetic: true, illustrative: true, unverified: true };

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// 232100-0016 is Region Stockholm's own number; every clinic here is made up.
pub fn region() -> Legal {
    Legal { name: "Region Stockholm".into(), org_number: Some("232100-0016".into()) }
}

fn account(number: u32, label: &str) -> Account {
    Account { number, label: label.into() }
}

fn label(id: &str, label: &str) -> Label {
    Label { id: id.into(), label: label.into() }
}

fn voucher(series: &str, number: u32, text: &str, postings: Vec<Posting>) -> Voucher {
    Voucher { series: series.into(), number, day: day("2023-02-03"), text: text.into(), postings }
}

/// A posting with everything that it can be followed by.
fn followed(account: u32, ore: i64, unit: &str, element: &str) -> Posting {
    Posting {
        unit: Some(unit.into()),
        element: Some(element.into()),
        payer: Some("hsn".into()),
        payee: Some("forlossning-ett, \"mitt\" AB; Å|Ö".into()),
        care_month: Month::parse("2023-01"),
        cause: Some("decision".into()),
        decision: Some("hsn-2023-01-raise".into()),
        financing: Some("statsbidrag-2023".into()),
        ..Posting::new(account, Money::from_ore(ore))
    }
}

/// Several vouchers: a debt to a provider, a correction with negative amounts, an internal posting, empty dimensions,
/// long names, quotation marks, letters outside code page 437.
pub fn books() -> Books {
    let long = "Mycket långt namn på ett konto för köpt förlossningsvård inom vårdval, ".repeat(4);
    Books {
        region: region(),
        made_on: day("2023-02-03"),
        from: day("2023-01-01"),
        to: day("2023-02-28"),
        accounts: vec![
            account(1931, "Bank, \"checkräkning\" – plusgiro"),
            account(2441, "Leverantörsskulder: vårdgivare"),
            account(2499, &long),
            account(4412, "Köpt vård; Ågårds (förlossning)"),
            account(3951, "Statsbidrag 2023 | rikta\u{30a}t"),
            account(9400, "Intern ersättning  två blanksteg"),
        ],
        units: vec![label("kk-a", "Förlossning \"Ett\""), label("kk-b", "Förlossning Őst – №2")],
        elements: vec![label("continuity-add-on", "Sammanhållen vårdkedja")],
        vouchers: vec![
            voucher(
                "A",
                1,
                "Avräkning 2023-01, \"Förlossning Ett\"",
                vec![
                    followed(4412, 1_420_000, "kk-a", "continuity-add-on"),
                    followed(4412, 2_861_405, "kk-a", "delivery"),
                    followed(2441, -4_281_405, "kk-a", ""),
                ],
            ),
            voucher(
                "A",
                2,
                "Rättelse \\ av 2022; se | beslut…",
                vec![
                    followed(4412, -680_001, "kk-b", "delivery"),
                    Posting::new(2499, Money::from_ore(680_001)),
                ],
            ),
            voucher(
                "INT",
                1,
                "",
                vec![
                    followed(4412, 5, "kk-b", "continuity-add-on"),
                    followed(9400, -5, "kk-b", "continuity-add-on"),
                    Posting::new(9400, Money::ZERO),
                ],
            ),
            voucher(
                "B",
                4_000_000_000,
                "Statsbidrag\nmottaget\t日本",
                vec![
                    Posting::new(1931, Money::from_kronor(1_000_000_000_000)),
                    Posting::new(3951, Money::from_kronor(-1_000_000_000_000)),
                ],
            ),
        ],
        marking: SYNTHETIC,
    }
}

fn any_text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..12).prop_map(|chars| chars.into_iter().collect())
}

fn some_text() -> impl Strategy<Value = Option<String>> {
    (any::<bool>(), any_text()).prop_map(|(some, text)| some.then_some(text))
}

fn any_posting(account: u32) -> impl Strategy<Value = Posting> {
    let texts = (some_text(), some_text(), some_text(), some_text(), some_text());
    let month = any::<bool>().prop_map(|some| Month::parse("2023-01").filter(|_| some));
    let ore = -10_000_000_000_000_000_i64..10_000_000_000_000_000;
    (ore, texts, month).prop_map(
        move |(ore, (unit, element, payer, cause, decision), care_month)| Posting {
            unit,
            element,
            payer,
            care_month,
            cause,
            decision,
            ..Posting::new(account, Money::from_ore(ore))
        },
    )
}

/// Vouchers with any text and any amounts, each with one posting more that makes it sum to zero.
fn any_voucher() -> impl Strategy<Value = (String, i32, Vec<Posting>)> {
    let postings = vec((1_000_u32..1_003).prop_flat_map(any_posting), 1..5);
    (any_text(), 0..365_i32, postings).prop_map(|(text, after, mut postings)| {
        let sum: Money = postings.iter().map(|posting| posting.amount).sum();
        postings.push(Posting::new(2_441, -sum));
        (text, after, postings)
    })
}

/// Books that nobody would keep, balanced.
pub fn any_books() -> impl Strategy<Value = Books> {
    let labels = (vec(any_text(), 4), any_text(), Just(day("2023-01-01")));
    (labels, vec(any_voucher(), 0..5), any::<bool>()).prop_map(
        |((names, name, from), vouchers, synthetic)| {
            let numbers = [1_000, 1_001, 1_002, 2_441];
            let accounts = numbers.iter().zip(names).map(|(number, name)| account(*number, &name));
            let vouchers = (1..).zip(vouchers).map(|(number, (text, after, postings))| Voucher {
                series: "A".into(),
                number,
                day: from.plus(after),
                text,
                postings,
            });
            Books {
                region: Legal { name: format!("R{name}"), org_number: None },
                made_on: from,
                from,
                to: day("2023-12-31"),
                accounts: accounts.collect(),
                units: Vec::new(),
                elements: Vec::new(),
                vouchers: vouchers.collect(),
                marking: Marking { synthetic, ..Marking::default() },
            }
        },
    )
}

/// A made-up clinic.
pub fn clinic(name: &str, org_number: &str) -> Legal {
    Legal { name: name.into(), org_number: Some(org_number.into()) }
}

fn payment(id: &str, payee: Legal, bankgiro: &str, ore: i64, reference: &str) -> Payment {
    Payment {
        id: id.into(),
        payee,
        bankgiro: bankgiro.into(),
        amount: Money::from_ore(ore),
        reference: reference.into(),
    }
}

/// Payments with Swedish and other letters, a payee without number, the least and a large amount.
pub fn payments() -> PaymentFile {
    let nameless = Legal {
        name: "Ågårds barnmorskemottagning – förening & vänner".into(),
        org_number: None,
    };
    PaymentFile {
        id: "SYNTETISK-2023-01".into(),
        created: "2023-02-03T08:00:00Z".into(),
        debtor: region(),
        bankgiro: "5050-1055".into(),
        bic: None,
        day: day("2023-02-24"),
        payments: vec![
            payment(
                "2023-01-1",
                clinic("Förlossning \"Ett\" AB", ORG_A),
                "991-2346",
                4_281_405,
                "Avräkning 2023-01",
            ),
            payment("2023-01-2", nameless, "5050-1055", 1, ""),
            payment(
                "2023-01-3",
                clinic("Ultraljud Őst № 2", ORG_B),
                "9912346",
                123_456_789_012,
                "5 § <avtal>; a_b…",
            ),
        ],
        marking: SYNTHETIC,
    }
}

/// Organisation numbers made up for samples, with right check digits.
pub const ORG_A: &str = "556000-0001";
pub const ORG_B: &str = "556000-0019";

fn party(legal: Legal, city: &str) -> Party {
    Party {
        legal,
        vat_number: None,
        f_tax: false,
        street: "Storgatan 1 & 2".into(),
        zone: "111 22".into(),
        city: city.into(),
    }
}

fn line(label: &str, month: &str, ore: i64) -> InvoiceLine {
    InvoiceLine {
        label: label.into(),
        description: "Förlossning Ett, 12 vårdkontakter".into(),
        care_month: Month::parse(month).expect("a month"),
        amount: Money::from_ore(ore),
    }
}

/// An invoice with a correction in it; below zero for a credit note.
pub fn invoice(issuer: Issuer, is_credit: bool) -> Invoice {
    let seller =
        Party { f_tax: true, ..party(clinic("Förlossning \"Ett\" AB", ORG_A), "Norrtälje") };
    let buyer = Party { vat_number: Some("SE232100001601".into()), ..party(region(), "Stockholm") };
    let mut lines = vec![
        line("Sammanhållen vårdkedja", "2023-01", 1_420_000),
        line("Förlossning <P05> & mer", "2023-01", 2_861_405),
        line("Rättelse: förlossning", "2022-12", -680_001),
        line("Noll kronor", "2022-11", 0),
    ];
    if is_credit {
        lines.push(line("Återtaget", "2022-10", -9_000_000));
    }
    Invoice {
        number: "2023-01-0007".into(),
        issuer,
        issued: day("2023-02-03"),
        due: day("2023-03-05"),
        seller,
        buyer,
        buyer_reference: "HSN-4711".into(),
        agreement: Some("ADA-12345".into()),
        corrects: is_credit.then(|| "2022-12-0003".into()),
        bankgiro: Some("991-2346".into()),
        lines,
        marking: SYNTHETIC,
    }
}

/// Invoices with any text and any amounts.
pub fn any_invoice() -> impl Strategy<Value = Invoice> {
    let ore = -10_000_000_000_000_i64..10_000_000_000_000;
    let any_line =
        (any_text(), any_text(), 0..24_i32, ore).prop_map(|(label, description, after, ore)| {
            let line = line("", "2022-01", ore);
            InvoiceLine {
                label: format!("L{label}"),
                description,
                care_month: line.care_month.plus(after),
                ..line
            }
        });
    let texts = (any_text(), any_text(), any_text(), any_text());
    (texts, vec(any_line, 1..6), any::<bool>()).prop_map(
        |((name, street, reference, number), lines, by_buyer)| {
            let issuer = if by_buyer { Issuer::Buyer } else { Issuer::Seller };
            let mut invoice = invoice(issuer, false);
            invoice.seller.legal.name = format!("S{name}");
            invoice.seller.street = street;
            invoice.buyer_reference = format!("B{reference}");
            invoice.number = format!("N{number}");
            Invoice { lines, marking: Marking::default(), ..invoice }
        },
    )
}

/// What is corrected in the statement, row by row.
pub fn corrections() -> Vec<(Month, &'static str, u64, Money)> {
    let months = (1..=12).map(|month| Month::new(2022, month).expect("a month"));
    let of_month = |month| {
        [
            (
                month,
                "Beslut: höjning från 7\u{a0}400\u{a0}kr till 14\u{a0}200\u{a0}kr",
                3,
                Money::from_ore(2_040_000),
            ),
            (month, "Makulerad rapport", 1, Money::from_ore(-1_420_001)),
            (month, "Sent rapporterad vård", 2, Money::from_ore(5)),
        ]
    };
    months.flat_map(of_month).collect()
}

/// A statement with every kind of block, corrections both ways, blank cells, letters that the font lacks, and more rows than a page holds.
pub fn statement() -> Document {
    let head = |(text, numeric): &(&str, bool)| Head { text: (*text).into(), numeric: *numeric };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let sum: Money = corrections().iter().map(|(.., amount)| *amount).sum();
    let rows = corrections().into_iter().map(|(month, cause, contacts, amount)| {
        let [month, contacts, amount] =
            [month.to_string(), contacts.to_string(), amount.to_string()];
        vec![month, "Sammanhållen vårdkedja".into(), cause.into(), contacts, amount]
    });
    let heads = [
        ("Vårdmånad", false),
        ("Ersättningsslag", false),
        ("Orsak", false),
        ("Antal", true),
        ("Belopp", true),
    ];
    Document {
        title: "Avräkningsbesked 2023-01, Förlossning \"Ett\" – Ågården".into(),
        lang: Language::Sv,
        band: Some("SYNTETISKA DATA: påhittade kontakter, inga verkliga personer".into()),
        blocks: vec![
            Block::Text("Ett stycke som är längre än en rad, så att det bryts där det finns ett mellanslag och läses upp med mellanslaget kvar.".into()),
            Block::Facts(vec![
                ("Enhet".into(), "Å#*_$ 日本 \u{fffe}\u{1f600} №".into()),
                ("Betalningsmottagare".into(), "Förlossning Ett AB, 556000-0001".into()),
            ]),
            Block::Heading(2, "Rättelser av tidigare månader".into()),
            Block::Table(Table {
                caption: "Rättelser, rad för rad".into(),
                heads: heads.iter().map(head).collect(),
                rows: rows.collect(),
                sums: vec![vec!["Summa".into(), String::new(), String::new(), String::new(), sum.to_string()]],
            }),
            Block::Heading(2, "Beslut och källor".into()),
            Block::Heading(3, "Beslut".into()),
            Block::Table(Table {
                caption: String::new(),
                heads: [("Beslut", false), ("Källa", false), ("Läst", false)].iter().map(head).collect(),
                rows: vec![
                    texts(&["hsn-2023-01-raise", "HSN: Extra satsning på förlossningsvården", "2026-11-21"]),
                    texts(&["hsn-2023-02-of-everything-that-is-longer-than-the-whole-column-of-the-table-that-it-stands-in", ""]),
                ],
                sums: Vec::new(),
            }),
        ],
    }
}

fn point(label: &str, value: i64, interval: Option<(i64, i64)>) -> Point {
    Point { label: label.into(), value: Value::Number(value, interval) }
}

fn target(value: i64) -> Level {
    Level { label: "Målnivå".into(), value }
}

/// Months in a line with a month left out, and made-up units as bars with intervals.
pub fn charts() -> [Figure; 2] {
    let month = |(number, value): (u32, i64)| point(&format!("2022-{number:02}"), value, None);
    let shares = [612, 640, 655, 649, 688, 701, 0, 722, 718, 731, 745, 752];
    let mut months: Vec<Point> = (1..).zip(shares).map(month).collect();
    months[6].value = Value::Missing("färre än 5".into());
    let line = Figure {
        caption: "Andel som mött sin barnmorska vid förlossningen, månad för månad".into(),
        alt: "Linjediagram: andelen stiger från 61,2 procent i januari till 75,2 procent i december 2022; målnivån 75 nås i december.".into(),
        shape: Shape::Line,
        point_head: "Månad".into(),
        value_head: "Andel, %".into(),
        interval_head: String::new(),
        decimals: 1,
        axis: Some((0, 1_000)),
        points: months,
        levels: vec![target(750), Level { label: "Median".into(), value: 694 }],
    };
    let units = vec![
        point("Förlossning Ett", 784, Some((741, 822))),
        point(
            "Förlossning Åtta, enheten med det längsta namnet av alla påhittade enheter i regionen",
            690,
            Some((655, 723)),
        ),
        Point { label: "Förlossning Ö".into(), value: Value::Missing("uppgift saknas".into()) },
        point("Förlossning Tre", 1_000, None),
    ];
    let bars = Figure {
        caption: "Andel per enhet 2022".into(),
        alt: "Stapeldiagram: Förlossning Tre 100 procent, Förlossning Ett 78,4, Förlossning Åtta 69,0; uppgift saknas för Förlossning Ö.".into(),
        shape: Shape::Bars,
        point_head: "Enhet".into(),
        interval_head: "95 % konfidensintervall".into(),
        axis: None,
        points: units,
        levels: vec![target(750)],
        ..line.clone()
    };
    [line, bars]
}

/// A report with charts.
pub fn report() -> Document {
    let [line, bars] = charts();
    Document {
        title: "Uppföljning 2022".into(),
        lang: Language::Sv,
        band: Some("SYNTETISKA DATA: påhittade kontakter, inga verkliga personer".into()),
        blocks: vec![
            Block::Heading(2, "Kontinuitet".into()),
            Block::Text("Två diagram, vart och ett med sina siffror i en tabell.".into()),
            Block::Figure(line),
            Block::Figure(bars),
        ],
    }
}
