"""One turn from start to end: joins the router, the providers, the store and the budget. Front ends talk to `Workstation` only."""
