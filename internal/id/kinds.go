package id

// The kinds of id in use. They live together, so that packages can name each other's things without importing each other.
type (
	// Tenant is a company that runs deliveries.
	Tenant = Of[tenantKind]
	// User is a member of a tenant's staff.
	User = Of[userKind]
	// Merchant is who sells.
	Merchant = Of[merchantKind]
	// Key is a merchant's API key.
	Key = Of[keyKind]
	// Store is a place where food is picked up.
	Store = Of[storeKind]
	// Zone is an area dispatched as one.
	Zone = Of[zoneKind]
	// Rider is who delivers.
	Rider = Of[riderKind]
	// Shift is a rider's time at work.
	Shift = Of[shiftKind]
	// Order is one delivery job.
	Order = Of[orderKind]
	// Offer is orders proposed to one rider.
	Offer = Of[offerKind]
	// Round is one matching batch of a zone.
	Round = Of[roundKind]
)

type (
	tenantKind   struct{}
	userKind     struct{}
	merchantKind struct{}
	keyKind      struct{}
	storeKind    struct{}
	zoneKind     struct{}
	riderKind    struct{}
	shiftKind    struct{}
	orderKind    struct{}
	offerKind    struct{}
	roundKind    struct{}
)

func (tenantKind) Prefix() string   { return "ten" }
func (userKind) Prefix() string     { return "usr" }
func (merchantKind) Prefix() string { return "mer" }
func (keyKind) Prefix() string      { return "key" }
func (storeKind) Prefix() string    { return "sto" }
func (zoneKind) Prefix() string     { return "zon" }
func (riderKind) Prefix() string    { return "rid" }
func (shiftKind) Prefix() string    { return "shf" }
func (orderKind) Prefix() string    { return "ord" }
func (offerKind) Prefix() string    { return "off" }
func (roundKind) Prefix() string    { return "rnd" }
