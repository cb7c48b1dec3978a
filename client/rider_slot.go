package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Slot is a shift that riders can book.
type Slot struct {
	TemplateID string    `json:"template_id"`
	Day        string    `json:"day"` // like 2026-03-02; with TemplateID, what is booked
	ZoneID     string    `json:"zone_id"`
	Name       string    `json:"name"`
	StartsAt   time.Time `json:"starts_at"`
	EndsAt     time.Time `json:"ends_at"`
	Places     int       `json:"places"`
	Free       int       `json:"free"`
	Bookings   []Booking `json:"bookings"` // the rider's own
}

// Booking is a rider's place in a slot.
type Booking struct {
	ID          string    `json:"id"`
	TemplateID  string    `json:"template_id"`
	Day         string    `json:"day"`
	StartsAt    time.Time `json:"starts_at"`
	EndsAt      time.Time `json:"ends_at"`
	State       string    `json:"state"` // booked, kept, no_show, cancelled
	CheckInFrom time.Time `json:"check_in_from"`
	CancelUntil time.Time `json:"cancel_until"`
	ShiftID     string    `json:"shift_id"`
}

// Slots are the shifts of the coming days in the rider's zone.
func (r *Rider) Slots(ctx context.Context, days int) ([]Slot, error) {
	var out page[Slot]
	err := r.do(ctx, http.MethodGet, "slots", "slots?days="+strconv.Itoa(days), nil, &out)
	return out.Data, err
}

// Book takes a place in a slot. The same slot twice is one booking.
func (r *Rider) Book(ctx context.Context, template, day string) (Booking, error) {
	var out Booking
	err := r.do(ctx, http.MethodPost, "bookings", "bookings", struct {
		TemplateID string `json:"template_id"`
		Day        string `json:"day"`
	}{template, day}, &out)
	return out, err
}

// Bookings are the rider's, from a week ago on.
func (r *Rider) Bookings(ctx context.Context) ([]Booking, error) {
	var out page[Booking]
	err := r.do(ctx, http.MethodGet, "bookings", "bookings", nil, &out)
	return out.Data, err
}

// CancelBooking gives a place back.
func (r *Rider) CancelBooking(ctx context.Context, booking string) error {
	return r.do(ctx, http.MethodDelete, "bookings/{id}", "bookings/"+url.PathEscape(booking), nil, nil)
}
