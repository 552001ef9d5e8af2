package skypecontacts

import "time"

// What the tests outside of the package need from within. They are outside
// because skypetest imports the package.

// RegisteredRoutes are all routes in the form "Operation: METHOD Service /path".
func RegisteredRoutes() (names []string) {
	services := Endpoints{}.byService()
	for _, r := range allRoutes {
		names = append(names, r.op+": "+r.method+" "+services[r.service].name+" "+r.path)
	}
	return names
}

// RaceEnabled, Measured, SecretForms and Printed are the helpers of the same name.
const RaceEnabled = raceEnabled

func Measured(promise string, value any, bound string) { measured.set(promise, value, bound) }

func SecretForms(secret string) []string { return secretForms(secret) }

func Printed(v any) string { return printed(v) }

func Within(d time.Duration) time.Duration { return within(d) }
