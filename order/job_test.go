package order

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func (s *shop) newJob() Job {
	return Job{ID: id.NewJob(), Merchant: s.merchant.ID, Zone: s.zone, PlacedAt: noon}
}

// A job's orders are read back as they were placed, and come due when the first of them must.
func TestPlaceJob(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	j := s.newJob()
	os := []Order{s.newOrder(), s.newOrder(), s.newOrder()}
	os[0].DueAt, os[1].DueAt, os[2].DueAt = noon.Add(2*time.Hour), noon.Add(time.Hour), noon.Add(3*time.Hour)
	alone := []Order{s.newOrder()}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		if err := Place(ctx, tx, alone, System); err != nil {
			return err
		}
		return PlaceJob(ctx, tx, s.tenant, j, os, Actor{ActorMerchant, s.merchant.ID.UUID()})
	})
	for _, o := range os {
		if o.Job != j.ID || o.State != Scheduled || !o.DueAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("order %s: job %s, %s, due at %v", o.ID, o.Job, o.State, o.DueAt)
		}
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		got, err := GetJob(ctx, tx, s.tenant, j.ID)
		if err != nil || got != j {
			t.Errorf("read back %+v, %v", got, err)
		}
		of, err := OfJobs(ctx, tx, s.tenant, []id.Job{j.ID, id.NewJob()})
		slices.SortFunc(os, func(a, b Order) int { return slices.Compare(a.ID[:], b.ID[:]) })
		if diff := cmp.Diff(map[id.Job][]Order{j.ID: os}, of); err != nil || diff != "" {
			t.Errorf("its orders (-placed +stored): %v\n%s", err, diff)
		}
		list, err := List(ctx, tx, s.tenant, Filter{Job: j.ID})
		if err != nil || len(list) != 3 {
			t.Errorf("listed %d of 3: %v", len(list), err)
		}
		if _, err := GetJob(ctx, tx, s.tenant, id.NewJob()); !errors.Is(err, ErrNotFound) {
			t.Errorf("a job that is not there: %v", err)
		}
		return nil
	})
	if !s.get(alone[0].ID).Job.IsZero() {
		t.Error("an order alone is in a job")
	}
}

// One external id that is taken keeps the whole job out.
func TestPlaceJobAllOrNone(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first, fresh, again := s.newOrder(), s.newOrder(), s.newOrder()
	first.ExternalID, again.ExternalID = "A-1", "A-1"
	s.tx(func(ctx context.Context, tx pgx.Tx) error { return Place(ctx, tx, []Order{first}, System) })
	j := s.newJob()
	err := s.db.Tx(t.Context(), s.tenant, func(tx pgx.Tx) error {
		return PlaceJob(t.Context(), tx, s.tenant, j, []Order{fresh, again}, System)
	})
	var taken *ExternalIDTakenError
	if !errors.As(err, &taken) || taken.ExternalID != "A-1" {
		t.Fatalf("PlaceJob: %v", err)
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := GetJob(ctx, tx, s.tenant, j.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("the job: %v", err)
		}
		list, err := List(ctx, tx, s.tenant, Filter{})
		if err != nil || len(list) != 1 {
			t.Errorf("%d orders, %v", len(list), err)
		}
		return nil
	})
}

func TestListJobs(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	var jobs []Job
	for range 3 {
		j := s.newJob()
		jobs = append([]Job{j}, jobs...)
		s.tx(func(ctx context.Context, tx pgx.Tx) error {
			return PlaceJob(ctx, tx, s.tenant, j, []Order{s.newOrder(), s.newOrder()}, System)
		})
	}
	other, err := CreateMerchant(t.Context(), s.db, s.tenant, "Somebody else", noon)
	if err != nil {
		t.Fatal(err)
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		for _, c := range []struct {
			f    JobFilter
			want []Job
		}{
			{JobFilter{Merchant: s.merchant.ID, Limit: 2}, jobs[:2]},
			{JobFilter{Merchant: s.merchant.ID, Limit: 2, After: jobs[1].ID}, jobs[2:]},
			{JobFilter{Merchant: other.ID, Limit: 2}, nil},
		} {
			got, err := ListJobs(ctx, tx, s.tenant, c.f)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, %v", c.f, got, err)
			}
		}
		return nil
	})
}
