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
    (
        "so much to each of so many",
        "Tio mottagningar får 50 000 kronor vardera, sammanlagt 600 000 kronor.\n",
        &["count-differs 100 000,00 kr"],
    ),
    (
        "so much a month for so many months",
        "Hyran är 10 000 kronor per månad i tolv månader, totalt 130 000 kronor.\n",
        &["count-differs 10 000,00 kr"],
    ),
    (
        "so much a year for the years that are named",
        "Nämnden avsätter 10 miljoner kronor för åren 2024–2026, med 3 miljoner kronor per år.\n",
        &["sum-differs 1 000 000,00 kr"],
    ),
    (
        "a share before its amount in brackets",
        "Av bidraget om 40 miljoner kronor går 20 procent (10 miljoner kronor) till förlossningsvården.\n",
        &["share-differs 2 000 000,00 kr"],
    ),
    (
        "an amount before its share in brackets",
        "Av anslaget på 40 miljoner kronor avsätts 10 miljoner kronor (20 procent) till utbildning.\n",
        &["share-differs 2 000 000,00 kr"],
    ),
    (
        "an amount that is said to be a share",
        "Av bidraget om 40 miljoner kronor går 12 miljoner kronor, motsvarande 25 procent, till Lund.\n",
        &["share-differs 2 000 000,00 kr"],
    ),
    (
        "a share of the money of the sentence before",
        "Regionen får 40 miljoner kronor. Av beloppet går 25 procent, 12 miljoner kronor, till Lund.\n",
        &["share-differs 2 000 000,00 kr"],
    ),
    (
        "shares that are more than the whole",
        "Bidraget delas så att Lund får 50 procent, Malmö 30 procent och Ystad 25 procent.\n",
        &["shares-differ"],
    ),
    (
        "shares of a list that are more than the whole",
        "Medlen fördelas så här:\n\n- Lund: 50 procent\n- Malmö: 30 procent\n- Ystad: 25 procent\n",
        &["shares-differ"],
    ),
    (
        "a table of shares whose whole no row says",
        "Bidraget är 20 000 000 kronor.\n\nKlinik   Andel (%)   Belopp (kr)\nLund   50   10 000 000\nMalmö   30   6 500 000\nYstad   20   4 000 000\n",
        &["share-differs 500 000,00 kr"],
    ),
    (
        "one part that is larger than its whole",
        "Kliniken tilldelas 12 miljoner kronor, varav 15 miljoner kronor avser utbildning.\n",
        &["sum-differs −3 000 000,00 kr"],
    ),
    (
        "the text against the row that bears its name",
        "Nämnden beslutar att fördela medlen enligt bilaga 1. Lunds sjukhus tilldelas 3 500 000 kronor.\n\nBilaga 1\n\nMottagare   Belopp (kr)\nLunds sjukhus   4 200 000\nMalmö sjukhus   2 000 000\nSumma   6 200 000\n",
        &["stated-twice −700 000,00 kr"],
    ),
    (
        "a whole after what is added",
        "Norra kliniken får 5 miljoner kronor. Därutöver får Södra kliniken 3 miljoner kronor. Sammanlagt fördelas 9 miljoner kronor.\n",
        &["sum-differs 1 000 000,00 kr"],
    ),
    (
        "a heading over lines of text",
        "Förlossningsvård, 12 miljoner kronor\nNorra kliniken tilldelas 7 miljoner kronor.\nSödra kliniken tilldelas 6 miljoner kronor.\n\nMödrahälsovård, 5 miljoner kronor\nÖstra kliniken tilldelas 5 miljoner kronor.\n",
        &["sum-differs −1 000 000,00 kr"],
    ),
    (
        "what is left of a division",
        "Kliniken får 20 miljoner kronor. Av dessa går 8 miljoner kronor till utbildning, 5 miljoner kronor till lokaler och resterande 6 miljoner kronor till utrustning.\n",
        &["sum-differs 1 000 000,00 kr"],
    ),
    (
        "a table of bars",
        "| Mottagare | Belopp (kr) |\n|---|---:|\n| Lund | 100 000 |\n| Malmö | 250 000 |\n| Ystad | 50 000 |\n| Summa | 450 000 |\n",
        &["sum-differs 50 000,00 kr"],
    ),
    (
        "so much to each as a part",
        "De tre klinikerna får 2 miljoner kronor vardera och Ystad 1 miljon kronor, totalt 8 miljoner kronor.\n",
        &["sum-differs 1 000 000,00 kr"],
    ),
    (
        "so much to each in a list",
        "Bidraget om 10 miljoner kronor fördelas enligt följande:\n- Två kliniker i norr tilldelas 2 miljoner kronor vardera\n- Tre kliniker i söder tilldelas 1 miljon kronor vardera\n- Östra kliniken tilldelas 4 miljoner kronor\n",
        &["sum-differs −1 000 000,00 kr"],
    ),
    (
        "an amount beyond what is read",
        "Anslaget är 12345678901234567890 kr.\n",
        &["amount-too-large"],
    ),
    (
        "a whole after so much to each",
        "Tre kliniker får 1 mkr vardera. Därutöver får Lund 2 mkr. Sammanlagt fördelas 6 mkr.\n",
        &["sum-differs 1 000 000,00 kr"],
    ),
    (
        "shares whose whole stands last",
        "Lund får 55 procent (5,5 mkr) och Malmö 45 procent (4,8 mkr) av 10 mkr.\n",
        &["share-differs 300 000,00 kr"],
    ),
    (
        "shares of a frame, and the rest",
        "Av anslaget om 20 mkr är 5 procent (1 mkr) en reserv, 15 procent (3,5 mkr) utveckling och resten drift.\n",
        &["share-differs 500 000,00 kr"],
    ),
    (
        "a list that begins a text",
        "1. Lunds kommun 1 200 000 kr\n2. Malmö stad 2 300 000 kr\n3. Ystads kommun 500 000 kr\n\nSumma 4 100 000 kr\n",
        &["sum-differs 100 000,00 kr"],
    ),
    (
        "so much a month, too little",
        "Stödet är 3 000 kr per månad i tolv månader, totalt 30 000 kr.\n",
        &["count-differs −6 000,00 kr"],
    ),
    (
        "clauses against what they cost together",
        "Nämnden beslutar\n\natt bevilja Föreningen Amningsstöd kr 195 000 för år 2026,\n\natt bevilja Sjöviks barnmorskor AB kr 96 500 för samma tid, samt\n\natt kostnaden, tillsammans kr 281 500, belastar kostnadsställe 4410.\n",
        &["sum-differs −10 000,00 kr"],
    ),
    (
        "a raise that lowers",
        "Besöksersättningen höjs från 2 150 kronor till 1 180 kronor.\n",
        &["change-differs"],
    ),
    (
        "a figure in kronor and in thousands",
        "Regionen får 118 432 000 kronor.\n\nSumman av alla insatser är 118 532 tkr.\n",
        &["stated-twice −100 000,00 kr"],
    ),
    (
        "points that lead to the numbers",
        "Så här blir det, i tusental kronor:\n\n  Kvinnokliniken Alby ......... 12 400\n  Kvinnokliniken Berga ........  9 150\n  BB Stad .....................  7 300\n  Summa ....................... 28 950\n",
        &["sum-differs 100 000,00 kr"],
    ),
    (
        "a part further on that is larger than its whole",
        "Nämnden avsätter 25 mnkr för förlossningsvård varav 30 mnkr för kompetensutveckling.\n",
        &["sum-differs −5 000 000,00 kr"],
    ),
    (
        "shares of a key",
        "Fördelningsnyckel:\n- Lund 50 %\n- Malmö 30 %\n- Kristianstad 25 %\nSumma 100 %\n",
        &["shares-differ"],
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
    ("kr 5 000", Some(500_000)),
    ("SEK 12 500", Some(1_250_000)),
    ("12 500 SEK", Some(1_250_000)),
    ("400.000,00 kronor", Some(40_000_000)),
    ("2 500 000,– kr", Some(250_000_000)),
    ("350:50 kr", Some(35_050)),
    ("tjugofem öre", Some(25)),
    ("1'250'000 kr", Some(125_000_000)),
    ("-5 000 kr", Some(-500_000)),
    ("12345678901234567890 kr", None),
    ("SEK 5,000,000", Some(500_000_000)),
    ("5,125 kr", Some(512)),
    ("kr 2024", None),
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

/// What is told of a text that is no note.
fn grave(text: &str) -> Vec<String> {
    let remarks = scrutinise(&Paper::read(text)).into_iter();
    let grave = remarks.filter(|remark| remark.severity != Severity::Note);
    grave.map(|remark| remark.message.sv.to_string()).collect()
}

/// Texts of many forms without fault: none has an error or a warning.
#[test]
fn quiet_texts_are_left_in_peace() {
    let mut count = 0;
    for entry in std::fs::read_dir(super::folder().join("quiet")).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        assert_eq!(grave(&text), [""; 0], "{}", entry.path().display());
        for width in [50, 65, 80, usize::MAX] {
            let text = broken_anew(&text, width);
            assert_eq!(grave(&text), [""; 0], "{}, {width} wide", entry.path().display());
        }
        count += 1;
    }
    assert_eq!(count, 235);
}

/// The text with the lines of its paragraphs broken at another width; lists, tables and short paragraphs stay.
fn broken_anew(text: &str, width: usize) -> String {
    let is_prose = |line: &str| {
        let first = line.split(' ').next().unwrap_or_default();
        let is_mark = !first.chars().any(char::is_alphanumeric)
            || first.ends_with(')')
            || (first.ends_with('.') && first.chars().count() < 4);
        !line.trim().contains("  ")
            && !line.contains(['\t', '|'])
            && !line.starts_with(' ')
            && !is_mark
    };
    let blocks = text.split("\n\n").map(|block| {
        if block.len() <= 100 || !block.lines().all(is_prose) {
            return block.to_owned();
        }
        let mut lines = vec![String::new()];
        for word in block.replace("-\n", "").split_whitespace() {
            let line = lines.last_mut().unwrap();
            if !line.is_empty() && line.chars().count() + word.chars().count() >= width {
                lines.push(word.to_owned());
            } else {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
        }
        lines.join("\n")
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// Sentences that look like a fault and are none.
const SOUND: &[&str] = &[
    "Av bidraget om 40 miljoner kronor går 25 procent (10 miljoner kronor) till förlossningsvården.",
    "Av anslaget på 40 miljoner kronor avsätts 10 miljoner kronor (25 procent) till utbildning och 30 miljoner kronor (75 procent) till drift.",
    "Av bidraget om 41 miljoner kronor går 10 miljoner kronor, motsvarande 24 procent, till Lund.",
    "Kostnaden ökar med 3 procent (1,2 miljoner kronor) till 41 miljoner kronor.",
    "Momsen är 25 procent (2 500 kronor) på en avgift om 10 000 kronor.",
    "Priset är 12 500 kronor (inklusive 25 procent moms). Anslaget är på 40 miljoner kronor.",
    "Regionen får 40 miljoner kronor. Av beloppet går 30 procent, 12 miljoner kronor, till Lund.",
    "Lund får 50 procent, Malmö 30 procent och Ystad 20 procent.",
    "Lund får 50 procent av sina kostnader, Malmö 30 procent av sina och Ystad 60 procent av sina.",
    "Barnmorskan får 80 procent i Lund, 90 procent i Malmö och 75 procent i Ystad i ersättning.",
    "Verksamheten i Lund får 80 procent nöjda patienter, Malmö 90 procent och Ystad 85 procent.",
    "Bidraget är 20 000 000 kronor.\n\nKlinik   Andel (%)   Belopp (kr)\nLund   50   10 000 000\nMalmö   30   6 000 000\nYstad   20   4 000 000",
    "Klinik   Täckningsgrad (%)   Belopp (kr)\nLund   50   10 000 000\nMalmö   30   6 500 000\nYstad   20   4 000 000\nKalmar   90   1 000 000",
    "Kliniken tilldelas 12 miljoner kronor, varav 1,5 miljoner kronor avser utbildning.",
    "Kostnaden minskar med 2 miljoner kronor, varav 3 miljoner kronor i Lund medan Malmö ökar med 1 miljon kronor.",
    "Nämnden beslutar att fördela medlen enligt bilaga 1. Lunds sjukhus tilldelas 4 200 000 kronor.\n\nBilaga 1\n\nMottagare   Belopp (kr)\nLunds sjukhus   4 200 000\nMalmö sjukhus   2 000 000\nSumma   6 200 000",
    "Lunds sjukhus tilldelas 1 500 000 kronor för utbildning utöver vad som framgår av tabellen.\n\nBilaga 1\n\nMottagare   Belopp (kr)\nLunds sjukhus   4 200 000\nMalmö sjukhus   2 000 000\nSumma   6 200 000",
    "Lunds sjukhus fick 1 500 000 kronor förra året.\n\nMottagare   Belopp (kr)\nLunds sjukhus   4 200 000\nMalmö sjukhus   2 000 000\nSumma   6 200 000",
    "Tio mottagningar får 50 000 kronor vardera, sammanlagt 500 000 kronor.",
    "Av 12 sökande får tio mottagningar 50 000 kronor vardera, sammanlagt 500 000 kronor.",
    "Tio mottagningar i tre kommuner får 50 000 kronor vardera, sammanlagt 500 000 kronor.",
    "Tio mottagningar får 50 000 kronor vardera och år, sammanlagt 1 000 000 kronor under två år.",
    "Tio mottagningar får 50 000 kronor vardera per år, sammanlagt 1 500 000 kronor för åren 2024–2026.",
    "Hyran är 10 000 kronor per månad i tolv månader, totalt 120 000 kronor.",
    "Hyran är 10 000 kronor per månad med tre månaders uppsägning, totalt 120 000 kronor per år.",
    "Hyran är 10 000 kronor per månad och de första tre månaderna är gratis, totalt 90 000 kronor.",
    "Nämnden avsätter 9 miljoner kronor för åren 2024–2026, med 3 miljoner kronor per år.",
    "Nämnden avsätter 10 miljoner kronor för åren 2024–2026, med i genomsnitt drygt 3 miljoner kronor per år.",
    "Nämnden avsätter 10 miljoner kronor för åren 2024–2026, med 2 miljoner kronor per år för drift och resten för bygge.",
    "Norra kliniken får 5 miljoner kronor. Därutöver får Södra kliniken 3 miljoner kronor. Sammanlagt fördelas 8 miljoner kronor.",
    "Av ramen om 20 miljoner kronor är 12 miljoner kronor fördelade. Därutöver får Södra kliniken 3 miljoner kronor. Sammanlagt är 15 miljoner kronor fördelade.",
    "Regionen får 30 miljoner kronor. Norra kliniken får 5 miljoner kronor. Därutöver får Södra kliniken 3 miljoner kronor. Totalt fördelas 8 miljoner kronor.",
    "Förlossningsvård, 12 miljoner kronor\nNorra kliniken tilldelas 7 miljoner kronor.\nSödra kliniken tilldelas 5 miljoner kronor.",
    "Verksamhet (mkr)   2023   2024   2025\nFörlossning   12,0   12,4   12,8\nInvestering   0,5   0,4   9,0",
    "Verksamhet (mkr)   2023   2024   2025\nFörlossning   12,0   12,4   12,8\nNytt hus   1,0   1,1   1,2",
    "Kliniken får 20 miljoner kronor. Av dessa går 8 miljoner kronor till utbildning, 5 miljoner kronor till lokaler och resterande 7 miljoner kronor till utrustning.",
    "Bidraget är 20 miljoner kronor, varav 8 miljoner kronor går till utbildning och resterande till lokaler.",
    "Bidraget är 20 miljoner kronor, varav 8 miljoner kronor betalas i år och resterande cirka 12 miljoner kronor nästa år.",
    "De tre klinikerna får 2 miljoner kronor vardera och Ystad 1 miljon kronor, totalt 7 miljoner kronor.",
    "Två kliniker i tre kommuner får 2 miljoner kronor vardera och Ystad 1 miljon kronor, totalt 5 miljoner kronor.",
    "Bidraget om 10 miljoner kronor fördelas enligt följande:\n- Två kliniker i norr tilldelas 2 miljoner kronor vardera\n- Tre kliniker i söder tilldelas 1 miljon kronor vardera\n- Östra kliniken tilldelas 3 miljoner kronor",
    "Bidraget om 10 miljoner kronor fördelas enligt följande:\n- Klinikerna i två kommuner, Norra, Södra och Västra, tilldelas 2 miljoner kronor vardera\n- Östra kliniken tilldelas 4 miljoner kronor",
    "Avgiften är kr 500 per besök och SEK 12 500 per år. Fakturan 20240917 avser 2 500 gram.",
    "Belopp i kr 2024 och 2025.\n\nKostnad kr   2024   2025\nLund   12 000   13 000\nMalmö   1 000   1 100\nSumma   13 000   14 100",
    "Tabell 1\nMottagare   Belopp (tkr)\nA-kliniken   100\nB-kliniken   200\nSumma   300",
    "Tre avdelningar får 2 miljoner kronor vardera för 12 månader, totalt 6 miljoner kronor.",
    "Avgiften är 100 kronor per månad för 500 patienter i sex månader, totalt 300 000 kronor.",
    "Av 60 platser finansieras 40 med 10 000 kronor per månad i tolv månader per plats, totalt 4 800 000 kronor.",
    "Nämnden beslutar att bevilja bidrag enligt nedan.\n\n1. Lunds kommun 1 200 000 kr\n2. Malmö stad 2 300 000 kr\n3. Ystads kommun 500 000 kr\n\nSumma 4 000 000 kr",
    "Regionen fördelar 30 mkr. Av dessa går 10 mkr till Lund, 10 mkr till Malmö och 10 mkr till Ystad. Av Lunds 10 mkr går hälften, 5 mkr, till eftervård.",
    "Ersättningen är 1 250 kr per besök 2026 och räknas upp med 2 procent till 1 275 kr per besök 2027.",
    "Bidraget om 12 mkr betalas med 1 mkr per månad under hela året.",
    "Bidraget är 12 mkr för 2026 och 14 mkr för 2027, totalt 26 mkr.",
    "Bidraget uppgår till 12 mkr, varav 4 mkr till Lund, 4 mkr till Malmö samt högst 5 mkr till Ystad.",
    "Av de 40 miljonerna (40 000 000 kronor) används 50 procent (20 000 000 kronor) i år.",
    "Ramen är 10 mkr. Hittills är 4 mkr beslutade. Därutöver föreslås 3 mkr. Kvar är 3 mkr.",
    "Kostnaden per mottagning är 50 000 kr. Tjugo mottagningar ansöker och femton beviljas, totalt 750 000 kr.",
    "Mottagare	Belopp (kr)	Andel\nLund	1 000 000	33,3 %\nMalmö	1 000 000	33,3 %\nYstad	1 000 000	33,3 %\nSumma	3 000 000	100 %",
    "Tabell 3. Ersättning per år (tkr)\n\nÅr      Fast    Rörlig   Totalt\n2026    1 200   300      1 500\n2027    1 250   320      1 570\nSumma   2 450   620      3 070",
    "Förlossningsvård\nNorra sjukhuset 12,5 mkr\nSödra sjukhuset 11,0 mkr\nTotalt förlossningsvård 23,5 mkr\n\nEftervård\nNorra sjukhuset 2,5 mkr\nSödra sjukhuset 2,0 mkr\nTotalt eftervård 4,5 mkr\n\nTotalt 28,0 mkr",
    "Norra kliniken får 5 mkr 2026. Norra kliniken får 6 mkr 2027. Södra kliniken får 4 mkr vardera året, totalt 8 mkr.",
    "Två barnmorskor anställs för 650 000 kr vardera per år. Kostnaden blir 1 300 000 kr per år och 2 600 000 kr för två år.",
    "Avgiften höjs från 200 kr till 250 kr, dvs med 25 procent (50 kr).",
    "Lund får 55 procent (5,5 mkr) och Malmö 45 procent (4,5 mkr) av 10 mkr.",
    "Av anslaget om 20 mkr är 5 procent (1 mkr) en reserv, 15 procent (3 mkr) utveckling och resten drift.",
    "Av samtliga 1 200 födda barn vägde 15 procent (180 barn) under 3 000 gram.",
    "Ersättningen till Lund är 5 mkr (inkl. moms 1 mkr). Av ersättningen om 5 mkr utgår 20 procent (1 mkr) som moms.",
    "Investeringen kostar 4 800 tkr och skrivs av på tolv år, 400 tkr per år för åren 2026–2037.",
    "Stödet är 3 000 kr per månad i högst tolv månader, totalt högst 36 000 kr.",
    "Projektet pågår i 24 månader. Lönen är 45 000 kr per månad. Totalt avsätts 1 500 000 kr inklusive sociala avgifter.",
    "Projektledaren kostar 60 000 kr per månad i tolv månader, totalt 945 000 kr med sociala avgifter.",
    "Tre kliniker får 1 mkr vardera. Totalt fördelas 10 mkr enligt bilaga 1.",
    "Tre kliniker får 1 mkr vardera. Därutöver får Lund 2 mkr. Sammanlagt fördelas 5 mkr.",
    "Regionens andel är 118 432 tkr 2025.\n\nUnder 2026 blir andelen 118 932 tkr.",
    "Nämnden beslutar\n\natt bevilja A 500 000 kr,\n\natt bevilja B 300 000 kr, samt\n\natt anvisa totalt 2 000 000 kr för kommande ansökningar.",
    "Nämnden beslutar\n\natt bevilja A 500 000 kr för 2026 och 2027,\n\natt bevilja B 300 000 kr, samt\n\natt kostnaden, totalt 800 000 kr, belastar nämnden.",
    "Avgiften höjs för vuxna och sänks för barn, från 200 kr till 100 kr.",
    "Målet höjs. Kostnaden per besök går från 2 150 kronor till 1 180 kronor.",
    "Ersättningen ökar inte utan går från 2 150 kronor till 1 180 kronor.",
    "Volymen ökar, vilket gör att priset faller från 2 150 kronor till 1 180 kronor.",
    "Antalet besök ökar och styckpriset går från 2 150 kronor till 1 180 kronor.",
    "Stöd om 3 000 000 kronor ges. Varav-poster: 1 000 000 kronor lön, varav 1 200 000 kronor söktes.",
    "Lund får 50 procent av Malmös bidrag, Malmö 60 procent och Ystad 20 procent.",
    "Av ramen om 10 mkr går 20 procent, 2 mkr, till Lund och 3 mkr till Malmö.",
    "Av budgeten på 10 mkr har 45 procent (4,5 mkr) förbrukats. Prognosen är 11 mkr (110 procent).",
    "Lunds sjukhus tilldelas 1 500 000 kronor ytterligare.\n\nMottagare   Belopp (kr)\nLunds sjukhus   4 200 000\nMalmö sjukhus   2 000 000\nSumma   6 200 000",
    "Lunds sjukhus tilldelas 1 500 000 kronor.\n\nTabell 2. Antal födda och ordinarie anslag 2025 (kr)\n\nMottagare   Anslag\nLunds sjukhus   4 200 000\nMalmö sjukhus   2 000 000\nSumma   6 200 000",
    "Tolv platser à 1 000 kr per dygn i 365 dygn, totalt 4 380 000 kr.",
    "40 mottagningar får 25 000 kr per läkare, totalt 3 000 000 kr.",
    "Ersättningen är 500 kr per besök, högst tio besök per kvinna, totalt högst 5 000 kr.",
    "Åtta kvinnor fick 12 000 kr var och två fick 15 000 kr var, sammanlagt 126 000 kr.",
    "Två av tio kliniker får 1 mkr vardera, totalt 2 mkr.",
    "Alla tre kliniker som sökt får 1 mkr vardera, totalt 3 mkr.",
    "De 21 regionerna får 4 mkr vardera. Totalt blir det 84 mkr.",
    "Kostnaden är 450 kr/timme i 40 timmar per vecka och 30 veckor, totalt 540 000 kr.",
    "Hyran är 10 000 kr per månad i tolv månader och 12 000 kr per månad i sex månader, totalt 192 000 kr.",
    "Bidraget om 10 mkr, varav 12 procent är administration, betalas 2026.",
    "Summan höjs från 10 mkr, varav 2 mkr var statliga, till 12 mkr.",
    "Lokalvård	12 400\nSumma kr	12 400",
    "Region Norr ......... 5 kap. Se sid 12 ......... 14",
    "Innehåll\nInledning ............ 3\nBakgrund ............. 5\nKostnader i kronor ... 8\nBeslut ............... 12",
];

#[test]
fn sound_sentences_are_left_in_peace() {
    for text in SOUND {
        let remarks = scrutinise(&Paper::read(&format!("{text}\n")));
        let grave: Vec<_> = remarks.iter().filter(|r| r.severity != Severity::Note).collect();
        assert!(grave.is_empty(), "{text}: {grave:?}");
    }
}

#[test]
fn what_names_or_measures_is_not_counted() {
    for text in ["Faktura 20240917 bokas", "Paketet väger 2 500 gram", "den 20240917 bokas"] {
        assert!(Paper::read(text).counts().is_empty(), "{text}");
    }
}

#[test]
fn a_name_and_a_sign_are_read_whole() {
    let paper = Paper::read("2 000 000 kronor går till Mölndals sjukhus.\n");
    assert_eq!(paper.recipients()[0].name, "Mölndals sjukhus");
    let paper = Paper::read("Kulturnämnden är den enda nämnd som får 4 200 000 kronor.\n");
    assert_eq!(paper.recipients()[0].name, "Kulturnämnden");
    let paper =
        Paper::read("Post   Belopp (tkr)\nHyra   100\nRabatt   −25\nLarm   +5\nSumma   80\n");
    assert_eq!(paper.text(paper.amounts()[1].span), "−25");
    assert_eq!(paper.text(paper.amounts()[2].span), "+5");
}
