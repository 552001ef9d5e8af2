-- What the bridge stores. The tables of the job queue are river's own, see openStore.

-- An account of somebody who uses the bridge. What signs in is sealed with AES-GCM.
create table if not exists accounts (
	id            bigint generated always as identity primary key,
	mri           text not null unique,
	secret        bytea not null,           -- sealed: what a new token is requested with
	token         bytea,                    -- sealed: null until the first one is requested
	token_version integer not null default 0, -- grows with every new token
	token_expiry  timestamptz
);

-- The last known roster of an account. It is a table of its own since a row of accounts is
-- locked while a token is requested. The ETag is stored beside its roster in one statement.
create table if not exists rosters (
	account   bigint primary key references accounts on delete cascade,
	roster    jsonb,                        -- null until the first synchronization
	etag      text not null default '',
	contacts  integer not null default 0,
	round     integer not null default 0,   -- the last one in which it was synchronized
	synced_at timestamptz
);
create index if not exists rosters_round on rosters (round);

-- An invite that an account sends. Its state is stored before the request, so that a
-- program that ends meanwhile, in whatever way, leaves a trace of it.
create table if not exists invites (
	id         bigint generated always as identity primary key,
	account    bigint not null references accounts on delete cascade,
	peer       text not null,
	greeting   text not null default '',
	state      text not null default 'new' check (state in ('new', 'sending', 'maybe', 'sent', 'failed')),
	sending_at timestamptz,                 -- of the last request
	requests   integer not null default 0,  -- how often a request may have been sent
	lookups    integer not null default 0,  -- how often it was looked into
	failure    text not null default '',    -- of state failed: the kind of error, nothing personal
	unique (account, peer)
);

-- The rounds of synchronization. One begins when all accounts have been in the last one.
create table if not exists rounds (
	number   integer primary key,
	begun_at timestamptz not null default now()
);

-- How many rounds there are to be; null for no end.
create table if not exists plan (
	one    boolean primary key default true check (one), -- the table has one row
	rounds integer
);
insert into plan (rounds) values (0) on conflict do nothing;
