//! Short texts, each with one thing wrong in it, and what is told of it.
//!
//! Owns: one text for each way of writing that the checks know. Does not own: whole documents (`corpus`).

use kernel::finding::Severity;
use kernel::paper::Paper;
use kernel::scrutiny::scrutinise;

/// Title, text, and each doubt with its difference.
const SHORT: &[(&str, &str, &[&str])] = &[
    (
        "payment before the decision",
        "Hälso- och sjukvårdsnämnden\n2025-06-17\nHSN 2025-0777\n\nNämnden beslutar att 4,5 mkr utbetalas till Kliniken i Öst senast 31 mars 2025.\n",
        &["paid-before-decision"],
    ),
    (
        "kronor under Mkr, told once",
        "Tabell 2 Budget 2024 (Mkr)\n\nVerksamhet            Budget 2023   Budget 2024\nFörlossning                 212,4         218,9\nMödrahälsovård               98,1       101 200\nUltraljud                    24,0          24,7\nEftervård                    12,5          12,9\nSumma                       347,0         357,7\n",
        &["unit-error −101 098 800 000,00 kr"],
    ),
    (
        "a list in a list",
        "Bidraget om 20 miljoner kronor fördelas enligt följande:\n- Förlossningsvård, 12 miljoner kronor, varav\n  o 7 miljoner kronor till Norra kliniken\n  o 5 miljoner kronor till Södra kliniken\n- Mödrahälsovård, 6 miljoner kronor\n- Administration, 1 miljon kronor\n",
        &["sum-differs 1 000 000,00 kr"],
    ),
    (
        "shares beside their amounts",
        "Regionen får 2023 ett statsbidrag om 150 miljoner kronor. Av bidraget går 60 procent, 90 miljoner kronor, till förlossningsvården och 40 procent, 65 miljoner kronor, till mödrahälsovården.\n",
        &["share-differs 5 000 000,00 kr"],
    ),
    (
        "changes in kronor and percent",
        "Ersättningen höjs från 12 500 kr till 13 250 kr per förlossning, det vill säga med 650 kr.\n\nErsättningen för hembesök höjs med 4 procent, från 1 000 kr till 1 050 kr per besök.\n",
        &["change-differs −100,00 kr", "change-differs 10,00 kr"],
    ),
    (
        "a table with single spaces",
        "Mottagare Belopp i kronor\nDanderyds sjukhus 12 500 000\nSödersjukhuset 18 750 000\nKarolinska Universitetssjukhuset 15 000 000\nTotalt 46 520 000\n",
        &["sum-differs 270 000,00 kr"],
    ),
    (
        "so many at so much",
        "Nämnden beslutar\n\natt till 45 barnmorskemottagningar fördela 80 000 kronor per mottagning, totalt 3 500 000 kronor.\n",
        &["count-differs −100 000,00 kr"],
    ),
    (
        "the proposal against its reasons",
        "Förslag till beslut\n1. Norra sjukhuset tilldelas 12 300 000 kronor.\n2. Södra sjukhuset tilldelas 8 700 000 kronor.\n\nBakgrund\nFörvaltningen föreslår att Norra sjukhuset tilldelas 13 200 000 kronor och att Södra sjukhuset tilldelas 8 700 000 kronor.\n",
        &["stated-twice −900 000,00 kr"],
    ),
    (
        "five are announced, four listed",
        "Följande fem kliniker får del av medlen:\n• A-kliniken \n• B-kliniken\n• C-kliniken\n• D-kliniken\n",
        &["list-differs"],
    ),
    (
        "a share that is not its amount",
        "Fördelning i procent\n\nKlinik       Andel    Belopp (tkr)\nNord         25 %      5 000\nSyd          35 %      7 000\nVäst         30 %      6 000\nÖst          20 %      2 000\nTotalt      100 %     20 000\n",
        &["share-differs −2 000 000,00 kr"],
    ),
    (
        "amounts by year",
        "Anslaget är 8 400 tkr per år under 2024–2026, totalt 25,2 mnkr. Under 2024 betalas 2 100 000 kr per kvartal.\nKostnaden för projektet beräknas till 3,2 miljoner kronor 2024, 3,4 miljoner kronor 2025 och 3,6 miljoner kronor 2026, sammanlagt 10,4 miljoner kronor.\n",
        &["sum-differs 200 000,00 kr"],
    ),
    (
        "a heading that names others than are paid",
        "3. Medel till barnavård och mödravård\nTill vårdcentraler fördelas 5 miljoner kronor.\n\n4. Medel till ungdomsmottagningar\nUngdomsmottagningarna tilldelas 3 miljoner kronor.\n",
        &["heading-differs"],
    ),
    (
        "a table divided by semicolons",
        "Region X disponerar 75 mnkr. Medlen fördelas enligt nedanstående tabell.\n\nPost; Belopp mnkr\nFörlossning; 40\nMödravård; 25\nÖvrigt; 12\nSumma; 77\n",
        &["sum-differs −2 000 000,00 kr"],
    ),
];

#[test]
fn each_short_text_is_told_of() {
    for (title, text, expected) in SHORT {
        let remarks = scrutinise(&Paper::read(text));
        let grave = remarks.iter().filter(|remark| remark.severity != Severity::Note);
        let told: Vec<String> = grave
            .map(|remark| {
                let amount = remark.difference.map(|amount| format!(" {amount}"));
                format!("{}{}", remark.doubt, amount.unwrap_or_default().replace('\u{a0}', " "))
            })
            .collect();
        assert_eq!(told, *expected, "{title}");
    }
}

/// Numbers that are amounts, as they are written, and what they are worth in öre; `None` is no amount.
const WRITTEN: &[(&str, Option<i64>)] = &[
    ("1.250.000 kr", Some(125_000_000)),
    ("12 345,67 kr", Some(1_234_567)),
    ("450:- per besök", Some(45_000)),
    ("tio tusen kronor", Some(1_000_000)),
    ("ett hundra femtio kronor", Some(15_000)),
    ("två komma fem miljoner", Some(250_000_000)),
    ("två och en halv miljon kronor", Some(250_000_000)),
    ("tre miljoner fem hundra tusen kronor", Some(350_000_000)),
    ("en halv miljard kronor", Some(50_000_000_000)),
    ("5 miljo-\nner kronor", Some(500_000_000)),
    ("4 350\n  000 kronor till", Some(435_000_000)),
    ("7 MSEK", Some(700_000_000)),
    ("12,5 tusen kronor", Some(1_250_000)),
    ("20 milj. kr", Some(2_000_000_000)),
    ("5mkr", Some(500_000_000)),
    ("2,4 miljoner invånare", None),
    ("5 miljoner euro", None),
    ("ett par miljoner kronor", None),
    ("telefon 08-465 004 10", None),
    ("vecka 25", None),
    ("kvinnor över 35 år", None),
    ("org.nr 232100-0016", None),
];

#[test]
fn amounts_are_read_as_they_are_written() {
    for (written, expected) in WRITTEN {
        let paper = Paper::read(&format!("Summan är om {written}"));
        let found = paper.amounts().first().map(|amount| amount.amount.ore());
        assert_eq!(found, *expected, "{written}");
    }
}

/// Texts of many forms without fault: none has an error or a warning.
#[test]
fn quiet_texts_are_left_in_peace() {
    let mut count = 0;
    for entry in std::fs::read_dir(super::folder().join("quiet")).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let remarks = scrutinise(&Paper::read(&text));
        let grave: Vec<_> = remarks.iter().filter(|r| r.severity != Severity::Note).collect();
        assert!(grave.is_empty(), "{}: {grave:?}", entry.path().display());
        count += 1;
    }
    assert_eq!(count, 26);
}
