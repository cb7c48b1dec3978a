package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/paidan/paidan/internal/clock"
)

// fcmURL is where Google takes messages.
const fcmURL = "https://fcm.googleapis.com"

// fcm is Firebase Cloud Messaging, HTTP v1.
type fcm struct {
	send   string // the address
	tokens *googleTokens
	client *http.Client
	clock  clock.Clock
}

// NewFCM sends as the service account of a JSON key file. base is Google's where it is empty.
func NewFCM(key []byte, base string, client *http.Client, c clock.Clock) (Provider, error) {
	account, err := readServiceAccount(key)
	if err != nil {
		return nil, err
	}
	if base == "" {
		base = fcmURL
	}
	return &fcm{
		send:   base + "/v1/projects/" + url.PathEscape(account.ProjectID) + "/messages:send",
		tokens: &googleTokens{account: account, client: client, clock: c}, client: client, clock: c,
	}, nil
}

type (
	fcmMessage struct {
		Token        string            `json:"token"`
		Notification fcmNotification   `json:"notification"`
		Data         map[string]string `json:"data,omitempty"`
		Android      fcmAndroid        `json:"android"`
		APNS         fcmAPNS           `json:"apns"`
	}
	fcmNotification struct {
		Title string `json:"title"`
		Body  string `json:"body"`
	}
	fcmAndroid struct {
		TTL         string `json:"ttl"`
		CollapseKey string `json:"collapse_key"`
		Priority    string `json:"priority"`
	}
	fcmAPNS struct {
		Headers map[string]string `json:"headers"`
		Payload map[string]any    `json:"payload"`
	}
)

// Send posts one message. Every message is urgent: the rider has to act, and soon.
func (f *fcm) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(map[string]fcmMessage{"message": {
		Token: m.Token, Notification: fcmNotification{m.Title, m.Body}, Data: m.Data,
		Android: fcmAndroid{TTL: strconv.Itoa(seconds(m.TTL)) + "s", CollapseKey: m.Collapse, Priority: "HIGH"},
		APNS: fcmAPNS{
			Headers: map[string]string{
				"apns-expiration": strconv.FormatInt(f.clock.Now().Unix()+int64(seconds(m.TTL)), 10), "apns-collapse-id": m.Collapse, "apns-priority": "10",
			},
			Payload: map[string]any{"aps": map[string]string{"sound": "default"}},
		},
	}})
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	bearer, err := f.tokens.get(ctx)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.send, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+bearer)
	a, err := do(f.client, req)
	if err != nil || a.ok() {
		return err
	}
	return f.fault(a, bearer)
}

// fault reads Google's error: https://firebase.google.com/docs/cloud-messaging/error-codes.
func (f *fcm) fault(a answer, bearer string) error {
	var told struct {
		Error struct {
			Status  string `json:"status"`
			Message string `json:"message"`
			Details []struct {
				ErrorCode string `json:"errorCode"`
			} `json:"details"`
		} `json:"error"`
	}
	_ = json.Unmarshal(a.body, &told) // an answer in another shape is judged by its status alone
	code := told.Error.Status
	for _, d := range told.Error.Details {
		if d.ErrorCode != "" {
			code = d.ErrorCode
		}
	}
	switch {
	case code == "UNREGISTERED" || code == "SENDER_ID_MISMATCH":
		return &GoneError{code}
	case a.status == http.StatusUnauthorized:
		f.tokens.forget(bearer)
		return &BusyError{Status: a.status, Why: code}
	}
	return a.fault(code + " " + told.Error.Message)
}
