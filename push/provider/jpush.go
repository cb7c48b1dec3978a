package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// jpushURL is where JPush takes messages.
const jpushURL = "https://api.jpush.cn"

// jpush is JPush (极光推送), API v3: Android phones without Google's services.
type jpush struct {
	url, key, secret string
	client           *http.Client
}

// NewJPush sends with an app's key and master secret, "key:secret". base is JPush's where it is empty.
func NewJPush(keys, base string, client *http.Client) (Provider, error) {
	key, secret, ok := strings.Cut(strings.TrimSpace(keys), ":")
	if !ok || key == "" || secret == "" {
		return nil, errors.New("want APP_KEY:MASTER_SECRET")
	}
	if base == "" {
		base = jpushURL
	}
	return &jpush{base + "/v3/push", key, secret, client}, nil
}

type (
	jpushMessage struct {
		Platform     []string            `json:"platform"`
		Audience     map[string][]string `json:"audience"`
		Notification jpushNotification   `json:"notification"`
		Options      jpushOptions        `json:"options"`
	}
	jpushNotification struct {
		Android jpushAndroid `json:"android"`
		IOS     jpushIOS     `json:"ios"`
	}
	jpushAndroid struct {
		Title    string            `json:"title"`
		Alert    string            `json:"alert"`
		Priority int               `json:"priority"` // 2: the highest
		Extras   map[string]string `json:"extras,omitempty"`
	}
	jpushIOS struct {
		Alert  fcmNotification   `json:"alert"`
		Sound  string            `json:"sound"`
		Extras map[string]string `json:"extras,omitempty"`
	}
	jpushOptions struct {
		TimeToLive     int    `json:"time_to_live"`
		APNSProduction bool   `json:"apns_production"`
		APNSCollapse   string `json:"apns_collapse_id"`
	}
)

// Send posts one message. What JPush has for Android in place of a collapse key, override_msg_id, is left alone: it wants the id of the first message, of
// at most a day ago, and refuses (1003) the message where it does not know that one any more; and what it replaces stays where it was in the list, so that a
// new offer might go unnoticed. An older message stays beside a newer one until it expires, minutes later, or the app takes it down by its kind.
func (j *jpush) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(jpushMessage{
		Platform: []string{"android", "ios"}, Audience: map[string][]string{"registration_id": {m.Token}},
		Notification: jpushNotification{
			jpushAndroid{Title: m.Title, Alert: m.Body, Priority: 2, Extras: m.Data},
			jpushIOS{Alert: fcmNotification{m.Title, m.Body}, Sound: "default", Extras: m.Data},
		},
		Options: jpushOptions{TimeToLive: seconds(m.TTL), APNSProduction: true, APNSCollapse: m.Collapse},
	})
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, j.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(j.key, j.secret)
	a, err := do(j.client, req)
	if err != nil || a.ok() {
		return err
	}
	return jpushFault(a)
}

// JPush's codes: https://docs.jiguang.cn/jpush/server/push/rest_api_v3_push.
const (
	jpushNoAudience = 1011 // nobody has this registration id, or not for 255 days
	jpushTooFast    = 2002
)

func jpushFault(a answer) error {
	var told struct {
		Error struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(a.body, &told) // an answer in another shape is judged by its status alone
	why := fmt.Sprintf("%d %s", told.Error.Code, told.Error.Message)
	switch {
	case told.Error.Code == jpushNoAudience:
		return &GoneError{why}
	case told.Error.Code == jpushTooFast || a.status == http.StatusTooManyRequests:
		wait := answer{header: http.Header{"Retry-After": {a.header.Get("X-Rate-Limit-Reset")}}}.patience() // seconds until its minute is over
		return &BusyError{a.status, why, wait}
	}
	return a.fault(why)
}
