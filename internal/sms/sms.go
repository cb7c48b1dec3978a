// Package sms hands text messages to whoever brings them to phones: the log, for development, or a gateway of the operator's that knows
// the provider.
package sms

import (
	"context"
	"log/slog"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/gateway"
)

// Message is one text. Providers that send only texts that they have approved take the template and its values instead of the text.
type Message struct {
	ID       string            `json:"id"` // of this attempt
	To       string            `json:"to"` // the phone number, as staff wrote it
	Text     string            `json:"text"`
	Template string            `json:"template"`
	Values   map[string]string `json:"values"`
}

// Sender brings messages on their way. An error means that the message may be sent again.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// LogURL is the address of the log.
const LogURL = "log:"

// New is the sender behind an address: LogURL, or a gateway's, whose requests are signed with the secret (whsec_…).
func New(address, secret string, c clock.Clock, log *slog.Logger) (Sender, error) {
	if address == LogURL {
		return logged{log.With("component", "sms")}, nil
	}
	g, err := gateway.New(address, secret, c)
	return posted{g}, err
}

// logged writes messages into the log, secrets and all.
type logged struct{ log *slog.Logger }

// Send never fails.
func (l logged) Send(ctx context.Context, m Message) error {
	l.log.InfoContext(ctx, "text message", "to", m.To, "text", m.Text)
	return nil
}

// posted gives messages to a gateway.
type posted struct{ *gateway.Gateway }

// Send makes one request.
func (p posted) Send(ctx context.Context, m Message) error { return p.Post(ctx, m.ID, m, nil) }
