package main

import "slices"

// mutations are the guards that some test has to protect.
var mutations = slices.Concat(clientGuards, skypetestGuards, exportGuards, teamsauthGuards, otelGuards, examplesGuards)
