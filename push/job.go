package push

import (
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/push/provider"
	"github.com/paidan/paidan/rider"
)

// Push is a notice on its way to one device.
type Push struct {
	ID        uuid.UUID        `json:"id"` // of the message, over its retries
	Tenant    id.Tenant        `json:"tenant"`
	Rider     id.Rider         `json:"rider"`
	Device    id.Device        `json:"device"`
	Kind      rider.NoticeKind `json:"kind"`
	Offer     id.Offer         `json:"offer,omitzero"`
	Handover  id.Handover      `json:"handover,omitzero"`
	Booking   id.Booking       `json:"booking,omitzero"`
	At        time.Time        `json:"at"`
	ExpiresAt time.Time        `json:"expires_at"`
}

// A kind of job for each provider, so that each has a queue.
type (
	fcmPush     struct{ Push }
	jpushPush   struct{ Push }
	webPush     struct{ Push }
	gatewayPush struct{ Push }
)

// Kind is that of the jobs for FCM.
func (fcmPush) Kind() string { return "push_fcm" }

// Kind is that of the jobs for JPush.
func (jpushPush) Kind() string { return "push_jpush" }

// Kind is that of the jobs for Web Push.
func (webPush) Kind() string { return "push_web" }

// Kind is that of the jobs for the operator's gateway.
func (gatewayPush) Kind() string { return "push_gateway" }

// Policy has FCM's jobs wait for each other only.
func (p fcmPush) Policy() jobs.Policy { return policy(p.Kind()) }

// Policy has JPush's jobs wait for each other only.
func (p jpushPush) Policy() jobs.Policy { return policy(p.Kind()) }

// Policy has Web Push's jobs wait for each other only.
func (p webPush) Policy() jobs.Policy { return policy(p.Kind()) }

// Policy has the gateway's jobs wait for each other only.
func (p gatewayPush) Policy() jobs.Policy { return policy(p.Kind()) }

// workers is how many messages a node hands to one provider at once.
const workers = 32

func policy(queue string) jobs.Policy {
	return jobs.Policy{Queue: queue, Workers: workers, Timeout: 30 * time.Second, Delays: []time.Duration{0, 2 * time.Second, 4 * time.Second, 10 * time.Second, 20 * time.Second, time.Minute}}
}

// args are a push as a job of its provider's.
func args(p provider.Name, x Push) jobs.Args {
	switch p {
	case provider.FCM:
		return fcmPush{x}
	case provider.JPush:
		return jpushPush{x}
	case provider.Web:
		return webPush{x}
	default:
		return gatewayPush{x}
	}
}
