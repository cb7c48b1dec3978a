package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/push"
	"github.com/paidan/paidan/push/provider"
	"github.com/paidan/paidan/webhook"
)

// providers are those that the flags name. Their clock is the wall's: they are other people's machines.
func (a *App) providers(ctx context.Context) (map[provider.Name]provider.Provider, error) {
	c, client, wall := a.conf, provider.NewClient(), clock.System{}
	out := map[provider.Name]provider.Provider{}
	var errs []error
	add := func(name provider.Name, flag string, p provider.Provider, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", flag, err))
			return
		}
		out[name] = p
	}
	if c.PushFCMKey != "" {
		file, err := os.ReadFile(c.PushFCMKey)
		var p provider.Provider
		if err == nil {
			p, err = provider.NewFCM(file, c.PushFCMURL, client, wall)
		}
		add(provider.FCM, "--push-fcm-key", p, err)
	}
	if c.PushJPushKeys != "" {
		file, err := os.ReadFile(c.PushJPushKeys)
		var p provider.Provider
		if err == nil {
			p, err = provider.NewJPush(string(file), c.PushJPushURL, client)
		}
		add(provider.JPush, "--push-jpush-keys", p, err)
	}
	if c.PushGatewayURL != "" {
		file, err := os.ReadFile(c.PushGatewaySecret)
		var p provider.Provider
		if err != nil {
			err = fmt.Errorf("--push-gateway-secret: %w", err)
		} else {
			p, err = provider.NewGateway(c.PushGatewayURL, string(file), client, wall)
		}
		add(provider.Gateway, "--push-gateway-url", p, err)
	}
	if c.PushWebContact != "" {
		key, err := pg.Secret(ctx, a.database.OwnerURL, "web_push")
		if err != nil {
			return nil, err
		}
		// Phones tell where to send, so it must not be into our own network.
		web, err := provider.NewWeb(key, c.PushWebContact, webhook.NewClient(c.webhookReach()))
		if err == nil {
			a.pushing.WebKey = web.PublicKey()
		}
		add(provider.Web, "--push-web-contact", web, err)
	}
	return out, errors.Join(errs...)
}

// openPush makes ready to wake phones, by jobs that a node with the role jobs runs.
func (a *App) openPush(ctx context.Context) error {
	providers, err := a.providers(ctx)
	if err != nil {
		return err
	}
	for name := range providers {
		a.pushing.Providers = append(a.pushing.Providers, name)
	}
	slices.Sort(a.pushing.Providers)
	sender, err := push.NewSender(push.Options{
		DB: a.database.DB, Clock: a.clock, Log: a.log, Providers: providers, Grace: a.conf.PushAfter, Metrics: a.metrics,
	})
	if err != nil {
		return err
	}
	if a.conf.has(RoleJobs) {
		sender.Handle(a.jobs)
	}
	if len(providers) > 0 {
		a.notify = push.NewQueue(a.jobs).Notify
	}
	return nil
}
