package ledger

import "github.com/paidan/paidan/internal/id"

// AccountKind says whose money an account counts.
type AccountKind string

// The accounts. Merchants and riders have one each, the tenant one of each other kind.
const (
	MerchantAccount   AccountKind = "merchant"    // debit: the merchant owes
	RiderAccount      AccountKind = "rider"       // credit: the rider is owed
	RevenueAccount    AccountKind = "revenue"     // credit: fees earned
	RiderCostAccount  AccountKind = "rider_cost"  // debit: pay spent
	AdjustmentAccount AccountKind = "adjustments" // the other side of what staff put right
)

// Account is one of a tenant's.
type Account struct {
	Kind     AccountKind
	Merchant id.Merchant // of a merchant's account
	Rider    id.Rider    // of a rider's account
}

// OfMerchant is a merchant's account.
func OfMerchant(m id.Merchant) Account { return Account{Kind: MerchantAccount, Merchant: m} }

// OfRider is a rider's account.
func OfRider(r id.Rider) Account { return Account{Kind: RiderAccount, Rider: r} }

// owed is what the account's holder sees of a posting: a merchant what it owes, a rider what he is owed.
func (a Account) owed(amount int64) int64 {
	if a.Kind == RiderAccount {
		return -amount
	}
	return amount
}
