package provider

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/paidan/paidan/internal/clock"
)

// serviceAccount is what Google's JSON key file tells.
type serviceAccount struct {
	ProjectID string `json:"project_id"`
	Email     string `json:"client_email"`
	Key       string `json:"private_key"`
	KeyID     string `json:"private_key_id"`
	TokenURL  string `json:"token_uri"`

	signer *rsa.PrivateKey
}

func readServiceAccount(file []byte) (a serviceAccount, err error) {
	if err := json.Unmarshal(file, &a); err != nil {
		return a, fmt.Errorf("the service account's key file: %w", err)
	}
	for field, v := range map[string]string{"project_id": a.ProjectID, "client_email": a.Email, "private_key": a.Key, "token_uri": a.TokenURL} {
		if v == "" {
			return a, fmt.Errorf("the service account's key file has no %s", field)
		}
	}
	if a.signer, err = jwt.ParseRSAPrivateKeyFromPEM([]byte(a.Key)); err != nil {
		return a, fmt.Errorf("the service account's private_key: %w", err)
	}
	return a, nil
}

const (
	fcmScope = "https://www.googleapis.com/auth/firebase.messaging"
	// assertionLife is how long a token may be asked for with one signature: the longest that Google takes.
	assertionLife = time.Hour
	// renewBefore an access token's end another one is asked for.
	renewBefore = time.Minute
)

// googleTokens keeps the account's access token (RFC 7523).
type googleTokens struct {
	account serviceAccount
	client  *http.Client
	clock   clock.Clock

	mu    sync.Mutex // held while one is asked for: the others wait for it
	token string
	until time.Time
}

func (g *googleTokens) get(ctx context.Context) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock.Now()
	if g.token != "" && now.Before(g.until) {
		return g.token, nil
	}
	assertion := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": g.account.Email, "scope": fcmScope, "aud": g.account.TokenURL, "iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	assertion.Header["kid"] = g.account.KeyID
	signed, err := assertion.SignedString(g.account.signer)
	if err != nil {
		return "", fmt.Errorf("sign for an access token: %w", err)
	}
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {signed}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.account.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", fmt.Errorf("ask for an access token: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := do(g.client, req)
	if err != nil {
		return "", fmt.Errorf("ask for an access token: %w", err)
	}
	var told struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
		Error   string `json:"error"`
		Why     string `json:"error_description"`
	}
	err = json.Unmarshal(a.body, &told)
	switch {
	case !a.ok():
		// The account is the operator's: what is wrong with it is put right there, and then the same message goes.
		return "", &BusyError{Status: a.status, Why: "no access token: " + told.Error + " " + told.Why, After: a.patience()}
	case err != nil || told.Token == "":
		return "", errors.Join(errors.New("ask for an access token: the answer has none"), err)
	}
	g.token, g.until = told.Token, now.Add(time.Duration(told.Seconds)*time.Second-renewBefore)
	return g.token, nil
}

// forget drops a token that was not taken, unless another has taken its place.
func (g *googleTokens) forget(token string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.token == token {
		g.token = ""
	}
}
