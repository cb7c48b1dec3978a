package rider

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/sms"
)

// Texts are the messages that riders get on their phones: log-in codes and invitations. Asking for one inserts a job; the secret that it
// tells is made when it is sent, so that none is ever stored.
type Texts struct {
	db    *pg.DB
	jobs  *jobs.Client
	clock clock.Clock
}

// NewTexts makes a Texts that can ask. Some node has to Send.
func NewTexts(db *pg.DB, j *jobs.Client, c clock.Clock) *Texts {
	return &Texts{db: db, jobs: j, clock: c}
}

// sendCode is the job of sending a log-in code. It is inserted for whatever tenant and phone were asked: only the sender looks whether
// there is such a rider, so whoever asks learns nothing, not even by the time that it took.
type sendCode struct {
	Tenant  string    `json:"tenant"` // short name
	Phone   string    `json:"phone"`
	AskedAt time.Time `json:"asked_at"`
}

// Kind is the job's.
func (sendCode) Kind() string { return "rider_login_code" }

// Policy gives up before the rider does.
func (sendCode) Policy() jobs.Policy {
	return jobs.Policy{Delays: []time.Duration{0, 2 * time.Second, 10 * time.Second, 30 * time.Second}, Timeout: 20 * time.Second, Queue: textQueue}
}

// sendInvitation is the job of sending a rider the code that pairs a phone.
type sendInvitation struct {
	Tenant id.Tenant `json:"tenant"`
	Rider  id.Rider  `json:"rider"`
}

// Kind is the job's.
func (sendInvitation) Kind() string { return "rider_invitation" }

// Policy tries for some hours: nobody waits at the door.
func (sendInvitation) Policy() jobs.Policy {
	return jobs.Policy{Delays: []time.Duration{0, time.Minute, 10 * time.Minute, time.Hour, 3 * time.Hour}, Timeout: 20 * time.Second, Queue: textQueue}
}

// textQueue keeps who waits for a code from waiting behind other jobs.
const textQueue = "texts"

// AskCode has a log-in code sent to a phone, if a rider of the tenant has it.
func (t *Texts) AskCode(ctx context.Context, tenant, phone string) error {
	return t.jobs.Enqueue(ctx, sendCode{tenant, phone, t.clock.Now()})
}

// Invite has a rider sent a new enrolment code, which replaces the one that there may be. ErrNotFound, ErrDisabled.
func (t *Texts) Invite(ctx context.Context, tenant id.Tenant, rider id.Rider) error {
	return t.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		if err := mayWork(ctx, tx, tenant, rider); err != nil {
			return err
		}
		return t.jobs.Insert(ctx, tx, sendInvitation{tenant, rider})
	})
}

// Send has this node send what is asked for. Call it before the jobs start.
func (t *Texts) Send(by sms.Sender) {
	jobs.Handle(t.jobs, func(ctx context.Context, j sendCode) error { return t.sendCode(ctx, by, j) })
	jobs.Handle(t.jobs, func(ctx context.Context, j sendInvitation) error { return t.sendInvitation(ctx, by, j) })
}

func (t *Texts) sendCode(ctx context.Context, by sms.Sender, j sendCode) error {
	now := t.clock.Now()
	if now.Sub(j.AskedAt) > CodeLifetime {
		return nil // whoever asked has asked again
	}
	var tenant id.Tenant
	if err := t.db.Pool.QueryRow(ctx, "select tenant_by_slug($1)", j.Tenant).Scan(&tenant); err != nil {
		return wrap("find the tenant", err)
	}
	if tenant.IsZero() {
		return nil
	}
	code, err := NewLoginCode(ctx, t.db, tenant, j.Phone, now)
	if err != nil || code == "" {
		return err
	}
	minutes := strconv.Itoa(int(CodeLifetime / time.Minute))
	return by.Send(ctx, sms.Message{
		ID: messageID(ctx), To: j.Phone, Template: "login_code", Values: map[string]string{"tenant": j.Tenant, "code": code, "minutes": minutes},
		Text: fmt.Sprintf("%s is your Paidan log-in code, good for %s minutes. 派单登录验证码，%s 分钟内有效。", code, minutes, minutes),
	})
}

func (t *Texts) sendInvitation(ctx context.Context, by sms.Sender, j sendInvitation) error {
	who, err := Get(ctx, t.db, j.Tenant, j.Rider)
	if err != nil {
		return wrap("invite the rider", err)
	}
	var company string
	err = t.db.Read(ctx, j.Tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select name from tenants where id = $1", j.Tenant).Scan(&company)
	})
	if err != nil {
		return wrap("invite the rider", err)
	}
	code, err := NewEnrolmentCode(ctx, t.db, j.Tenant, j.Rider)
	if errors.Is(err, ErrDisabled) {
		return nil
	}
	if err != nil {
		return err
	}
	return by.Send(ctx, sms.Message{
		ID: messageID(ctx), To: who.Phone, Template: "invitation", Values: map[string]string{"company": company, "code": code},
		Text: fmt.Sprintf("%s: pair your phone with the code %s in the riders' app. 在骑手端输入此配对码。", company, code),
	})
}

// messageID names one attempt: another one has another code, so it is no repeat.
func messageID(ctx context.Context) string {
	job := jobs.InfoOf(ctx)
	return fmt.Sprintf("sms_%d_%d", job.ID, job.Attempt)
}
