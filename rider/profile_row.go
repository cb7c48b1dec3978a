package rider

import (
	"database/sql/driver"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/paidan/paidan/internal/id"
)

// profileRow is a row of riders as GORM sees it.
type profileRow struct {
	TenantID      id.Tenant
	ID            id.Rider
	ZoneID        id.Zone
	ExternalID    *string
	Name          string
	Phone         string
	Vehicle       Vehicle
	Capacity      int
	MaxOrders     int
	Skills        textArray
	PasswordHash  *string
	EnrolmentHash []byte
	DisabledAt    *time.Time
	CreatedAt     time.Time `gorm:"autoCreateTime:false"`
}

// TableName is read by GORM.
func (profileRow) TableName() string { return "riders" }

func (r profileRow) rider() Rider {
	out := Rider{
		Tenant: r.TenantID, ID: r.ID, Zone: r.ZoneID, Name: r.Name, Phone: r.Phone, Vehicle: r.Vehicle,
		Capacity: r.Capacity, MaxOrders: r.MaxOrders, Skills: r.Skills, DisabledAt: r.DisabledAt, CreatedAt: r.CreatedAt,
	}
	if r.ExternalID != nil {
		out.ExternalID = *r.ExternalID
	}
	return out
}

// textArray is a text[] for database/sql, which knows no arrays.
type textArray []string

// arrays are the codecs, pooled: a Map caches what it plans, so no two goroutines may use one.
var arrays = sync.Pool{New: func() any { return pgtype.NewMap() }}

// Value is the array in PostgreSQL's text form.
func (a textArray) Value() (driver.Value, error) {
	if a == nil {
		a = textArray{}
	}
	codecs := arrays.Get().(*pgtype.Map)
	defer arrays.Put(codecs)
	b, err := codecs.Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, []string(a), nil)
	return string(b), err
}

// Scan reads PostgreSQL's text form.
func (a *textArray) Scan(src any) error {
	codecs := arrays.Get().(*pgtype.Map)
	defer arrays.Put(codecs)
	return codecs.SQLScanner((*[]string)(a)).Scan(src)
}
