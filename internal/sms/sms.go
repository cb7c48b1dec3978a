// Package sms hands text messages to whoever brings them to phones: the log, for development, or a gateway of the operator's that takes
// signed requests (webhook.go) and knows the provider.
package sms

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/paidan/paidan/internal/clock"
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
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("the gateway's address: want %s or one like https://sms.example.com/send", LogURL)
	}
	return newGateway(address, secret, c)
}

// logged writes messages into the log, secrets and all.
type logged struct{ log *slog.Logger }

// Send never fails.
func (l logged) Send(ctx context.Context, m Message) error {
	l.log.InfoContext(ctx, "text message", "to", m.To, "text", m.Text)
	return nil
}
