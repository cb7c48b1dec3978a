package webhook

import (
	"fmt"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// sign makes one signature per secret, as the Standard Webhooks specification says.
func sign(r request, at time.Time) (string, error) {
	signatures := make([]string, len(r.secrets))
	for i, secret := range r.secrets {
		signer, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return "", fmt.Errorf("read a webhook secret: %w", err)
		}
		if signatures[i], err = signer.Sign(r.id, at, r.payload); err != nil {
			return "", fmt.Errorf("sign a webhook: %w", err)
		}
	}
	return strings.Join(signatures, " "), nil
}
