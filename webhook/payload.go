package webhook

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Payload is the body of a request: the Standard Webhooks' envelope.
type Payload struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"` // of the event, the same in every attempt
	Data      any       `json:"data"`
}

// testData is what a test event tells.
type testData struct {
	EndpointID id.Endpoint `json:"endpoint_id"`
}

// Payload is what an endpoint gets for a delivery; event is nil for a test. show makes of an event what merchants may see. The same delivery
// has the same payload at every attempt, and in the log, because events never change.
func (d Delivery) Payload(endpoint id.Endpoint, event *order.FeedEvent, show func(order.FeedEvent) any) ([]byte, error) {
	p := Payload{Type: d.Type, Timestamp: d.At, Data: testData{endpoint}}
	if event != nil {
		p.Data = show(*event)
	}
	body, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write event %s: %w", d.Event, err)
	}
	return body, nil
}
