package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/relay"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/sandbox"
)

// Server answers HTTP. Its streams run until Close.
type Server struct {
	db       *pg.DB
	bus      *bus.Bus
	index    *rider.Index
	ingest   *rider.Ingest
	eta      *eta.Model
	dispatch *dispatch.Service
	clock    clock.Clock
	log      *slog.Logger
	conf     Config
	basemap  basemap
	packed   packed

	tokens    *tokens
	keys      *cache[string, merchant]
	sessions  *cache[string, session]
	signedOut *signedOut
	stores    *cache[storeKey, order.Store]
	tariffs   *cache[zoneKey, pricing]
	limits    limits
	used      *keyUse
	placings  gather[id.Tenant, *placing]
	sandbox   *sandbox.Sandbox
	pushing   Pushing
	texts     *rider.Texts
	lines     relay.Lender
	guesses   *limiter
	foiled    *limiter
	track     trackAssets

	trackTokens trackTokens

	files   Files
	metrics *metrics
	feeds   *feeds
	phones  *phones

	handler    http.Handler
	doc, doc30 func() ([]byte, error) // OpenAPI 3.1 and 3.0, written when they are first asked for
	schemas    huma.Registry          // the document's
	newOrder   *huma.Schema

	syncBody, syncAction *huma.Schema

	closing context.Context // done once Close is called
	close   context.CancelFunc
}

type limits struct{ merchant, test, rider, staff, account, address, visitor, tracking, code, codes *limiter }

type storeKey struct {
	tenant id.Tenant
	store  id.Store
}

// New makes a Server. It starts nothing; streams start what they need and stop it.
func New(d Deps) (*Server, error) {
	if d.Config.Timeout == 0 { // left out
		d.Config = DefaultConfig()
	}
	if err := d.Config.Validate(); err != nil {
		return nil, err
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.Clock == nil {
		d.Clock = clock.System{}
	}
	fresh := wall(d.Clock, recheck)
	s := &Server{
		db: d.DB, bus: d.Bus, index: d.Index, ingest: d.Ingest, eta: d.ETA, dispatch: d.Dispatch, clock: d.Clock,
		log: d.Log.With("component", "api"), conf: d.Config,
		tokens:   newTokens(d.Secret, d.Clock),
		keys:     newCache[string, merchant](fresh, d.Clock),
		sessions: newCache[string, session](fresh, d.Clock),
		stores:   newCache[storeKey, order.Store](fresh, d.Clock),
		tariffs:  newCache[zoneKey, pricing](fresh, d.Clock),
	}
	s.signedOut = newSignedOut(d.DB, d.Clock, s.log)
	s.closing, s.close = context.WithCancel(context.Background())
	l := d.Config.Limits
	s.limits = limits{
		newLimiter(l.Merchant, d.Clock), newLimiter(l.Test, d.Clock), newLimiter(l.Rider, d.Clock), newLimiter(l.Staff, d.Clock),
		newLimiter(l.Account, d.Clock), newLimiter(l.Address, d.Clock),
		newLimiter(l.Visitor, d.Clock), newLimiter(l.Tracking, d.Clock), newLimiter(l.Code, d.Clock), newLimiter(l.Codes, d.Clock),
	}
	s.placings.most, s.placings.do = maxTogether, s.placeAll
	s.used = newKeyUse(d.DB, d.Clock, s.log)
	s.sandbox = sandbox.New(d.DB, d.Dispatch, d.Bus, d.Index, d.Clock, d.Log)
	s.guesses, s.foiled, s.files, s.texts = newLimiter(guesses, d.Clock), newLimiter(foiledLogins, d.Clock), d.Files, d.Texts
	s.lines = d.Lines
	s.feeds, s.phones = newFeeds(s), newPhones(s)
	s.pushing = d.Push
	s.trackTokens = newTrackTokens(d.Secret)
	var err error
	if s.track, err = newTrackAssets(); err != nil {
		return nil, err
	}
	if s.metrics, err = newMetrics(d.Metrics); err != nil {
		return nil, err
	}
	if s.basemap, err = openBasemap(d.Basemap); err != nil {
		return nil, err
	}

	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.ContextWithFallback = false
	if err := e.SetTrustedProxies(d.Config.TrustedProxies); err != nil {
		return nil, err
	}
	e.Use(s.begin, s.recoverPanic, s.headers, s.deadline, s.bodies)
	e.NoMethod(noMethod)
	a := humagin.New(e, s.describe())
	s.routes(a)
	s.schemas = a.OpenAPI().Components.Schemas
	s.newOrder = s.schemas.Schema(reflect.TypeFor[NewOrder](), true, "")
	s.syncBody = s.schemas.Schema(reflect.TypeFor[Sync](), true, "")
	s.syncAction = s.schemas.Schema(reflect.TypeFor[SyncAction](), true, "")
	s.doc = sync.OnceValues(func() ([]byte, error) { return writeOpenAPI(json.Marshal(a.OpenAPI())) })
	s.doc30 = sync.OnceValues(func() ([]byte, error) { return writeOpenAPI(a.OpenAPI().Downgrade()) })
	s.trackRoutes(e)
	s.pages(e, d.Console, d.Metrics)
	s.handler = e
	return s, nil
}

// Handler is the whole server.
func (s *Server) Handler() http.Handler { return s.handler }

// Close ends the streams and waits for their readers. Call it when the HTTP server begins to shut down.
func (s *Server) Close() {
	s.close()
	s.feeds.wait()
	s.phones.wait()
	s.used.close()
}

// routes is the whole API. Who may call an operation is in the name of its scope.
func (s *Server) routes(a huma.API) {
	public, merchant, rider := s.publicScope(), s.merchantScope(), s.riderScope()
	staff, dispatcher, admin, finance := s.staffScope(), s.staffScope(Dispatcher), s.staffScope(Admin), s.staffScope(Finance)

	huma.Register(a, merchant.create("/v1/stores", "create-store", "Create a store"), s.createStore)
	huma.Register(a, merchant.get("/v1/stores", "list-stores", "List stores"), s.listStores)
	huma.Register(a, merchant.get("/v1/stores/{id}", "get-store", "Read a store"), s.getStore)
	huma.Register(a, merchant.patch("/v1/stores/{id}", "update-store", "Change a store"), s.updateStore)
	huma.Register(a, merchant.create("/v1/orders", "create-order", "Place an order"), s.createOrder)
	huma.Register(a, unchecked(merchant.post("/v1/orders/batch", "create-orders", "Place up to 500 orders, each on its own")), s.createOrders)
	huma.Register(a, merchant.create("/v1/jobs", "create-job", "Place orders that one rider is to carry, all or none"), s.createJob)
	huma.Register(a, merchant.get("/v1/jobs", "list-jobs", "List jobs, newest first"), s.listJobs)
	huma.Register(a, merchant.get("/v1/jobs/{id}", "get-job", "Read a job with its orders"), s.getJob)
	huma.Register(a, merchant.create("/v1/jobs/{id}/orders", "add-to-job", "Place one more order of a job, before anything is picked up"), s.addToJob)
	huma.Register(a, merchant.post("/v1/jobs/{id}/cancel", "cancel-job", "Cancel what of a job has not been picked up"), s.cancelJob)
	huma.Register(a, merchant.get("/v1/orders", "list-orders", "List orders, newest first"), s.listOrders)
	huma.Register(a, merchant.get("/v1/orders/{id}", "get-order", "Read an order"), s.getOrder)
	huma.Register(a, merchant.patch("/v1/orders/{id}", "update-order", "Change an order, each field until its own time"), s.updateOrder)
	huma.Register(a, merchant.get("/v1/orders/{id}/events", "list-order-events", "What happened to an order"), s.listOrderEvents)
	huma.Register(a, merchant.post("/v1/orders/{id}/cancel", "cancel-order", "Cancel an order that has not been picked up"), s.cancelOrder)
	huma.Register(a, merchant.post("/v1/orders/{id}/return", "return-order", "Have an order brought back that is on its way"), s.sendBack)
	huma.Register(a, merchant.post("/v1/orders/{id}/erase", "erase-order", "Delete what an order that has ended tells of its customer"), s.eraseOrder)
	huma.Register(a, merchant.post("/v1/orders/{id}/accept", "accept-order", "Tell that the kitchen has taken the order on"), s.acceptOrder)
	huma.Register(a, merchant.post("/v1/orders/{id}/ready", "mark-order-ready", "Tell that the food is ready"), s.orderReady)
	huma.Register(a, merchant.post("/v1/orders/{id}/delay", "delay-order", "Tell when the food will be ready"), s.delayOrder)
	huma.Register(a, merchant.post("/v1/test/orders/{id}/advance", "advance-test-order", "Have a test order's rider go on at once"), s.advanceOrder)
	huma.Register(a, merchant.post("/v1/test/orders/{id}/fault", "fault-test-order", "Have something go wrong with a test order"), s.faultOrder)
	huma.Register(a, merchant.get("/v1/events", "list-events", "What happened to all orders, to be followed"), s.listEvents)
	huma.Register(a, merchant.create("/v1/webhook-endpoints", "create-webhook-endpoint", "Have events sent to an address"), s.createEndpoint)
	huma.Register(a, merchant.get("/v1/webhook-endpoints", "list-webhook-endpoints", "List webhook endpoints"), s.listEndpoints)
	huma.Register(a, merchant.get("/v1/webhook-endpoints/{id}", "get-webhook-endpoint", "Read a webhook endpoint"), s.getEndpoint)
	huma.Register(a, merchant.patch("/v1/webhook-endpoints/{id}", "update-webhook-endpoint", "Change, disable or enable a webhook endpoint"), s.updateEndpoint)
	huma.Register(a, merchant.op("DELETE", "/v1/webhook-endpoints/{id}", "delete-webhook-endpoint", "Delete a webhook endpoint", 204), s.deleteEndpoint)
	huma.Register(a, merchant.post("/v1/webhook-endpoints/{id}/rotate-secret", "rotate-webhook-secret", "Sign with a new secret, and for a day with the old one too"), s.rotateSecret)
	huma.Register(a, merchant.post("/v1/webhook-endpoints/{id}/test", "test-webhook-endpoint", "Send a test event"), s.testEndpoint)
	huma.Register(a, merchant.get("/v1/webhook-endpoints/{id}/deliveries", "list-webhook-deliveries", "The log, newest first"), s.listDeliveries)
	huma.Register(a, merchant.get("/v1/webhook-endpoints/{id}/deliveries/{event_id}", "get-webhook-delivery", "Read a delivery"), s.getDelivery)
	huma.Register(a, merchant.post("/v1/webhook-endpoints/{id}/deliveries/{event_id}/replay", "replay-webhook-delivery", "Send an event again"), s.replayDelivery)
	huma.Register(a, merchant.post("/v1/webhook-endpoints/{id}/replay", "replay-webhook-deliveries", "Send the events of a time again"), s.replayRange)

	huma.Register(a, merchant.create("/v1/quotes", "create-quote", "Ask for a price and times"), s.createQuote)
	huma.Register(a, merchant.get("/v1/quotes/{id}", "get-quote", "Read a quote"), s.getQuote)
	huma.Register(a, merchant.get("/v1/settlements", "list-settlements", "List settlements, newest first"), s.listSettlements)
	huma.Register(a, merchant.get("/v1/settlements/{id}", "get-settlement", "Read a settlement"), s.getSettlement)
	huma.Register(a, merchant.get("/v1/settlements/{id}/lines", "list-settlement-lines", "What a settlement is made of, oldest first"), s.listSettlementLines)
	huma.Register(a, asCSV(merchant.get("/v1/settlements/{id}/csv", "get-settlement-csv", "A settlement with its lines as CSV")), s.getSettlementCSV)
	huma.Register(a, merchant.get("/v1/orders/{id}/proofs", "list-proofs", "Pictures that riders took as proof"), s.listProofs)
	huma.Register(a, givesPicture(merchant.get("/v1/orders/{id}/proofs/{proof}", "get-proof", "A picture taken as proof")), s.getProof)

	s.uberRoutes(a, public, merchant)
	s.doordashRoutes(a, merchant, s.merchantsBy(s.doordashKey))

	huma.Register(a, public.post("/v1/rider/login", "rider-login", "Log in with a password"), s.riderLogin)
	huma.Register(a, public.op("POST", "/v1/rider/code", "ask-login-code", "Have a log-in code sent to a phone", 202), s.askLoginCode)
	huma.Register(a, public.post("/v1/rider/login/code", "rider-login-code", "Log in with the code that was sent"), s.riderLoginCode)
	huma.Register(a, public.post("/v1/rider/enrol", "rider-enrol", "Pair a phone by a one-time code"), s.riderEnrol)
	huma.Register(a, public.post("/v1/rider/refresh", "rider-refresh", "Get a new access token"), s.riderRefresh)
	huma.Register(a, rider.op("POST", "/v1/rider/logout", "rider-logout", "Revoke the refresh token", 204), s.riderLogout)
	huma.Register(a, rider.get("/v1/rider/devices", "rider-devices", "The phones that are logged in"), s.riderDevices)
	huma.Register(a, rider.op("DELETE", "/v1/rider/devices/{id}", "revoke-own-device", "Log a phone out", 204), s.revokeOwnDevice)
	huma.Register(a, rider.get("/v1/rider/push", "push-settings", "How phones are woken here"), s.pushSettings)
	huma.Register(a, rider.put("/v1/rider/push-token", "set-push-token", "Have this phone be woken"), s.setPushToken)
	huma.Register(a, rider.op("DELETE", "/v1/rider/push-token", "drop-push-token", "Have this phone be woken no more", 204), s.dropPushToken)
	huma.Register(a, rider.get("/v1/rider/me", "rider-me", "Profile, shift and presence"), s.riderMe)
	huma.Register(a, rider.post("/v1/rider/shift/start", "start-shift", "Start a shift"), s.startShift)
	huma.Register(a, rider.post("/v1/rider/shift/end", "end-shift", "End the shift"), s.endShift)
	huma.Register(a, rider.post("/v1/rider/break/start", "start-break", "Have a break"), s.startBreak)
	huma.Register(a, rider.post("/v1/rider/break/end", "end-break", "Be back from a break"), s.endBreak)
	huma.Register(a, rider.get("/v1/rider/slots", "rider-slots", "Shifts to book"), s.riderSlots)
	huma.Register(a, rider.get("/v1/rider/bookings", "rider-bookings", "Shifts booked"), s.riderBookings)
	huma.Register(a, rider.post("/v1/rider/bookings", "book-shift", "Book a shift"), s.bookShift)
	huma.Register(a, rider.op("DELETE", "/v1/rider/bookings/{id}", "cancel-booking", "Give a booked shift back", 204), s.cancelBooking)
	huma.Register(a, takesFixes(a, rider.post("/v1/rider/positions", "send-positions", "Send a batch of positions")), s.sendPositions)
	huma.Register(a, unchecked(rider.post("/v1/rider/sync", "rider-sync", "Send what was recorded without a network")), s.sync)
	huma.Register(a, rider.get("/v1/rider/plan", "rider-plan", "The stops that remain, in order"), s.riderPlan)
	huma.Register(a, rider.get("/v1/rider/offers", "rider-offers", "Open offers"), s.riderOffers)
	huma.Register(a, rider.get("/v1/rider/offers/statistics", "offer-statistics", "How offers were answered, and what follows from it"), s.offerStatistics)
	huma.Register(a, rider.op("POST", "/v1/rider/offers/{id}/seen", "see-offer", "Tell that an offer was seen", 204), s.seeOffer)
	huma.Register(a, rider.post("/v1/rider/offers/{id}/accept", "accept-offer", "Accept an offer"), s.acceptOffer)
	huma.Register(a, rider.op("POST", "/v1/rider/offers/{id}/decline", "decline-offer", "Decline an offer", 204), s.declineOffer)
	huma.Register(a, rider.get("/v1/rider/pool", "rider-pool", "Orders that the rider may claim, nearest first"), s.riderPool)
	huma.Register(a, rider.post("/v1/rider/pool/{id}/claim", "claim-order", "Claim a pooled order, with what goes with it"), s.claimOrder)
	huma.Register(a, rider.post("/v1/rider/orders/{id}/give-back", "give-back", "Give an order back before the pickup, where the policy allows it"), s.giveBack)
	huma.Register(a, rider.get("/v1/rider/colleagues", "rider-colleagues", "Who nearby could take orders over, nearest first"), s.riderColleagues)
	huma.Register(a, rider.get("/v1/rider/handovers", "rider-handovers", "Orders that the rider gives, or is asked to take over"), s.listRiderHandovers)
	huma.Register(a, rider.create("/v1/rider/handovers", "propose-handover", "Ask a colleague to take orders over"), s.proposeHandover)
	huma.Register(a, rider.op("POST", "/v1/rider/handovers/{id}/seen", "see-handover", "Tell that what is asked was seen", 204), s.seeHandover)
	huma.Register(a, rider.post("/v1/rider/handovers/{id}/accept", "accept-handover", "Take a colleague's orders over"), s.acceptHandover)
	huma.Register(a, rider.post("/v1/rider/handovers/{id}/take-over", "take-over", "Tell that the colleague's orders are on board"), s.takeOver)
	huma.Register(a, rider.op("POST", "/v1/rider/handovers/{id}/decline", "decline-handover", "Leave the orders with the colleague", 204), s.declineHandover)
	huma.Register(a, rider.post("/v1/rider/handovers/{id}/cancel", "cancel-handover", "Call off what a colleague was asked, or has agreed to"), s.cancelHandover)
	for _, step := range steps {
		huma.Register(a, rider.post("/v1/rider/orders/{id}/"+step.path, step.path, step.summary), s.step(step.act))
	}
	huma.Register(a, rider.get("/v1/rider/earnings", "rider-earnings", "What was earned today"), s.riderEarnings)
	huma.Register(a, rider.get("/v1/rider/reports/{month}", "rider-report", "How automated decisions went in a month, and by which rules"), s.riderReport)
	huma.Register(a, rider.get("/v1/rider/statements", "rider-statement", "What was earned on some days, per day and order"), s.riderStatement)
	huma.Register(a, asCSV(rider.get("/v1/rider/statements/csv", "rider-statement-csv", "What was earned on some days, as CSV")), s.riderStatementCSV)
	huma.Register(a, takesPicture(rider.create("/v1/rider/orders/{id}/proofs", "upload-proof", "Upload a picture as proof")), s.uploadProof)
	huma.Register(a, rider.post("/v1/rider/orders/{id}/call", "call-customer", "Get a number that reaches the customer"), s.callCustomer)
	huma.Register(a, rider.post("/v1/rider/incidents", "report-incident", "Report what went wrong"), s.reportIncident)
	huma.Register(a, s.unpacedRiderScope().post("/v1/rider/alarm", "raise-alarm", "Call for help"), s.raiseAlarm)
	stream(s, a, rider.get("/v1/rider/stream", "rider-stream", "Plan and offers as they change"), "rider", riderEvents, s.streamRider)

	huma.Register(a, public.post("/v1/console/login", "console-login", "Log in"), s.consoleLogin)
	huma.Register(a, staff.op("POST", "/v1/console/logout", "console-logout", "Log out", 204), s.consoleLogout)
	huma.Register(a, staff.get("/v1/console/me", "console-me", "Who is logged in"), s.consoleMe)
	huma.Register(a, staff.get("/v1/console/settings", "console-settings", "Base map and clock"), s.consoleSettings)
	huma.Register(a, staff.get("/v1/console/zones", "list-zones", "List zones"), s.listZones)
	huma.Register(a, admin.create("/v1/console/zones", "create-zone", "Create a zone"), s.createZone)
	huma.Register(a, admin.patch("/v1/console/zones/{id}", "update-zone", "Rename a zone or change its policy"), s.updateZone)
	huma.Register(a, staff.get("/v1/console/zones/{id}/tariff", "get-tariff", "A zone's prices"), s.getTariff)
	huma.Register(a, finance.put("/v1/console/zones/{id}/tariff", "put-tariff", "Change a zone's prices"), s.putTariff)
	huma.Register(a, staff.get("/v1/console/zones/{id}/rain", "get-rain", "Whether riders get the bonus for rain"), s.getRain)
	huma.Register(a, dispatcher.put("/v1/console/zones/{id}/rain", "set-rain", "Say that it rains, will rain, or rains no more"), s.setRain)
	huma.Register(a, staff.get("/v1/console/ledger/transactions", "list-transactions", "The ledger, newest first"), s.listTransactions)
	huma.Register(a, finance.create("/v1/console/ledger/adjustments", "create-adjustment", "Put an account right"), s.createAdjustment)
	huma.Register(a, staff.get("/v1/console/settlements", "console-settlements", "List settlements, newest first"), s.consoleSettlements)
	huma.Register(a, staff.get("/v1/console/settlements/{id}", "console-settlement", "Read a settlement"), s.consoleSettlement)
	huma.Register(a, staff.get("/v1/console/settlements/{id}/lines", "console-settlement-lines", "What a settlement is made of, oldest first"), s.consoleSettlementLines)
	huma.Register(a, asCSV(staff.get("/v1/console/settlements/{id}/csv", "console-settlement-csv", "A settlement with its lines as CSV")), s.consoleSettlementCSV)
	huma.Register(a, staff.get("/v1/console/riders/{id}/reports/{month}", "console-report", "How automated decisions went for a rider in a month"), s.consoleReport)
	huma.Register(a, staff.get("/v1/console/riders/{id}/statement", "console-statement", "What a rider has earned, per day and order"), s.consoleStatement)
	huma.Register(a, asCSV(staff.get("/v1/console/riders/{id}/statement/csv", "console-statement-csv", "What a rider has earned, as CSV")), s.consoleStatementCSV)
	huma.Register(a, staff.get("/v1/console/merchants", "list-merchants", "List merchants"), s.listMerchants)
	huma.Register(a, admin.create("/v1/console/merchants", "create-merchant", "Create a merchant"), s.createMerchant)
	huma.Register(a, staff.get("/v1/console/merchants/{id}/keys", "list-keys", "A merchant's API keys, without their secrets"), s.listKeys)
	huma.Register(a, admin.create("/v1/console/merchants/{id}/keys", "create-key", "Make an API key"), s.createKey)
	huma.Register(a, admin.post("/v1/console/keys/{id}/rotate", "rotate-key", "Give an API key a new secret"), s.rotateKey)
	huma.Register(a, admin.post("/v1/console/keys/{id}/revoke", "revoke-key", "End an API key"), s.revokeKey)
	huma.Register(a, staff.get("/v1/console/stores", "console-stores", "List all merchants' stores"), s.consoleStores)
	huma.Register(a, admin.create("/v1/console/riders", "create-riders", "Create riders"), s.createRiders)
	huma.Register(a, staff.get("/v1/console/riders", "list-riders", "List riders"), s.listRiders)
	huma.Register(a, staff.get("/v1/console/riders/{id}", "get-rider", "A rider with shift, plan and offers"), s.consoleRider)
	huma.Register(a, admin.patch("/v1/console/riders/{id}", "update-rider", "Change or disable a rider"), s.updateRider)
	huma.Register(a, dispatcher.post("/v1/console/riders/{id}/enrolment-code", "renew-enrolment-code", "A new code that pairs a phone"), s.renewEnrolmentCode)
	huma.Register(a, dispatcher.op("POST", "/v1/console/riders/{id}/invite", "invite-rider", "Send the rider a code that pairs a phone", 202), s.inviteRider)
	huma.Register(a, staff.get("/v1/console/riders/{id}/devices", "list-devices", "The phones that are logged in for a rider"), s.listDevices)
	huma.Register(a, dispatcher.op("DELETE", "/v1/console/riders/{id}/devices/{device_id}", "revoke-device", "Log a rider's phone out", 204), s.revokeDevice)
	huma.Register(a, dispatcher.op("POST", "/v1/console/riders/{id}/sign-out", "sign-rider-out", "Log all of a rider's phones out", 204), s.signRiderOut)
	huma.Register(a, admin.create("/v1/console/shift-templates", "create-shift-template", "Offer shifts that come again"), s.createTemplate)
	huma.Register(a, staff.get("/v1/console/shift-templates", "list-shift-templates", "List shift templates"), s.listTemplates)
	huma.Register(a, admin.patch("/v1/console/shift-templates/{id}", "update-shift-template", "Rename, widen or end a shift template"), s.updateTemplate)
	huma.Register(a, staff.get("/v1/console/slots", "list-slots", "A zone's shifts, and who has booked them"), s.consoleSlots)
	huma.Register(a, dispatcher.post("/v1/console/bookings", "book-for-rider", "Book a shift for a rider"), s.bookForRider)
	huma.Register(a, dispatcher.op("DELETE", "/v1/console/bookings/{id}", "cancel-rider-booking", "Take a rider out of a shift", 204), s.cancelForRider)
	huma.Register(a, staff.get("/v1/console/rounds", "list-rounds", "A zone's rounds, oldest first"), s.listRounds)
	huma.Register(a, staff.get("/v1/console/orders", "console-orders", "Search orders"), s.consoleOrders)
	huma.Register(a, staff.get("/v1/console/orders/{id}", "console-order", "An order with its history and its why"), s.consoleOrder)
	huma.Register(a, staff.get("/v1/console/orders/{id}/trail", "console-trail", "Where an order's rider went with it"), s.consoleTrail)
	huma.Register(a, staff.get("/v1/console/orders/{id}/proofs", "console-proofs", "Pictures that riders took as proof"), s.consoleProofs)
	huma.Register(a, givesPicture(staff.get("/v1/console/orders/{id}/proofs/{proof}", "console-proof", "A picture taken as proof")), s.consoleProof)
	huma.Register(a, dispatcher.post("/v1/console/orders/{id}/assign", "assign-order", "Give an order to a rider"), s.assignOrder)
	huma.Register(a, dispatcher.post("/v1/console/orders/{id}/unassign", "unassign-order", "Take an order from its rider"), s.unassignOrder)
	huma.Register(a, dispatcher.post("/v1/console/orders/{id}/cancel", "console-cancel-order", "Cancel an order"), s.consoleCancel)
	huma.Register(a, staff.get("/v1/console/handovers", "list-handovers", "Orders that riders hand to each other, newest first"), s.listHandovers)
	huma.Register(a, dispatcher.get("/v1/console/handovers/preview", "preview-handover", "Who could take orders over, and what would follow"), s.previewHandover)
	huma.Register(a, dispatcher.create("/v1/console/handovers", "propose-for-rider", "Ask a rider to take another's orders over"), s.proposeForRider)
	huma.Register(a, dispatcher.post("/v1/console/handovers/{id}/cancel", "cancel-for-rider", "Call a handover off"), s.cancelHandoverForRider)
	huma.Register(a, staff.get("/v1/console/incidents", "list-incidents", "Incidents and alarms, newest first"), s.listIncidents)
	huma.Register(a, dispatcher.post("/v1/console/incidents/{id}/acknowledge", "acknowledge-incident", "Take care of an incident or alarm"), s.acknowledgeIncident)
	huma.Register(a, admin.post("/v1/console/customers/erase", "erase-customer", "Delete what is known of a customer"), s.eraseCustomer)
	huma.Register(a, admin.get("/v1/console/audit", "list-audit", "Who changed what, newest first"), s.listAudit)
	stream(s, a, staff.get("/v1/console/stream", "console-stream", "A zone's orders, riders and positions as they change"), "console", consoleEvents, s.streamConsole)
}
