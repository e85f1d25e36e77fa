//! The texts of the command line, English and Swedish side by side.

/// English as declared, and Swedish. A test holds every text of the command line to have both.
pub const SWEDISH: &[(&str, &str)] = &[
    // The command line itself.
    (
        "Vårdkedja: decisions and reports become exact, explained payments",
        "Vårdkedja: beslut och rapporter blir exakta, förklarade betalningar",
    ),
    ("Data folder", "Datamapp"),
    (
        "Open the workplace: pages for people who work with the data folder, in a browser",
        "Öppna arbetsplatsen: sidor i webbläsaren för dem som arbetar med datamappen",
    ),
    (
        "Folder of source texts, to show decisions beside the text they were read in",
        "Mapp med källtexter, så att beslut visas bredvid texten de lästes i",
    ),
    (
        "Settings of the identity service (OpenID Connect) that people log in with; see docs/drift.md",
        "Inställningar för identitetstjänsten (OpenID Connect) som man loggar in med; se docs/drift.md",
    ),
    ("Address and port to listen on", "Adress och port att lyssna på"),
    (
        "Let anybody choose a role; only where everything in the data folder is synthetic",
        "Låt vem som helst välja roll; bara där allt i datamappen är syntetiskt",
    ),
    (
        "Do not open the workplace at the end, as is done where somebody sits at the terminal",
        "Öppna inte arbetsplatsen på slutet, som görs där någon sitter vid terminalen",
    ),
    (
        "PostgreSQL database that keeps the rows of the data folder instead of a file in it, such as postgres://user@localhost:5432/name",
        "PostgreSQL-databas som har datamappens rader i stället för en fil i mappen, till exempel postgres://användare@localhost:5432/namn",
    ),
    ("Form of the output", "Utdatas form"),
    (
        "Language: Swedish or English. Default VARDKEDJA_LANG, else Swedish",
        "Språk: svenska eller engelska. Annars VARDKEDJA_LANG eller svenska",
    ),
    ("Print help", "Visa hjälp"),
    ("Print version", "Visa version"),
    (
        "Print this message or the help of the given subcommand(s)",
        "Visa den här texten eller hjälpen till ett kommando",
    ),
    // Follow-up.
    (
        "Follow-up of what the money was for: same team, one midwife each, good and equal care",
        "Uppföljning av vad pengarna var till för: samma team, en barnmorska per födande, god och jämlik vård",
    ),
    (
        "Import labour, staffing, measures or surveys; all of each file or nothing",
        "Importera förlopp, bemanning, mått eller enkäter; hela varje fil eller inget",
    ),
    (
        "Files (CSV, Excel, also .gz), folders of them, or `-` for standard input",
        "Filer (CSV, Excel, även .gz), mappar med dem, eller `-` för standard in",
    ),
    (
        "Which kind of rows they have. Default what the columns tell",
        "Vilket slags rader de har. Annars det som kolumnerna visar",
    ),
    (
        "Where the rows come from: clinics, or made up; everything that rests on made-up ones is marked",
        "Varifrån raderna kommer: kliniker, eller påhittade; allt som vilar på påhittade märks",
    ),
    (
        "Columns of the files of labour, staffing, measures and surveys",
        "Kolumner i filerna med förlopp, bemanning, mått och enkäter",
    ),
    (
        "The measures that may be reported, with their units and ranges",
        "Måtten som kan rapporteras, med enhet och gränser",
    ),
    // The continuity chain.
    (
        "Folder with the keys of clinics' compartments of the care chain, each named after its clinic with the ending .key",
        "Mapp med nycklarna till klinikernas fack i vårdkedjan, var och en med klinikens namn och ändelsen .key",
    ),
    (
        "The continuity chain in the receiving clinic's own compartment: referrals, the order of need, places",
        "Sammanhållen vårdkedja i den mottagande klinikens eget fack: remisser, behovsordning, platser",
    ),
    ("The receiving clinic, a unit id", "Den mottagande kliniken, enhetens id"),
    (
        "File with the clinic's own key, kept outside the data folder",
        "Fil med klinikens egen nyckel, som ligger utanför datamappen",
    ),
    (
        "Begin a clinic's own compartment, sealed with a key of its own",
        "Påbörja en kliniks eget fack, förseglat med en egen nyckel",
    ),
    (
        "Enter files of referrals; what is wrong of them is told row by row",
        "För in filer med remisser; det som är fel i dem sägs rad för rad",
    ),
    ("CSV files of referrals", "CSV-filer med remisser"),
    ("The day it is entered. Default today", "Dagen då det förs in. Annars idag"),
    (
        "State the places of teams by due month from a file, or show them",
        "Ange teamens platser per beräknad månad från en fil, eller visa dem",
    ),
    (
        "CSV file with team, month, midwives and women",
        "CSV-fil med team, månad, barnmorskor och platser",
    ),
    (
        "Who waits, in the order of need, and why each stands where she does",
        "Vilka som väntar, i behovsordning, och varför var och en står där hon står",
    ),
    (
        "Due month. Default every month that somebody waits for",
        "Beräknad månad. Annars varje månad som någon väntar på",
    ),
    ("Every referral and where it stands", "Varje remiss och var den står"),
    (
        "Why a referral stands where it does, and what was done",
        "Varför en remiss står där den står, och vad som gjorts",
    ),
    ("The referral", "Remissen"),
    ("The day it was done. Default today", "Dagen då det gjordes. Annars idag"),
    ("Offer a place of a team", "Erbjud en plats hos ett team"),
    (
        "The team. Default the only one that has a free place",
        "Teamet. Annars det enda som har en ledig plats",
    ),
    (
        "Due month whose place is offered. Default hers",
        "Beräknad månad vars plats erbjuds. Annars hennes",
    ),
    ("She accepts", "Hon tackar ja"),
    ("She declines; the place is free again", "Hon tackar nej; platsen blir ledig"),
    ("The chain starts for her", "Kedjan påbörjas för henne"),
    ("The chain was kept through birth", "Kedjan fullföljdes till och med födseln"),
    ("The chain ends before birth", "Kedjan avbryts före födseln"),
    (
        "The clinic, which decides in the end, refuses the referral",
        "Kliniken, som avgör till sist, avslår remissen",
    ),
    ("The referral is withdrawn", "Remissen återtas"),
    ("Back to the queue", "Tillbaka till kön"),
    (
        "Who is enrolled, for the contact file to the payer: person, enrolled and team, nothing else",
        "Vilka som är inskrivna, för kontaktfilen till betalaren: person, inskriven och team, inget annat",
    ),
    (
        "Whether the deliveries that were paid as continuity and those who were in the chain agree",
        "Om de förlossningar som betalats som vårdkedja och de som var i kedjan stämmer överens",
    ),
    ("Paid up to this day. Default today", "Betalt till och med dagen. Annars idag"),
    (
        "What the region would get of a year: counts under disclosure control",
        "Vad regionen skulle få av ett år: antal under röjandekontroll",
    ),
    ("Year of the due days", "År för beräknad förlossning"),
    ("Release it", "Lämna ut det"),
    (
        "What the clinics have released; needs no key",
        "Vad klinikerna har lämnat ut; kräver ingen nyckel",
    ),
    (
        "Who has looked at women's rows in the compartment",
        "Vilka som har tittat på kvinnors rader i facket",
    ),
    ("Columns of the file of referrals", "Kolumner i filen med remisser"),
    (
        "What the decided indicators come to in a year: by clinic, month, year or group of women",
        "Vad de beslutade indikatorerna blir under ett år: per klinik, månad, år eller grupp av kvinnor",
    ),
    (
        "Calendar year of birth. Default the year before the known-on day",
        "Födelseår. Annars året före den dag det var känt",
    ),
    (
        "The indicators of a year as a PDF (.pdf), or as FHIR MeasureReports (.json)",
        "Ett års indikatorer som PDF (.pdf) eller som FHIR MeasureReport (.json)",
    ),
    ("The file to write", "Filen som skrivs"),
    (
        "Publish a year: from then on it is told as it was published, and never so that women could be subtracted",
        "Publicera ett år: därefter visas det som det publicerades, och aldrig så att kvinnor kan räknas ut",
    ),
    (
        "Do it; without, it is only shown what would be published and what it is held against",
        "Gör det; annars visas bara vad som skulle publiceras och vad det hålls mot",
    ),
    ("By what", "Efter vad"),
    ("Births at one clinic", "Födslar vid en klinik"),
    ("One indicator", "En indikator"),
    ("One part of follow-up", "En del av uppföljningen"),
    (
        "Whether women in active labour had a midwife of their own, to the minute, and how many midwives that needs",
        "Om kvinnor i aktiv fas hade en egen barnmorska, minut för minut, och hur många barnmorskor det kräver",
    ),
    (
        "Births at one clinic; it is then told how many midwives its shifts need",
        "Födslar vid en klinik; då sägs också hur många barnmorskor dess arbetspass behöver",
    ),
    // Books, payments, disputes.
    (
        "Who does it; must be said where something is attested, undone, closed, paid or disputed",
        "Vem som gör det; måste sägas när något attesteras, backas, stängs, betalas eller bestrids",
    ),
    (
        "Settle a month: preview, put down to be attested, or book",
        "Avräkna en månad: förhandsvisa, lägg ett utkast att attestera, eller bokför",
    ),
    (
        "Put the preview down, for another person to attest",
        "Lägg förhandsvisningen som utkast, för en annan person att attestera",
    ),
    (
        "The books: drafts and attest, undo, closing, balances, and what was done",
        "Boken: utkast och attest, backning, stängning, saldon, och vad som gjorts",
    ),
    (
        "Payment runs: what can be paid, sent to the bank, confirmed or returned",
        "Betalningar: vad som kan betalas, är sänt till banken, bekräftat eller återsänt",
    ),
    (
        "Disputes: a clinic contests one row, which is held back while the rest is paid",
        "Invändningar: en klinik bestrider en rad, som hålls inne medan resten betalas",
    ),
    (
        "Where every draft, settlement, payment, month and dispute stands",
        "Var varje utkast, avräkning, betalning, månad och invändning står",
    ),
    ("What was done, by whom, in order", "Vad som gjorts, av vem, i ordning"),
    (
        "Balances of the accounts: as known on a day, or as known when a year was closed",
        "Kontonas saldon: som de var kända en dag, eller när ett år stängdes",
    ),
    ("Booked up to this day. Default everything", "Bokfört till och med dagen. Annars allt"),
    (
        "The cost of care through a closed year: as the books said then, what changed since and why, and as it is right now",
        "Vårdkostnaden till och med ett stängt år: som boken sa då, vad som ändrats sedan och varför, och som det är rätt nu",
    ),
    ("The year", "Året"),
    ("As when this year was closed", "Som när det här året stängdes"),
    ("What is added up by, beside the account", "Vad som summeras efter, vid sidan av kontot"),
    (
        "Whether a settlement must be attested by another person before it is booked",
        "Om en avräkning måste attesteras av en annan person innan den bokförs",
    ),
    ("`required` or `off`", "`required` (krävs) eller `off` (krävs inte)"),
    ("Attest a draft that another person made", "Attestera ett utkast som en annan person gjort"),
    ("The draft", "Utkastet"),
    (
        "Take the last booked settlement back whole, before it is paid",
        "Backa den senast bokförda avräkningen som helhet, innan den är betald",
    ),
    ("The settlement", "Avräkningen"),
    ("Why", "Varför"),
    (
        "Close a month and those before it, or a year",
        "Stäng en månad och dem före den, eller ett år",
    ),
    (
        "Open a closed month and those after it, or the last closed year",
        "Öppna en stängd månad och dem efter den, eller det senast stängda året",
    ),
    ("The day it counts from. Default today", "Dagen det räknas från. Annars i dag"),
    ("A month", "En månad"),
    ("A year", "Ett år"),
    ("What can be paid now, and every payment run", "Vad som kan betalas nu, och varje betalning"),
    (
        "Take everything that can be paid now into a run and send it",
        "Ta allt som kan betalas nu i en betalning och sänd den",
    ),
    (
        "The bank has paid a run, or some payees of it",
        "Banken har betalat en betalning, eller några mottagare i den",
    ),
    (
        "The bank has returned a run, or some payees of it; they are paid anew",
        "Banken har sänt tillbaka en betalning, eller några mottagare i den; de betalas på nytt",
    ),
    ("The run", "Betalningen"),
    (
        "Only this payee; may be given several times",
        "Bara den här mottagaren; kan anges flera gånger",
    ),
    ("Every dispute and how it stands", "Varje invändning och hur den står"),
    (
        "Contest what a settlement says of one contact, or of a unit where no contact is meant",
        "Bestrid vad en avräkning säger om en kontakt, eller om en enhet där ingen kontakt avses",
    ),
    ("Answer a dispute", "Besvara en invändning"),
    (
        "End a dispute as the clinic wants; a corrected report or a new decision brings the correction",
        "Bifall en invändning; en rättad rapport eller ett nytt beslut ger rättelsen",
    ),
    ("End a dispute without a change", "Avslå en invändning"),
    ("The unit", "Enheten"),
    (
        "The contact; without it, what the unit has that is of no contact",
        "Kontakten; utan den det enheten har som inte hör till någon kontakt",
    ),
    ("The element of pay", "Ersättningsslaget"),
    ("Month of care, where the element has several", "Vårdmånad, när ersättningsslaget har flera"),
    (
        "The day to answer by. Default thirty days after",
        "Dagen att svara senast. Annars trettio dagar efter",
    ),
    ("The dispute", "Invändningen"),
    ("The answer, or why it ends so", "Svaret, eller varför den slutar så"),
    (
        "Copy the data folder, checked on the way; the key of the pseudonyms does not come along",
        "Kopiera datamappen, kontrollerad på vägen; pseudonymernas nyckel följer inte med",
    ),
    ("New folder to copy to", "Ny mapp att kopiera till"),
    (
        "Make a data folder of a backup; --data must be new",
        "Gör en datamapp av en säkerhetskopia; --data måste vara ny",
    ),
    ("The backup", "Säkerhetskopian"),
    (
        "Check that everything kept is whole: database, chain of hashes, files, balances",
        "Kontrollera att allt som sparas är helt: databas, kedja av kontrollsummor, filer, saldon",
    ),
    (
        "Walk the chain of hashes over decisions, deliveries, deeds and the access log",
        "Gå igenom kedjan av kontrollsummor över beslut, leveranser, åtgärder och åtkomstlogg",
    ),
    (
        "The last hash of an earlier day: it must still be in the chain",
        "Den sista kontrollsumman en tidigare dag: den måste finnas kvar i kedjan",
    ),
    (
        "Who has looked at, or taken out, rows about persons",
        "Vem som har sett, eller tagit ut, rader om personer",
    ),
    ("Rows of this unit", "Rader om den här enheten"),
    ("Of this contact", "Om den här kontakten"),
    ("By this person", "Av den här personen"),
    (
        "The books, payment runs and invoices as files that other programs read",
        "Boken, betalningar och fakturor som filer som andra program läser",
    ),
    ("The books as SIE 4I, for the accounting system", "Boken som SIE 4I, för ekonomisystemet"),
    ("The books as a journal of hledger", "Boken som journal för hledger"),
    ("The books as a file of Beancount", "Boken som fil för Beancount"),
    (
        "The books as an Excel workbook: every posting, and the accounts with sums as formulas",
        "Boken som arbetsbok i Excel: varje kontering, och kontona med summor som formler",
    ),
    (
        "Settlement lines, or the whole ledger, with all that they can be followed by, as one Parquet file",
        "Avräkningsrader, eller hela boken, med allt som de kan följas på, som en Parquetfil",
    ),
    ("Which rows", "Vilka rader"),
    (
        "A payment run for the bank: ISO 20022 pain.001.001.09 with Bankgiro",
        "En betalning till banken: ISO 20022 pain.001.001.09 med bankgiro",
    ),
    ("Day of payment. Default the day it was sent", "Betalningsdag. Annars dagen den sändes"),
    (
        "File to write; of synthetic data with SYNTETISK in its name",
        "Fil att skriva; av syntetiska data med SYNTETISK i namnet",
    ),
    ("Folder to write the documents to", "Mapp att skriva dokumenten i"),
    ("Write it although the data are made up", "Skriv den fast underlaget är påhittat"),
    (
        "What a settlement owes each provider, as Peppol invoices or self-billing",
        "Vad en avräkning är skyldig varje vårdgivare, som Peppolfakturor eller självfakturor",
    ),
    ("Booked from this day. Default the first", "Bokfört från och med dagen. Annars den första"),
    ("Booked up to this day. Default the last", "Bokfört till och med dagen. Annars den sista"),
    (
        "What decisions would change of what is settled, before they are loaded; stores nothing",
        "Vad beslut skulle ändra av det som är avräknat, innan de läses in; sparar inget",
    ),
    (
        "Accruals: cost of care that is not settled yet, for pending decisions and late reports",
        "Upplupet: kostnad för vård som inte är avräknad än, för väntande beslut och sena rapporter",
    ),
    (
        "What a recorded proposal would cost for the care settled so far, were it decided as it stands",
        "Vad ett infört förslag skulle kosta för den vård som är avräknad, om det beslutas som det står",
    ),
    ("The decision", "Beslutet"),
    (
        "What care through a month still waits for, by the delays of the months before",
        "Vad vården till och med en månad ännu väntar på, efter förseningarna månaderna före",
    ),
    (
        "Accruals that are not released, and which of them should be: the proposal is decided, or a later month is settled",
        "Upplupna kostnader som inte är återförda, och vilka som borde vara det: förslaget är beslutat, eller en senare månad är avräknad",
    ),
    (
        "Take an accrual back whole; `books show` lists them",
        "Återför en upplupen kostnad som helhet; `books show` visar dem",
    ),
    ("The accrual", "Den upplupna kostnaden"),
    ("Book it; without, it is only shown", "Bokför den; annars visas den bara"),
    // Commands.
    ("Begin an empty data folder", "Börja en tom datamapp"),
    (
        "Load decisions into the register, show it, or check ratebooks",
        "Läs in beslut i registret, visa det eller kontrollera prisböcker",
    ),
    (
        "Append decisions; each is recorded as known from today",
        "Lägg till beslut; varje beslut förs in som känt från i dag",
    ),
    (
        "What the register says as known on a day, or what became known between two days",
        "Vad registret säger som det var känt en dag, eller vad som blev känt mellan två dagar",
    ),
    (
        "Find what is wrong in ratebooks, each finding with a witness",
        "Hitta vad som är fel i prisböcker, varje avvikelse med ett exempel",
    ),
    (
        "Import contact files as the clinics sent them; all of each file or nothing",
        "Importera kontaktfiler som klinikerna skickade dem; hela filen eller inget",
    ),
    (
        "Price contact files under ratebooks; stores nothing",
        "Prissätt kontaktfiler enligt prisböcker; sparar inget",
    ),
    (
        "What a unit, or all units of a payee, was paid by the settlements of a month, and why",
        "Vad en enhet, eller en vårdgivares alla enheter, fick i en månads avräkningar, och varför",
    ),
    (
        "Write a receipt: all that a unit needs to compute its settlement of a month again, in one file",
        "Skriv ett kvitto: allt en enhet behöver för att räkna fram sin avräkning av en månad, i en fil",
    ),
    (
        "File to write, a zip; of synthetic data with SYNTETISK in its name",
        "Fil att skriva, en zip; av syntetiska data med SYNTETISK i namnet",
    ),
    (
        "File to write beside the output, .xlsx, .csv or .pdf; of synthetic data with SYNTETISK in its name",
        "Fil att skriva vid sidan av utdata, .xlsx, .csv eller .pdf; av syntetiska data med SYNTETISK i namnet",
    ),
    (
        "File to write beside the output, .pdf; of synthetic data with SYNTETISK in its name",
        "Fil att skriva vid sidan av utdata, .pdf; av syntetiska data med SYNTETISK i namnet",
    ),
    (
        "Check a receipt by itself, without a data folder: hashes, form, and every amount computed again",
        "Kontrollera ett kvitto ur det självt, utan datamapp: kontrollsummor, form, och varje belopp på nytt",
    ),
    ("The receipt", "Kvittot"),
    (
        "From what was known on one day to what was known on another, step by step and by cause",
        "Från vad som var känt en dag till vad som var känt en annan, steg för steg och orsak för orsak",
    ),
    (
        "What has been booked, in the order of booking",
        "Vad som är bokfört, i den ordning det bokfördes",
    ),
    (
        "Compute a booked settlement again from what it rests on, and compare",
        "Räkna om en bokförd avräkning från dess underlag och jämför",
    ),
    ("Why a contact is paid what it is paid", "Varför en kontakt ersätts med det den ersätts med"),
    (
        "Make synthetic contact files: a region month by month, a national workload, or a small world",
        "Gör syntetiska kontaktfiler: en region månad för månad, en hel nation att mäta på, eller en liten värld",
    ),
    (
        "Five years of a region: decisions as they became known, reports as they were sent, every month settled",
        "Fem år i en region: beslut som de blev kända, rapporter som de skickades, varje månad avräknad",
    ),
    ("The form of files: columns, keys, aliases", "Filernas form: kolumner, nycklar, svenska namn"),
    ("Columns of the contact file", "Kontaktfilens kolumner"),
    (
        "Divide a pot by weights, follow a state grant, or find the rule of a published division",
        "Fördela en pott efter vikter, följ ett statsbidrag eller hitta regeln för en publicerad fördelning",
    ),
    (
        "Budget frames: what they are, what they have paid, and what is left",
        "Anslag: vad de är, vad de har betalat och vad som är kvar",
    ),
    (
        "Commissions from council to board to administration",
        "Uppdrag från fullmäktige till nämnd till förvaltning",
    ),
    (
        "What was commissioned, what is overdue, and which decision answered it",
        "Vad som har getts i uppdrag, vad som är försenat och vilket beslut som besvarade det",
    ),
    ("Only those that stand so", "Bara de som har det läget"),
    (
        "What each frame is, what rates that it finances have paid, what is left, and a forecast",
        "Vad varje anslag är, vad nivåer som det finansierar har betalat, vad som är kvar, och en prognos",
    ),
    (
        "Every krona that the settlements paid, by what finances it",
        "Varje krona som avräkningarna har betalat, efter vad som finansierar den",
    ),
    ("Only care of this year", "Bara vård det här året"),
    ("Settled up to this day. Default today", "Avräknat till och med den dagen. Annars i dag"),
    ("One frame; all without", "Ett anslag; annars alla"),
    (
        "Post by post what became of the money, without the division",
        "Post för post vad som har blivit av pengarna, utan fördelningen",
    ),
    (
        "Write an Excel workbook too, with sums as formulas",
        "Skriv också en Excel-arbetsbok, med summor som formler",
    ),
    (
        "A heading's share of its grant, beside the share of deliveries that residents of a municipality had",
        "En rubriks andel av statsbidraget, bredvid den andel av förlossningarna som en kommuns invånare hade",
    ),
    ("The heading", "Rubriken"),
    ("Municipality, four digits", "Kommun, fyra siffror"),
    (
        "Year of the deliveries. Default that of the grant",
        "År för förlossningarna. Annars statsbidragets",
    ),
    ("The state has paid: money is received", "Staten har betalat: pengar är mottagna"),
    ("The grant", "Statsbidraget"),
    (
        "Move money from one post to another, under a mandate or by decision",
        "Flytta pengar från en post till en annan, enligt ett mandat eller beslut",
    ),
    ("The post it is taken from", "Posten det tas från"),
    ("The post it is moved to", "Posten det flyttas till"),
    ("The mandate it rests on", "Mandatet det vilar på"),
    (
        "Pay a recipient who is to report how the money was used",
        "Betala en mottagare som ska redovisa hur pengarna användes",
    ),
    ("The post it is paid from", "Posten det betalas från"),
    ("Who is paid", "Vem som får betalt"),
    (
        "The region itself has used money of a post",
        "Regionen har själv förbrukat pengar på en post",
    ),
    ("The post", "Posten"),
    (
        "A recipient reports what was used, and pays back what was not",
        "En mottagare redovisar vad som är förbrukat och betalar tillbaka resten",
    ),
    ("The post that the recipient was paid from", "Posten som mottagaren fick betalt från"),
    ("What was used", "Vad som är förbrukat"),
    ("What is paid back to the region", "Vad som betalas tillbaka till regionen"),
    (
        "Carry unused money forward to the next year, where the grant permits it",
        "För över oförbrukade pengar till nästa år, där statsbidraget medger det",
    ),
    (
        "The grant of the next year, where it is registered",
        "Nästa års statsbidrag, där det är registrerat",
    ),
    ("Repay unused money to the state", "Återbetala oförbrukade pengar till staten"),
    (
        "The account of the grant has been given to the state",
        "Statsbidraget är återrapporterat till staten",
    ),
    ("Amount: \"1 200 000 kr\" or \"1,2 mkr\"", "Belopp: \"1 200 000 kr\" eller \"1,2 mkr\""),
    ("The day it was done. Default today", "Dagen det gjordes. Annars i dag"),
    (
        "Id of the act; made of what is done otherwise",
        "Åtgärdens id; annars bildas det av vad som görs",
    ),
    (
        "Who decided or did it. Default the holder of the mandate, else the administration",
        "Vem som beslutade eller gjorde det. Annars den som har mandatet, eller förvaltningen",
    ),
    ("Case number; of an account, that of the state", "Diarienummer; för en återrapport statens"),
    ("Show what it would come to, enter nothing", "Visa vad det skulle ge, inför inget"),
    ("Divide a pot by the weights in a file", "Fördela en pott efter vikterna i en fil"),
    (
        "The pot: \"1 382 000 000 kr\" or \"6,5 mkr\"",
        "Potten: \"1 382 000 000 kr\" eller \"6,5 mkr\"",
    ),
    (
        "CSV with `id` (or `region`, `unit`) and `weight`",
        "CSV med `id` (eller `region`, `unit`) och `weight`",
    ),
    ("How parts are rounded", "Hur delarna avrundas"),
    (
        "The recipient of what plain half-up leaves",
        "Mottagaren av det som vanlig avrundning lämnar kvar",
    ),
    (
        "What there is of a state grant, how it is divided, what became of it, and what is left",
        "Vad ett statsbidrag är, hur det är fördelat, vad som har blivit av det och vad som är kvar",
    ),
    ("One grant; all without", "Ett statsbidrag; annars alla"),
    (
        "Folders of ratebooks, instead of the data folder",
        "Mappar med prisböcker, i stället för datamappen",
    ),
    (
        "Find the rounding rule that a published division follows, if one does",
        "Hitta den avrundningsregel som en publicerad fördelning följer, om någon",
    ),
    ("The pot", "Potten"),
    (
        "CSV with `id` (or `region`, `unit`), `weight` and `published_kr`",
        "CSV med `id` (eller `region`, `unit`), `weight` och `published_kr`",
    ),
    (
        "Read a decision text, or check it, before the board meets",
        "Läs en beslutstext, eller granska den, innan nämnden sammanträder",
    ),
    (
        "Every amount, share, count, date, case number and recipient of a text, with its place",
        "Varje belopp, andel, antal, datum, ärendenummer och mottagare i en text, med sin plats",
    ),
    (
        "The text: plain text (UTF-8), PDF or Word (.docx)",
        "Texten: ren text (UTF-8), PDF eller Word (.docx)",
    ),
    (
        "Write the draft of a ratebook file for a person to finish; must not be there",
        "Skriv ett utkast till prisboksfil att göra klart för hand; får inte finnas",
    ),
    (
        "What in a text does not add up: sums, shares, counts, dates, units, and what is stated twice",
        "Vad i en text som inte går ihop: summor, andelar, antal, datum, enheter och det som sägs två gånger",
    ),
    (
        "Ratebook files or folders with the facts that the text should bear out",
        "Prisboksfiler eller mappar med de uppgifter som texten ska stämma med",
    ),
    (
        "What stands against the clinics: rejected rows, warnings and contacts without a price, and what to do",
        "Det som klinikerna behöver rätta: avvisade rader, varningar och kontakter utan pris, och vad man gör",
    ),
    (
        "Unit id, or a code that no unit has as the clinic wrote it",
        "Enhetens id, eller en kod som ingen enhet har, som kliniken skrev den",
    ),
    (
        "Name of a finding, such as `unknown-unit`",
        "Namnet på en avvikelse, till exempel `unknown-unit`",
    ),
    ("Month of care", "Vårdmånad"),
    (
        "Name of an imported file, or the beginning of its hash",
        "Namnet på en importerad fil, eller början av dess kontrollsumma",
    ),
    (
        "Only of this severity; may be given several times. Notes are listed only where they are asked for",
        "Bara av den här allvarligheten; kan anges flera gånger. Upplysningar listas bara om de efterfrågas",
    ),
    ("What is counted by", "Vad det räknas efter"),
    (
        "Write one CSV file for each unit to this folder",
        "Skriv en CSV-fil för varje enhet till den här mappen",
    ),
    ("Tables and keys of a ratebook", "Prisbokens tabeller och nycklar"),
    (
        "Write the script that lets a shell complete commands and options",
        "Skriv skriptet som låter ett skal fylla i kommandon och flaggor",
    ),
    ("Write manual pages, one for each command", "Skriv manualsidor, en för varje kommando"),
    // Arguments.
    (
        "Contact files (CSV, Excel, Parquet, also .gz), folders of them, or `-` for standard input",
        "Kontaktfiler (CSV, Excel, Parquet, även .gz), mappar med sådana, eller `-` för standard in",
    ),
    (
        "Where the contacts come from: clinics, or made up; everything that rests on made-up ones is marked",
        "Varifrån kontakterna kommer: kliniker eller påhittade; allt som vilar på påhittade märks",
    ),
    (
        "Day of import; stands in for a blank `reported_on`. Default today",
        "Importdag; står för ett tomt `reported_on`. Annars i dag",
    ),
    ("Folders of ratebooks", "Mappar med prisböcker"),
    ("Decisions and reports known on this day", "Beslut och rapporter som var kända den här dagen"),
    (
        "Decisions and reports known on this day. Default today",
        "Beslut och rapporter som var kända den här dagen. Annars i dag",
    ),
    (
        "Show what this day's knowledge gives minus that of --known-on",
        "Visa vad den här dagens kunskap ger minus vad --known-on ger",
    ),
    (
        "Use the reports known on this day on both sides, so that only decisions differ",
        "Använd de rapporter som var kända den här dagen på båda sidor, så att bara beslut skiljer",
    ),
    (
        "Care up to and including this day. Default the day of knowledge",
        "Vård till och med den här dagen. Annars kunskapens dag",
    ),
    ("Line by line", "Rad för rad"),
    ("The month", "Månaden"),
    (
        "Day of settlement. Default the third working day of the month after",
        "Avräkningsdag. Annars tredje vardagen i månaden efter",
    ),
    ("Show, store nothing", "Visa, spara inget"),
    ("Book", "Bokför"),
    (
        "Book only if the lines have this hash, the one that a preview showed",
        "Bokför bara om raderna har den här kontrollsumman, den som en förhandsvisning gav",
    ),
    ("Unit id", "Enhetens id"),
    (
        "Provider id: all units that it is paid for",
        "Vårdgivarens id: alla enheter som den får betalt för",
    ),
    ("Month of settlement", "Avräkningsmånad"),
    ("Contact by contact", "Kontakt för kontakt"),
    ("Known on this day, with care through it", "Känt den här dagen, med vård till och med den"),
    (
        "Known on this day, with care through it. Default today",
        "Känt den här dagen, med vård till och med den. Annars i dag",
    ),
    ("One unit only", "Bara en enhet"),
    ("Settlement id, as `settlements` lists them", "Avräkningens id, som `settlements` visar det"),
    ("Every booked settlement", "Varje bokförd avräkning"),
    ("Contact id", "Kontaktens id"),
    ("Folders of ratebooks that have the units", "Mappar med de prisböcker som har enheterna"),
    ("Folder to write to; with --contacts the file", "Mapp att skriva i; med --contacts filen"),
    (
        "So many contacts of a made-up nation instead, in one Parquet file with the ratebook beside it",
        "I stället så många kontakter i en påhittad nation, i en Parquetfil med prisboken bredvid",
    ),
    (
        "A small world with every feature and edge instead, of this number",
        "I stället en liten värld med allt som kan förekomma, med detta nummer",
    ),
    ("First month", "Första månaden"),
    ("Last month", "Sista månaden"),
    ("Seed; the same seed gives the same bytes", "Frö; samma frö ger samma byte"),
    ("Thousandths of the whole region", "Tusendelar av hela regionen"),
    (
        "Folder with the ratebooks `stockholm` and `demo`",
        "Mapp med prisböckerna `stockholm` och `demo`",
    ),
    (
        "Folder for the demo; must be new or a demo of before, which is replaced. Default that of --data, else `demo-data`",
        "Mapp för demon; ny eller en tidigare demo, som ersätts. Annars den i --data, annars `demo-data`",
    ),
    ("Seed of the synthetic contacts", "Frö för de syntetiska kontakterna"),
    (
        "Into an empty register: record each decision on the day it became known",
        "I ett tomt register: för in varje beslut den dag det blev känt",
    ),
    (
        "Day of recording; never earlier than the last one. Default today",
        "Dag för införandet; aldrig före det senaste. Annars i dag",
    ),
    (
        "A kind (rate, unit, agreement, assignment, payer, capacity …) or an id; default everything",
        "Ett slag (nivå, enhet, avtal, uppdrag, betalare, kapacitet …) eller ett id; annars allt",
    ),
    ("As known on this day. Default today", "Som det var känt den här dagen. Annars i dag"),
    (
        "Show what became known after --known-on up to this day",
        "Visa vad som blev känt efter --known-on till och med den här dagen",
    ),
    ("Only what holds on this day", "Bara det som gäller den här dagen"),
    (
        "Folder with the source texts that the anchors stand in",
        "Mapp med de källtexter som ankarfraserna står i",
    ),
    (
        "Check what is known on this day. Default today",
        "Kontrollera det som var känt den här dagen. Annars i dag",
    ),
    ("The shell", "Skalet"),
    ("Folder to write the pages to", "Mapp att skriva sidorna i"),
    // Values.
    ("a date such as 2023-01-31 is expected", "ett datum som 2023-01-31 väntas"),
    ("a month such as 2023-01 is expected", "en månad som 2023-01 väntas"),
    ("a year from 1900 to 2999 is expected", "ett år från 1900 till 2999 väntas"),
];

/// The words that frame a help text, in the order they are replaced.
const FRAME: [(&str, &str); 12] = [
    ("Usage:", "Användning:"),
    ("Commands:", "Kommandon:"),
    ("Arguments:", "Argument:"),
    ("Options:", "Flaggor:"),
    ("[OPTIONS]", "[FLAGGOR]"),
    ("<COMMAND>", "<KOMMANDO>"),
    ("[COMMAND]", "[KOMMANDO]"),
    ("[default: ", "[förval: "),
    ("[possible values: ", "[möjliga värden: "),
    ("Possible values:", "Möjliga värden:"),
    ("[env: ", "[miljövariabel: "),
    ("error: ", "fel: "),
];

/// A text of the command line in Swedish; examples keep their commands. A text without Swedish stays.
pub fn swedish(english: &str) -> String {
    if let Some(examples) = english.strip_prefix("Example:\n") {
        return format!("Exempel:\n{examples}");
    }
    let known = SWEDISH.iter().find(|(known, _)| *known == english);
    known.map_or_else(|| english.to_owned(), |(_, swedish)| (*swedish).to_owned())
}

/// A whole help text with the words that frame it in Swedish.
pub(super) fn framed(text: &str) -> String {
    FRAME.iter().fold(text.to_owned(), |text, (english, swedish)| text.replace(english, swedish))
}
