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
	// Device is a phone that is signed in for a rider.
	Device = Of[deviceKind]
	// Shift is a rider's time at work.
	Shift = Of[shiftKind]
	// Template is shifts that come again.
	Template = Of[templateKind]
	// Booking is a rider's place in a shift to come.
	Booking = Of[bookingKind]
	// Order is one delivery.
	Order = Of[orderKind]
	// Job is orders placed together, for one rider to carry.
	Job = Of[jobKind]
	// Offer is orders proposed to one rider.
	Offer = Of[offerKind]
	// Handover is orders that one rider gives to another.
	Handover = Of[handoverKind]
	// Round is one matching batch of a zone.
	Round = Of[roundKind]
	// Quote is a price that holds for a while.
	Quote = Of[quoteKind]
	// Transaction is an entry of the ledger.
	Transaction = Of[transactionKind]
	// Settlement is a closed day of one merchant or rider.
	Settlement = Of[settlementKind]
	// Audit is one row of the log of who changed what.
	Audit = Of[auditKind]
	// Endpoint is where a merchant's webhooks go.
	Endpoint = Of[endpointKind]
	// Incident is something that went wrong on the way.
	Incident = Of[incidentKind]
	// Proof is a picture that shows that an order was delivered.
	Proof = Of[proofKind]
)

type (
	tenantKind   struct{}
	userKind     struct{}
	merchantKind struct{}
	keyKind      struct{}
	storeKind    struct{}
	zoneKind     struct{}
	riderKind    struct{}
	deviceKind   struct{}
	shiftKind    struct{}
	templateKind struct{}
	bookingKind  struct{}
	orderKind    struct{}
	jobKind      struct{}
	offerKind    struct{}
	handoverKind struct{}
	roundKind    struct{}
	proofKind    struct{}
	incidentKind struct{}

	quoteKind       struct{}
	transactionKind struct{}
	settlementKind  struct{}
	auditKind       struct{}
	endpointKind    struct{}
)

func (tenantKind) Prefix() string   { return "ten" }
func (userKind) Prefix() string     { return "usr" }
func (merchantKind) Prefix() string { return "mer" }
func (keyKind) Prefix() string      { return "key" }
func (storeKind) Prefix() string    { return "sto" }
func (zoneKind) Prefix() string     { return "zon" }
func (riderKind) Prefix() string    { return "rid" }
func (deviceKind) Prefix() string   { return "dev" }
func (templateKind) Prefix() string { return "tpl" }
func (bookingKind) Prefix() string  { return "bkg" }
func (shiftKind) Prefix() string    { return "shf" }
func (orderKind) Prefix() string    { return "ord" }
func (jobKind) Prefix() string      { return "job" }
func (offerKind) Prefix() string    { return "off" }
func (handoverKind) Prefix() string { return "hnd" }
func (roundKind) Prefix() string    { return "rnd" }
func (auditKind) Prefix() string    { return "aud" }
func (endpointKind) Prefix() string { return "whe" }
func (proofKind) Prefix() string    { return "prf" }
func (incidentKind) Prefix() string { return "inc" }

func (quoteKind) Prefix() string       { return "quo" }
func (transactionKind) Prefix() string { return "txn" }
func (settlementKind) Prefix() string  { return "stl" }

// Constructors, one per kind.

// NewTenant makes a tenant id.
func NewTenant() Tenant { return New[tenantKind]() }

// NewUser makes a user id.
func NewUser() User { return New[userKind]() }

// NewMerchant makes a merchant id.
func NewMerchant() Merchant { return New[merchantKind]() }

// NewKey makes a key id.
func NewKey() Key { return New[keyKind]() }

// NewStore makes a store id.
func NewStore() Store { return New[storeKind]() }

// NewZone makes a zone id.
func NewZone() Zone { return New[zoneKind]() }

// NewRider makes a rider id.
func NewRider() Rider { return New[riderKind]() }

// NewDevice makes a device id.
func NewDevice() Device { return New[deviceKind]() }

// NewTemplate makes the id of a shift template.
func NewTemplate() Template { return New[templateKind]() }

// NewBooking makes a booking's id.
func NewBooking() Booking { return New[bookingKind]() }

// NewShift makes a shift id.
func NewShift() Shift { return New[shiftKind]() }

// NewOrder makes an order id.
func NewOrder() Order { return New[orderKind]() }

// NewJob makes a job id.
func NewJob() Job { return New[jobKind]() }

// NewOffer makes an offer id.
func NewOffer() Offer { return New[offerKind]() }

// NewHandover makes a handover's id.
func NewHandover() Handover { return New[handoverKind]() }

// NewRound makes a round id.
func NewRound() Round { return New[roundKind]() }

// NewQuote makes a quote id.
func NewQuote() Quote { return New[quoteKind]() }

// NewTransaction makes a ledger transaction's id.
func NewTransaction() Transaction { return New[transactionKind]() }

// NewSettlement makes a settlement id.
func NewSettlement() Settlement { return New[settlementKind]() }

// NewAudit makes the id of a row of the audit log.
func NewAudit() Audit { return New[auditKind]() }

// NewEndpoint makes a webhook endpoint's id.
func NewEndpoint() Endpoint { return New[endpointKind]() }

// NewProof makes a proof id.
func NewProof() Proof { return New[proofKind]() }

// NewIncident makes an incident's id.
func NewIncident() Incident { return New[incidentKind]() }
