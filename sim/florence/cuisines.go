package florence

// Cuisine is a kind of shop: how long it cooks (minutes, median), how much that varies, and what it sells.
type Cuisine struct {
	Kind   string
	Names  []string
	Prep   float64
	Spread float64
	Dishes []Dish
}

// Dish is one thing on the menu.
type Dish struct {
	Name  string
	Cents int64
}

// Cuisines are those of the city.
var Cuisines = []Cuisine{
	{"Pizzeria", []string{"Il Forno di Gino", "La Lucciola", "Da Beppe", "Vesuvio", "Il Giglio Rosso"}, 9, 0.3,
		[]Dish{{"Margherita", 750}, {"Marinara", 650}, {"Diavola", 900}, {"Capricciosa", 980}, {"Acqua naturale", 150}}},
	{"Trattoria", []string{"Il Cinghialino", "Nonna Ada", "I Tre Mori", "La Vecchia Bettola d'Oro", "Il Pozzo"}, 13, 0.35,
		[]Dish{{"Ribollita", 900}, {"Pappa al pomodoro", 850}, {"Peposo", 1400}, {"Tagliatelle al ragù", 1100}, {"Cantucci", 450}}},
	{"Paninoteca", []string{"Il Lampredotto", "Due Fette", "Schiacciata e Via", "L'Antico Morso"}, 5, 0.3,
		[]Dish{{"Panino col lampredotto", 550}, {"Schiacciata alla mortadella", 650}, {"Schiacciata al crudo", 750}}},
	{"Sushi", []string{"Kintsugi", "Onda Blu", "Sakura Firenze"}, 11, 0.3,
		[]Dish{{"Nigiri misto", 1350}, {"Uramaki", 1100}, {"Zuppa di miso", 350}, {"Edamame", 400}}},
	{"Ravioleria", []string{"Da Li", "La Giada", "Via della Seta"}, 8, 0.25,
		[]Dish{{"Jiaozi", 750}, {"Baozi", 600}, {"Noodles saltati", 850}, {"Xiaolongbao", 800}}},
	{"Kebab", []string{"Bosforo", "Anatolia", "Stella"}, 5, 0.25,
		[]Dish{{"Kebab", 550}, {"Falafel", 500}, {"Ayran", 200}}},
	{"Hamburgeria", []string{"Il Toscanaccio", "Chianina & Co", "Fuoco Vivo"}, 9, 0.3,
		[]Dish{{"Hamburger di chianina", 1150}, {"Cheeseburger", 950}, {"Patate fritte", 400}}},
	{"Gelateria", []string{"Neve d'Arno", "La Crema", "Il Cono Storto"}, 3, 0.25,
		[]Dish{{"Vaschetta mezzo chilo", 1100}, {"Vaschetta un chilo", 2000}}},
	{"Poke", []string{"Aloha Arno", "Isola Verde"}, 6, 0.25,
		[]Dish{{"Poke salmone", 1100}, {"Poke tonno", 1200}, {"Poke vegano", 950}}},
	{"Farmacia", []string{"San Zanobi", "Della Pergola", "Alle Cure"}, 4, 0.2,
		[]Dish{{"Paracetamolo", 550}, {"Vitamina C", 890}, {"Cerotti", 390}}},
	{"Alimentari", []string{"Bottega del Canto", "Il Mercatino", "Sapori di Maremma"}, 7, 0.35,
		[]Dish{{"Pane toscano", 280}, {"Pecorino", 750}, {"Latte fresco", 180}, {"Pomodori", 320}}},
}
