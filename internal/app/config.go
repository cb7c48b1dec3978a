package app

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/blob"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/relay"
	"github.com/paidan/paidan/internal/sms"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/webhook"
)

// Config is all that `paidan serve` can be told; each field is a flag and a PAIDAN_* variable (cmd/paidan).
type Config struct {
	Listen        string        `help:"Address of the HTTP server." default:":8080"`
	Roles         []string      `help:"What this process does: any of api, ingest, dispatch, jobs." default:"api,ingest,dispatch,jobs"`
	DataDir       string        `help:"Folder of riders' proofs and, without --database-url, of the private PostgreSQL. Processes on one database share it." default:"${data_dir}" type:"path"`
	ProofsURL     string        `name:"proofs-url" help:"Object store that keeps riders' proofs instead of the data folder: s3://BUCKET/PREFIX, with ?endpoint=https://HOST&region=REGION&path_style=true where it isn't AWS's." placeholder:"URL"`
	DatabaseURL   string        `help:"PostgreSQL to use instead of a private one, as its owner: postgres://user:password@host/db." placeholder:"URL"`
	NATSURL       string        `name:"nats-url" help:"NATS to use instead of the one in the process. Needed by more than one process." placeholder:"URL"`
	Basemap       string        `help:"Map under the console: a .pmtiles file, or the URL of a MapLibre style. Without it the console draws its own ground." placeholder:"FILE|URL"`
	Demo          bool          `help:"Bring a tenant 'demo' to life: a city of simulated merchants and riders around Florence."`
	PublicURL     string        `name:"public-url" help:"Address under which the outside reaches this server, for links to customers' tracking pages. Without it, this machine's." placeholder:"URL"`
	SecureCookies bool          `help:"Mark the console's cookies Secure: set it where the console is served over HTTPS."`
	TrustProxies  []string      `help:"Addresses or networks of proxies whose X-Forwarded-For is believed, for rate limits and logs." placeholder:"CIDR"`
	PositionDays  int           `help:"Days that positions are kept." default:"30"`
	ProofDays     int           `help:"Days after an order's end that riders' pictures of it are kept." default:"90"`
	CustomerDays  int           `help:"Days after an order's end that what it tells of its customer is kept." default:"365"`
	Clock         string        `help:"An accelerated clock for replays, EPOCH/START/SPEED: at wall time EPOCH it showed START, and it runs SPEED times faster." placeholder:"E/S/N"`
	DebugListen   string        `help:"Address of profiles (pprof), for the engineer on call. Never open it to the outside." placeholder:"ADDR"`
	LogLevel      string        `help:"Least level logged: debug, info, warn, error." default:"info" enum:"debug,info,warn,error"`
	LogFormat     string        `help:"Form of the log on standard error: json or text." default:"json" enum:"json,text"`
	StopTimeout   time.Duration `help:"Time to finish what is under way after SIGTERM." default:"10s"`

	SMSURL      string `name:"sms-url" help:"Where riders' text messages (log-in codes, invitations) are posted: a gateway's address, or log: to write them into the log, for development. Without it there are none." placeholder:"URL"`
	CallsURL    string `name:"calls-url" help:"A gateway that lends masked telephone numbers, for riders to call customers whose own number they don't see (a zone's privacy.customer_phone: relay)." placeholder:"URL"`
	CallsSecret string `name:"calls-secret" help:"Signs what is posted to --calls-url: whsec_ and random bytes in base64. Better through PAIDAN_CALLS_SECRET." placeholder:"SECRET"`
	SMSSecret   string `name:"sms-secret" help:"Signs what is posted to --sms-url: whsec_ and random bytes in base64. Better through PAIDAN_SMS_SECRET." placeholder:"SECRET"`

	PushFCMKey        string        `name:"push-fcm-key" help:"Wake riders' phones by FCM: the JSON key file of the Google service account." placeholder:"FILE"`
	PushFCMURL        string        `name:"push-fcm-url" hidden:"" help:"FCM's address, for tests."`
	PushJPushKeys     string        `name:"push-jpush-keys" help:"Wake riders' phones by JPush: a file with APP_KEY:MASTER_SECRET." placeholder:"FILE"`
	PushJPushURL      string        `name:"push-jpush-url" hidden:"" help:"JPush's address, for tests."`
	PushWebContact    string        `name:"push-web-contact" help:"Wake pages by Web Push: whom browsers' makers may write to, mailto:ADDRESS or https://PAGE." placeholder:"URL"`
	PushGatewayURL    string        `name:"push-gateway-url" help:"Wake riders' phones by a gateway of your own." placeholder:"URL"`
	PushGatewaySecret string        `name:"push-gateway-secret" help:"File with the secret that signs what the gateway gets, whsec_…" placeholder:"FILE"`
	PushAfter         time.Duration `help:"How long an offer may go unseen before the rider's phone is woken." default:"3s"`

	WebhookAllowHTTP    bool `name:"webhook-allow-http" help:"Let webhooks go to http:// addresses, where what they tell can be read on the way."`
	WebhookAllowPrivate bool `help:"Let webhooks go to addresses of this machine and its networks. Whoever has an API key can then make Paidan call them."`
}

// The roles.
const (
	RoleAPI      = "api"
	RoleIngest   = "ingest"
	RoleDispatch = "dispatch"
	RoleJobs     = "jobs"
)

// Validate says what is wrong, naming the flag.
func (c Config) Validate() error {
	var errs []error
	for _, r := range c.Roles {
		if !slices.Contains([]string{RoleAPI, RoleIngest, RoleDispatch, RoleJobs}, r) {
			errs = append(errs, fmt.Errorf("--roles: %q is none of api, ingest, dispatch, jobs", r))
		}
	}
	if len(c.Roles) == 0 {
		errs = append(errs, errors.New("--roles: name at least one of api, ingest, dispatch, jobs"))
	}
	if c.DatabaseURL == "" && c.DataDir == "" {
		errs = append(errs, errors.New("--data-dir: name a folder, or give --database-url"))
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		errs = append(errs, errors.New("--public-url: want an address like https://delivery.example.com"))
	}
	if _, err := c.proofs(); err != nil {
		errs = append(errs, fmt.Errorf("--proofs-url: %w", err))
	}
	if c.Demo && !c.has(RoleAPI) {
		errs = append(errs, errors.New("--demo needs the role api in this process"))
	}
	if c.PositionDays < 1 {
		errs = append(errs, errors.New("--position-days: at least 1"))
	}
	if least := int(order.PicturesAtLeast / (24 * time.Hour)); c.ProofDays < least {
		errs = append(errs, fmt.Errorf("--proof-days: at least %d", least))
	}
	if c.CustomerDays < 1 {
		errs = append(errs, errors.New("--customer-days: at least 1"))
	}
	if c.PushAfter < 0 {
		errs = append(errs, errors.New("--push-after: at least 0"))
	}
	if c.PushGatewayURL != "" && c.PushGatewaySecret == "" {
		errs = append(errs, errors.New("--push-gateway-secret: name the file with the secret that signs what the gateway gets"))
	}
	if c.StopTimeout <= 0 {
		errs = append(errs, errors.New("--stop-timeout: more than 0"))
	}
	if c.CallsURL != "" {
		if _, err := relay.New(c.CallsURL, c.CallsSecret, clock.System{}); err != nil {
			errs = append(errs, fmt.Errorf("--calls-url, --calls-secret: %w", err))
		}
	}
	if c.SMSURL != "" {
		if _, err := sms.New(c.SMSURL, c.SMSSecret, clock.System{}, slog.Default()); err != nil {
			errs = append(errs, fmt.Errorf("--sms-url, --sms-secret: %w", err))
		}
	}
	if _, err := clock.Parse(c.Clock); err != nil {
		errs = append(errs, fmt.Errorf("--clock: %w", err))
	}
	return errors.Join(errs...)
}

// webhookReach is where webhooks may go.
func (c Config) webhookReach() webhook.Reach {
	return webhook.Reach{AllowHTTP: c.WebhookAllowHTTP, AllowPrivate: c.WebhookAllowPrivate}
}

// proofs is where riders' pictures are kept.
func (c Config) proofs() (blob.Store, error) {
	return blob.Open(c.ProofsURL, filepath.Join(cmp.Or(c.DataDir, DefaultDataDir()), "proofs"))
}

func (c Config) has(role string) bool { return slices.Contains(c.Roles, role) }

// DefaultDataDir is where the private database lives when nobody says otherwise. Root gets a system folder, because
// PostgreSQL runs as another user, who can't look into root's home.
func DefaultDataDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/paidan"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "paidan")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "paidan")
}
