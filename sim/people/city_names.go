package people

import (
	"fmt"

	"github.com/paidan/paidan/sim/florence"
)

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

func personName(d florence.Dice) string {
	return givenNames[d.IntN(len(givenNames))] + " " + familyNames[d.IntN(len(familyNames))]
}

func address(d florence.Dice) string {
	return fmt.Sprintf("%s %d, Firenze", streets[d.IntN(len(streets))], 1+d.IntN(120))
}

func cityPhone(n int) string { return fmt.Sprintf("+39055555%04d", n) }
