package people

import "fmt"

// cuisine is a kind of shop: how long it cooks (minutes, median), how much that varies, and what it sells.
type cuisine struct {
	kind   string
	names  []string
	prep   float64
	spread float64
	dishes []dish
}

type dish struct {
	name  string
	cents int64
}

var cuisines = []cuisine{
	{"Pizzeria", []string{"Il Forno di Gino", "La Lucciola", "Da Beppe", "Vesuvio", "Il Giglio Rosso"}, 9, 0.3,
		[]dish{{"Margherita", 750}, {"Marinara", 650}, {"Diavola", 900}, {"Capricciosa", 980}, {"Acqua naturale", 150}}},
	{"Trattoria", []string{"Il Cinghialino", "Nonna Ada", "I Tre Mori", "La Vecchia Bettola d'Oro", "Il Pozzo"}, 13, 0.35,
		[]dish{{"Ribollita", 900}, {"Pappa al pomodoro", 850}, {"Peposo", 1400}, {"Tagliatelle al ragù", 1100}, {"Cantucci", 450}}},
	{"Paninoteca", []string{"Il Lampredotto", "Due Fette", "Schiacciata e Via", "L'Antico Morso"}, 5, 0.3,
		[]dish{{"Panino col lampredotto", 550}, {"Schiacciata alla mortadella", 650}, {"Schiacciata al crudo", 750}}},
	{"Sushi", []string{"Kintsugi", "Onda Blu", "Sakura Firenze"}, 11, 0.3,
		[]dish{{"Nigiri misto", 1350}, {"Uramaki", 1100}, {"Zuppa di miso", 350}, {"Edamame", 400}}},
	{"Ravioleria", []string{"Da Li", "La Giada", "Via della Seta"}, 8, 0.25,
		[]dish{{"Jiaozi", 750}, {"Baozi", 600}, {"Noodles saltati", 850}, {"Xiaolongbao", 800}}},
	{"Kebab", []string{"Bosforo", "Anatolia", "Stella"}, 5, 0.25,
		[]dish{{"Kebab", 550}, {"Falafel", 500}, {"Ayran", 200}}},
	{"Hamburgeria", []string{"Il Toscanaccio", "Chianina & Co", "Fuoco Vivo"}, 9, 0.3,
		[]dish{{"Hamburger di chianina", 1150}, {"Cheeseburger", 950}, {"Patate fritte", 400}}},
	{"Gelateria", []string{"Neve d'Arno", "La Crema", "Il Cono Storto"}, 3, 0.25,
		[]dish{{"Vaschetta mezzo chilo", 1100}, {"Vaschetta un chilo", 2000}}},
	{"Poke", []string{"Aloha Arno", "Isola Verde"}, 6, 0.25,
		[]dish{{"Poke salmone", 1100}, {"Poke tonno", 1200}, {"Poke vegano", 950}}},
	{"Farmacia", []string{"San Zanobi", "Della Pergola", "Alle Cure"}, 4, 0.2,
		[]dish{{"Paracetamolo", 550}, {"Vitamina C", 890}, {"Cerotti", 390}}},
	{"Alimentari", []string{"Bottega del Canto", "Il Mercatino", "Sapori di Maremma"}, 7, 0.35,
		[]dish{{"Pane toscano", 280}, {"Pecorino", 750}, {"Latte fresco", 180}, {"Pomodori", 320}}},
}

var givenNames = []string{
	"Alessia", "Andrea", "Bianca", "Carlo", "Chiara", "Davide", "Elena", "Elif", "Emma", "Fatou", "Federico", "Francesca",
	"Gabriele", "Giada", "Giulia", "Hamid", "Ilaria", "Ivan", "Jing", "Kofi", "Lapo", "Leonardo", "Lucia", "Marco", "Martina",
	"Matteo", "Mei", "Niccolò", "Noemi", "Omar", "Paolo", "Rania", "Sara", "Simone", "Sofia", "Tommaso", "Valentina", "Wei", "Yuki", "Zoe",
}

var familyNames = []string{
	"Bandini", "Bartoli", "Benelli", "Bianchi", "Bruni", "Cecchi", "Chen", "Conti", "Costa", "Diallo", "Donati", "Fabbri", "Ferri",
	"Fontani", "Galli", "Gori", "Haddad", "Hu", "Innocenti", "Lapi", "Lombardi", "Manetti", "Marini", "Martini", "Mensah", "Neri",
	"Nesi", "Parenti", "Pieri", "Ricci", "Romano", "Rossi", "Sani", "Tesi", "Vannini", "Villani", "Wang", "Zhang",
}

var streets = []string{
	"Via dei Serragli", "Via Faentina", "Via Ghibellina", "Via Pisana", "Via San Gallo", "Via Aretina", "Via dei Pilastri",
	"Via Maragliano", "Via Baracca", "Via Vittorio Emanuele II", "Via Senese", "Via Gioberti", "Viale dei Mille", "Via Masaccio",
	"Via Reginaldo Giuliani", "Borgo Pinti", "Via della Scala", "Via Palazzuolo", "Via Datini", "Via di Soffiano",
}

var notes = []string{
	"", "", "", "", "Suonare due volte.", "Terzo piano, senza ascensore.", "Lasciare in portineria.", "Citofono rotto: chiamare.", "Cancello verde.",
}

func personName(d dice) string {
	return givenNames[d.IntN(len(givenNames))] + " " + familyNames[d.IntN(len(familyNames))]
}

func address(d dice) string {
	return fmt.Sprintf("%s %d, Firenze", streets[d.IntN(len(streets))], 1+d.IntN(120))
}

func cityPhone(n int) string { return fmt.Sprintf("+39055555%04d", n) }
