package bench

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paidan/paidan/internal/geo"
)

// city draws places. It grows with the orders, ten of them open on a square kilometre.
type city struct {
	rng    *rand.Rand
	radius float64 // metres
	stores []store
	share  []float64 // cumulated popularity of the stores
}

type store struct {
	at      geo.LatLng
	service int32 // seconds that a pickup takes
}

var centre = geo.LatLng{Lat: 31.23, Lng: 121.47}

const (
	perSquareKm = 10 // open orders
	perStore    = 5  // orders of the average store
	perCluster  = 20 // stores of a street or mall
	zipf        = 0.9
)

func newCity(size Size, seed uint64) *city {
	c := &city{
		rng:    rand.New(rand.NewPCG(seed, 0x6369_7479)),
		radius: 1000 * math.Sqrt(float64(size.Orders)/(perSquareKm*math.Pi)),
	}
	n := size.Orders/perStore + 3
	clusters := make([]geo.LatLng, n/perCluster+2)
	for i := range clusters {
		clusters[i] = c.anywhere()
	}
	sum := 0.0
	for rank := range n {
		c.stores = append(c.stores, store{c.near(clusters[c.rng.IntN(len(clusters))], 400), c.between(60, 180)})
		// Popularity falls with the rank (Zipf and Mandelbrot): the first store has about six times the average's orders.
		sum += math.Pow(float64(rank)+float64(n)/perCluster+1, -zipf)
		c.share = append(c.share, sum)
	}
	return c
}

// popular draws a store by its popularity.
func (c *city) popular() int {
	i, _ := slices.BinarySearch(c.share, c.rng.Float64()*c.share[len(c.share)-1])
	return min(i, len(c.stores)-1)
}

// door draws a customer's door, 0.3 to 4 km from the store, near rather than far, and how far it is.
func (c *city) door(from geo.LatLng) (geo.LatLng, float64) {
	far := 300 + 3700*math.Pow(c.rng.Float64(), 1.5)
	return c.towards(from, far), far
}

// anywhere draws a place of the city.
func (c *city) anywhere() geo.LatLng {
	return c.towards(centre, c.radius*math.Sqrt(c.rng.Float64()))
}

// near draws a place around another; sigma in metres.
func (c *city) near(p geo.LatLng, sigma float64) geo.LatLng {
	return c.towards(p, sigma*math.Abs(c.rng.NormFloat64()))
}

// towards is so many metres away in a drawn direction.
func (c *city) towards(p geo.LatLng, metres float64) geo.LatLng {
	const perDegree = geo.EarthRadius * math.Pi / 180
	sin, cos := math.Sincos(2 * math.Pi * c.rng.Float64())
	return geo.LatLng{
		Lat: round(p.Lat + metres*sin/perDegree),
		Lng: round(p.Lng + metres*cos/(perDegree*math.Cos(p.Lat*math.Pi/180))),
	}
}

// round cuts degrees to a tenth of a metre, so that a batch is the same wherever it is drawn.
func round(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }

// between draws seconds, or units of load.
func (c *city) between(lo, hi int32) int32 { return lo + c.rng.Int32N(hi-lo+1) }
