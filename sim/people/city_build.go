package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/sim/florence"
)

// guestID is the external id of the rider whom nobody plays.
const guestID = "demo-guest"

const cityMerchant = "Sapori di Firenze"

// shop is a store of the city.
type shop struct {
	florence.Store
	id string
}

// crewMember is a rider of the city.
type crewMember struct {
	id      string
	phone   string
	vehicle string
	home    geo.LatLng
	dice    florence.Dice
}

// build creates what is missing of the city. What exists is recognised by its name or external_id.
func (c *city) build(ctx context.Context) error {
	staff, err := c.client.LoginStaff(ctx, c.o.Staff.Tenant, c.o.Staff.Email, c.o.Staff.Password)
	if err != nil {
		return fmt.Errorf("demo city: %w", err)
	}
	c.staff = staff
	for _, step := range []func(context.Context) error{c.buildZones, c.findMerchant, c.buildShops, c.hireCrew} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("demo city: %w", err)
		}
	}
	return nil
}

func (c *city) buildZones(ctx context.Context) error {
	c.zones = map[string]string{}
	for z, err := range c.staff.Zones(ctx) {
		if err != nil {
			return err
		}
		c.zones[z.Name] = z.ID
	}
	cells := florence.ZoneCells()
	for _, name := range []string{florence.ZoneCentre, florence.ZoneNorth, florence.ZoneSouth} {
		if c.zones[name] == "" {
			z, err := c.staff.CreateZone(ctx, client.NewZone{Name: name, Cells: cells[name]})
			if err != nil {
				return err
			}
			c.zones[name] = z.ID
		}
		if err := c.setPrices(ctx, c.zones[name]); err != nil {
			return err
		}
	}
	return nil
}

// setPrices gives a zone the city's tariff; one that somebody has set stays.
func (c *city) setPrices(ctx context.Context, zone string) error {
	have, err := c.staff.Tariff(ctx, zone)
	if err != nil || have.Version > 0 {
		return err
	}
	_, err = c.staff.PutTariff(ctx, zone, 0, florence.Tariff())
	return err
}

// cityState is what must be kept between starts.
type cityState struct {
	MerchantKey string `json:"merchant_key"`
}

func (c *city) findMerchant(ctx context.Context) error {
	if key := c.readState().MerchantKey; key != "" {
		c.shop = c.client.Merchant(key)
		_, err := client.Collect(c.shop.Stores(ctx))
		if err == nil || !client.IsCode(err, client.CodeUnauthenticated) {
			return err
		}
	}
	merchant := ""
	for m, err := range c.staff.Merchants(ctx) {
		if err != nil {
			return err
		}
		if m.Name == cityMerchant {
			merchant = m.ID
		}
	}
	if merchant == "" {
		m, err := c.staff.CreateMerchant(ctx, cityMerchant)
		if err != nil {
			return err
		}
		merchant = m.ID
	}
	key, err := c.staff.CreateKey(ctx, merchant, "demo city")
	if err != nil {
		return err
	}
	c.shop = c.client.Merchant(key)
	return c.writeState(cityState{MerchantKey: key})
}

func (c *city) readState() (s cityState) {
	if c.o.StateFile == "" {
		return s
	}
	b, err := os.ReadFile(c.o.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return s
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		c.log.Warn("demo city: its state file is not readable; making a new key", "file", c.o.StateFile, "error", err)
	}
	return s
}

func (c *city) writeState(s cityState) error {
	if c.o.StateFile == "" {
		return nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(c.o.StateFile, b, 0o600)
}

func (c *city) buildShops(ctx context.Context) error {
	exist := map[string]string{}
	for s, err := range c.shop.Stores(ctx) {
		if err != nil {
			return err
		}
		exist[s.ExternalID] = s.ID
	}
	c.shops = make([]*shop, c.o.Stores)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i := range c.shops {
		external := fmt.Sprintf("demo-store-%02d", i+1)
		s, want := designShop(c.o.Seed, i, external)
		s.id = exist[external]
		c.shops[i] = s
		if s.id != "" {
			continue
		}
		g.Go(func() error {
			made, err := c.shop.CreateStore(ctx, want)
			s.id = made.ID
			return err
		})
	}
	return g.Wait()
}

func designShop(seed uint64, i int, external string) (*shop, client.Store) {
	d := florence.NewDice(seed, external)
	s := florence.NewStore(d, i)
	return &shop{Store: s}, client.Store{
		ExternalID: external, Name: s.Name, Address: address(d), Location: s.At,
		Prep:    &client.Range{P50: s.Kind.PrepP50(), P90: s.Kind.PrepP90()},
		Handoff: &client.Range{P50: florence.HandoffP50, P90: florence.HandoffP90},
	}
}

func (c *city) hireCrew(ctx context.Context) error {
	exist := map[string]string{}
	for r, err := range c.staff.Riders(ctx, "") {
		if err != nil {
			return err
		}
		exist[r.ExternalID] = r.ID
	}
	var missing []client.NewRider
	index := map[string]int{}
	c.crew = make([]crewMember, c.o.Riders)
	for i := range c.crew {
		external := fmt.Sprintf("demo-rider-%03d", i+1)
		m, want := designRider(c.o.Seed, i, external)
		want.ZoneID = c.zones[florence.ZoneOf(m.home)]
		m.id = exist[external]
		c.crew[i] = m
		if m.id == "" {
			index[external] = i
			missing = append(missing, want)
		}
	}
	if exist[guestID] == "" {
		index[guestID] = -1
		missing = append(missing, client.NewRider{
			Name: "Robin Ospite", Phone: CityGuestPhone, Vehicle: "ebike", Capacity: 4, MaxOrders: 3,
			ExternalID: guestID, Password: CityRiderPassword, ZoneID: c.zones[florence.ZoneOf(CityGuestPlace)],
		})
	}
	const atOnce = 25 // each password costs the server a moment
	for len(missing) > 0 {
		n := min(atOnce, len(missing))
		made, err := c.staff.CreateRiders(ctx, missing[:n])
		if err != nil {
			return err
		}
		for _, m := range made {
			if i := index[m.Rider.ExternalID]; i >= 0 {
				c.crew[i].id = m.Rider.ID
			}
		}
		missing = missing[n:]
	}
	return nil
}

func designRider(seed uint64, i int, external string) (crewMember, client.NewRider) {
	d := florence.NewDice(seed, external)
	r := florence.NewRider(d)
	m := crewMember{phone: cityPhone(i + 1), vehicle: r.Vehicle, home: r.Home, dice: d}
	return m, client.NewRider{
		Name: personName(d), Phone: m.phone, Vehicle: r.Vehicle, Capacity: r.Capacity, MaxOrders: r.MaxOrders(),
		ExternalID: external, Password: CityRiderPassword,
	}
}

// A shift of the city, and the break after it.
func (m crewMember) shiftLength() time.Duration {
	return m.dice.Duration(4*time.Hour, 0.3, 2*time.Hour, 8*time.Hour)
}

func (m crewMember) restLength() time.Duration {
	return m.dice.Duration(15*time.Minute, 0.4, 5*time.Minute, 45*time.Minute)
}
