package api

import (
	"fmt"
	"slices"
	"strings"
)

// The stable codes of the API's errors. Programs branch on them, so none is ever renamed or given a new meaning.
const (
	codeUnauthenticated = "unauthenticated"
	codeForbidden       = "forbidden"
	codeMissingScope    = "missing_scope"
	codeNotFound        = "not_found"
	codeMethod          = "method_not_allowed"
	codeTimeout         = "timeout"
	codeConflict        = "conflict"
	codeTransition      = "impossible_transition"
	codeTooLate         = "too_late_to_change"
	codeExternalID      = "external_id_taken"
	codeNameTaken       = "name_taken"
	codeURLTaken        = "url_taken"
	codeTooMany         = "too_many"
	codeOrderOpen       = "order_open"
	codeNoCall          = "no_call"
	codeDisabled        = "endpoint_disabled"
	codeNoTexts         = "no_text_messages"
	codeHasWork         = "has_work"
	codeRest            = "rest_needed"
	codeBreaksUsed      = "breaks_used"
	codeNotBooked       = "not_booked"
	codeNotInZone       = "not_in_zone"
	codeSlotGone        = "slot_unavailable"
	codeSlotClosed      = "slot_closed"
	codeSlotFull        = "slot_full"
	codeSlotOverlaps    = "slot_overlaps"
	codeOffShift        = "off_shift"
	codeOfferClosed     = "offer_closed"
	codeNoHandover      = "no_handover"
	codeHandoverClosed  = "handover_closed"
	codeUnassignable    = "unassignable"
	codeOrderTaken      = "order_taken"
	codeGivingBack      = "giving_back_off"
	codeJobOnBoard      = "job_on_board"
	codeJobBegun        = "job_begun"
	codeNoTariff        = "no_tariff"
	codeNoCapacity      = "no_capacity"
	codeClosed          = "closed"
	codeQuoteUsed       = "quote_used"
	codeQuoteExpired    = "quote_expired"
	codeKeyRevoked      = "key_revoked"
	codeTestOnly        = "test_only"
	codeTooManyProofs   = "too_many_proofs"
	codeNotDelivered    = "not_delivered"
	codeRated           = "already_rated"
	codeTakenAway       = "taken_away"
	codeTooOld          = "too_old"
	codeGone            = "gone"
	codeBodyTooLarge    = "body_too_large"
	codeMediaType       = "unsupported_media_type"
	codeValidation      = "validation"
	codeProofMissing    = "proof_missing"
	codeProofWrong      = "proof_wrong"
	codeOutsideZones    = "outside_zones"
	codeOutsideZone     = "outside_zone"
	codeTooFar          = "too_far"
	codeTooHeavy        = "too_heavy"
	codeJobTooLarge     = "job_too_large"
	codeClientID        = "client_id_reused"
	codeKeyReused       = "idempotency_key_reused"
	codeRateLimited     = "rate_limited"
	codeInternal        = "internal"
	codeUnavailable     = "unavailable"
)

type codeInfo struct {
	status int
	title  string
	what   string // for docs/errors.md: when it happens and what to do
}

var codes = map[string]codeInfo{
	codeUnauthenticated: {401, "Not authenticated", "No credentials, or they are wrong, expired or revoked. A rider's app refreshes its token, or logs in again."},
	codeForbidden:       {403, "Not allowed", "The credentials are good, but the role does not allow this; or a console call that changes something lacks the header `X-Paidan-Console: 1`."},
	codeMissingScope:    {403, "Scope missing", "The API key is good, but was made for other things. `scope` is what it would need: use another key, or have one made with that scope."},
	codeNotFound:        {404, "Not found", "No such route or thing. Things of other tenants, merchants and riders are not found either."},
	codeMethod:          {405, "Method not allowed", "The path exists, but not for this method."},
	codeTimeout:         {408, "Request too slow", "The body did not arrive in time. Send it again."},
	codeConflict:        {409, "Changed meanwhile", "The `version` sent is not the current one: somebody else was faster. Read it again and decide again. For orders, `state` and `version` are those of now."},
	codeTransition:      {409, "Impossible now", "The order's state does not allow this event. `state` is the state it is in, `allowed` what can happen to it now."},
	codeTooLate:         {409, "Too late to change", "Fields of the order can't change any more in its `state`; `errors` names each and until when it could. Nothing was changed. See updates.md."},
	codeExternalID:      {409, "External id taken", "Another order or store of this merchant has this `external_id`. For orders `existing_id` names it."},
	codeNameTaken:       {409, "Name taken", "Another one has this name, phone or e-mail address."},
	codeURLTaken:        {409, "Address taken", "Another webhook endpoint of this merchant has this address; `existing_id` names it. Who lost the answer to its creation rotates its secret."},
	codeTooMany:         {409, "Too many", "A merchant may have 50 webhook endpoints. Delete one that is not used."},
	codeNoCall:          {409, "Can't be called", "No masked number is lent: none are set up, the zone does without them, the order has no phone number, or it is over. A dispatcher can help."},
	codeOrderOpen:       {409, "Order open", "The order has not ended, so what it tells of its customer is still needed. Erase it afterwards."},
	codeDisabled:        {409, "Endpoint disabled", "Nothing is sent to a disabled webhook endpoint. Enable it first (`PATCH` with `state`)."},
	codeNoTexts:         {409, "No text messages", "The installation sends no text messages (`--sms-url`), so there are no log-in codes and no invitations by phone. Log in with a password or an enrolment code."},
	codeRest:            {409, "Rest needed", "The rider has worked as long as the zone allows, and may not begin a shift before `until`."},
	codeBreaksUsed:      {409, "Breaks used up", "The rider has had all the breaks that the zone allows in one shift (`work.breaks_s`); `detail` tells how much that is. The next break comes with the next shift."},
	codeNotBooked:       {409, "Not booked", "The zone wants shifts booked, and the rider has booked none for now. `detail` says from when on the next one may begin."},
	codeNotInZone:       {409, "Not in the zone", "The zone wants shifts to begin within it, and the rider's position is elsewhere, too old or unknown. Send `location`, or a position first."},
	codeSlotGone:        {409, "No such slot", "The template has no shift on that day, or it is of another zone than the rider's or not for the rider's vehicle."},
	codeSlotClosed:      {409, "Slot closed", "The shift has begun, is over, or lies further ahead than riders may book; or it is too late to cancel the booking: a dispatcher can."},
	codeSlotFull:        {409, "Slot full", "All places of the shift are taken."},
	codeSlotOverlaps:    {409, "Slot overlaps", "The rider has booked another shift at that time. Cancel it first."},
	codeHasWork:         {409, "Work left", "The rider still has stops; the shift can't end before they are done or reassigned."},
	codeOffShift:        {409, "Off shift", "The rider has no open shift, so there is nothing to end, and nobody to give an order to."},
	codeOfferClosed:     {409, "Offer closed", "The offer was answered, withdrawn, or its time is over."},
	codeUnassignable:    {409, "Can't be assigned", "The rider can't take this order: no position, the wrong vehicle or skills, or no room. `reason` is a stable word for it; of a claim also `stale` (no fresh position), `too_far` (from the store), `refused` (by this rider, lately) and `offer_open` (answer that offer first); of a handover also `other_zone` (on shift in another zone)."},
	codeNoHandover:      {409, "Can't be handed over", "The orders can't go to another rider so; `reason` says why: `off` (the zone's policy, `handover_s`), `in_handover` (a colleague is being asked already), `same_rider`, `part_on_board` (some are picked up, or some of a job: all or none), `at_door` or `returning`."},
	codeHandoverClosed:  {409, "Handover closed", "The handover was answered or called off, its time is over, or its orders went elsewhere; `detail` says which."},
	codeGivingBack:      {409, "Giving back is off", "The zone's policy does not let riders give orders back (`give_back`). Ask a dispatcher."},
	codeOrderTaken:      {409, "Order taken", "The order is not in the pool any more: another rider got it, or it was cancelled or given away. Take it off the screen."},
	codeJobOnBoard:      {409, "Job on board", "Another rider has goods of the order's job on board, and the rest of a job follows the goods. Give it to that rider, or have the goods brought back first."},
	codeJobBegun:        {409, "Job begun", "Orders of the job have been picked up, or all are cancelled, so none can be added. Place the order by itself, or a new job."},
	codeNoTariff:        {409, "No tariff", "The store's zone has no prices, so there is nothing to quote. Orders can be placed; they have no fee."},
	codeNoCapacity:      {409, "Nobody to deliver", "No rider on shift in the store's zone could take the order now. Ask again later, or for later (`deliver_after`)."},
	codeClosed:          {409, "Closed", "The store's zone takes no orders for then. `opens_at` is the next time for which it does: send it as `deliver_after`."},
	codeQuoteUsed:       {409, "Quote used", "An order has used the quote; `existing_id` names it. Ask for a new quote for a new order."},
	codeQuoteExpired:    {409, "Quote expired", "The quote's `expires_at` has passed. Ask for a new one."},
	codeKeyRevoked:      {409, "Key revoked", "A revoked API key has ended for good; it can't be rotated. Make a new one."},
	codeTestOnly:        {409, "For test keys only", "The operation acts on test orders, which live in the sandbox: call it with a test key (`pk_test_…`)."},
	codeTooManyProofs:   {409, "Too many proofs", "The order has 20 pictures already, as many as it may."},
	codeNotDelivered:    {409, "Not delivered", "Rating and tipping come after the delivery; an order without a currency can't be tipped."},
	codeRated:           {409, "Rated already", "A customer rates a delivery once."},
	codeTakenAway:       {409, "Taken away", "The order was this rider's, and was cancelled or given to somebody else while the phone had no network; `state` is `cancelled` where it was. What was picked up goes back to the store."},
	codeTooOld:          {409, "Recorded too long ago", "An act that a phone held back for more than 24 hours, or a picture more than 48 hours after its order's end, is no longer taken. A dispatcher puts the order right."},
	codeGone:            {410, "Gone", "The link of the tracking page has expired: it lives a day beyond the order's end."},
	codeBodyTooLarge:    {413, "Body too large", "Bodies are at most 1 MB, unpacked (pictures 5 MB); send less at once."},
	codeMediaType:       {415, "Unsupported media type", "Send `Content-Type: application/json`, plain or with `Content-Encoding: gzip`. Positions may also be `application/x-protobuf`; proofs are JPEG, PNG or WebP."},
	codeValidation:      {422, "Not valid", "The request does not match the schema. `errors` lists every fault with the path of its field."},
	codeProofMissing:    {422, "Proof missing", "The order demands proof that was not given. `errors` names each part and how to get it."},
	codeProofWrong:      {422, "Proof wrong", "A PIN, a barcode or a picture is not this order's. `errors` names each part. A PIN or barcode may be tried five times at once, then every 30 s."},
	codeOutsideZones:    {422, "Outside all zones", "The place lies in no dispatch zone of this tenant."},
	codeOutsideZone:     {422, "Outside the zone", "The drop-off lies outside the store's zone, so nothing can be quoted for it."},
	codeTooFar:          {422, "Too far", "The drop-off is more than 100 km from the store, or farther than the zone's tariff takes."},
	codeTooHeavy:        {422, "Too heavy", "The order weighs more than the zone's tariff takes."},
	codeJobTooLarge:     {422, "Job too large", "No rider of the zone could carry so many orders (or so large ones) at once, or 20 are reached; `detail` tells the limit. Send smaller jobs."},
	codeClientID:        {422, "Client id reused", "The `client_id` was used for another adjustment. Make a new one for a new adjustment."},
	codeKeyReused:       {422, "Idempotency key reused", "The `Idempotency-Key` was used within 24 hours for a different body. Make a new key for a new order."},
	codeRateLimited:     {429, "Too many requests", "Wait for the seconds in `Retry-After`. `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` tell the pace on every answer."},
	codeInternal:        {500, "Internal error", "Our fault. The log has the `request_id`. Sending the same request again is safe where it carries an `Idempotency-Key` or an `action_id`."},
	codeUnavailable:     {503, "Unavailable", "A part is starting, stopping or overloaded. Try again after `Retry-After`."},
}

var codeByStatus = map[int]string{
	401: codeUnauthenticated, 403: codeForbidden, 404: codeNotFound, 405: codeMethod, 408: codeTimeout,
	409: codeConflict, 413: codeBodyTooLarge, 415: codeMediaType, 422: codeValidation, 429: codeRateLimited, 503: codeUnavailable,
}

// ErrorsPage is docs/errors.md.
func ErrorsPage() []byte {
	var b strings.Builder
	b.WriteString(`# Errors

<!-- Generated from api/codes.go by go generate ./api. Do not edit. -->

Every error is an RFC 9457 problem (` + "`application/problem+json`" + `):

` + "```json" + `
{
  "type": "https://github.com/paidan/paidan/blob/main/docs/errors.md#validation",
  "title": "Not valid",
  "status": 422,
  "detail": "The request is not valid.",
  "code": "validation",
  "request_id": "0197f0c2e5d87d2a9c5f3f6c0e1b2a3d",
  "errors": [{"field": "dropoff.location.lat", "message": "expected number <= 90", "value": 431.2}]
}
` + "```" + `

Branch on ` + "`code`" + `, never on the texts. Codes are never renamed.

| code | status | when, and what to do |
|---|---|---|
`)
	names := make([]string, 0, len(codes))
	for name := range codes {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := codes[a].status - codes[b].status; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		fmt.Fprintf(&b, "| <a id=\"%s\"></a>`%s` | %d | %s |\n", name, name, codes[name].status, codes[name].what)
	}
	return []byte(b.String())
}
