-- Times are microseconds since 1970-01-01 UTC. Enumerations are the numbers of Porpoise.Core.

create table store (
    id integer primary key check (id = 1),
    install_id text not null,          -- names this data folder; part of every attempt's tag
    code_bound integer not null,       -- every code below it counts as handed out
    probed_at integer not null         -- written to find out whether the disk takes writes again
);

create table account (
    account_id text primary key,
    user_name text not null unique,
    password_hash text not null,
    created_at integer not null
) without rowid;

create table access_key (
    access_key_id text primary key,
    account_id text not null references account,
    encrypted_secret blob not null,
    is_active integer not null check (is_active in (0, 1)),
    created_at integer not null
) without rowid;

create table api_token (
    token_hash text primary key,
    account_id text not null references account,
    created_at integer not null
) without rowid;

create table workspace (
    workspace_id text primary key,
    project_code integer not null unique,
    name text not null unique,
    created_at integer not null
) without rowid;

-- The hash covers the access key too.
create table nonce (
    hash blob primary key,
    access_key_id text not null,
    keep_until integer not null
) without rowid;
create index nonce_by_time on nonce (keep_until);

create table idempotency (
    principal text not null,
    workspace_id text not null,
    operation text not null,
    token text not null,
    parameters_hash text not null,
    run_id integer not null,
    used_at integer not null,
    primary key (principal, workspace_id, operation, token)
) without rowid;
create index idempotency_by_time on idempotency (used_at);

create table workflow (
    id integer primary key,
    code integer not null unique,
    workspace_id text not null references workspace,
    name text not null,
    version integer not null check (version > 0),
    published_version integer check (published_version between 1 and version),
    created_at integer not null,
    updated_at integer not null,
    updated_by text not null,
    unique (workspace_id, name)
);

create table workflow_version (
    code integer not null,
    version integer not null,
    hash text not null,
    definition text not null,
    created_at integer not null,
    created_by text not null,
    primary key (code, version)
) without rowid;
create index workflow_version_by_hash on workflow_version (code, hash);

create table run (
    id integer primary key,
    workspace_id text not null,
    workflow_code integer not null,
    version integer not null,
    name text not null,
    state integer not null check (state between 1 and 5),
    owner_epoch integer not null,
    failure_strategy integer not null check (failure_strategy in (0, 1)),
    priority integer not null check (priority between 0 and 4),
    is_production integer not null check (is_production in (0, 1)),
    queue text not null,
    started_by text not null,
    remarks text not null,             -- JSON object of what the caller noted down; never changes what runs
    first_task_id integer not null,
    task_count integer not null check (task_count > 0),
    started_at integer not null,
    ended_at integer,
    check ((ended_at is not null) = (state in (3, 4, 5)))
);
-- Start-up reads only the unfinished ones.
create index run_unfinished on run (id) where ended_at is null;
create index run_by_start on run (workspace_id, started_at);

-- The ids of a run's tasks are one block: first_task_id + idx. So a run's tasks are a range of the primary key.
create table task (
    id integer primary key,
    run_id integer not null,
    idx integer not null,
    state integer not null check (state between 1 and 6),
    attempt integer not null default 0,
    failures integer not null default 0,
    losses integer not null default 0,
    exit_code integer,
    message text not null default '',
    submitted_at integer not null,
    started_at integer,
    ended_at integer,
    due_at integer,
    check ((ended_at is not null) = (state in (4, 5, 6))),
    check ((due_at is not null) = (state = 3))
);

-- The intent to start an attempt is written here before any worker hears of it; a number is used once.
create table attempt (
    task_id integer not null,
    number integer not null check (number > 0),
    started_at integer not null,
    ended_at integer,
    exit_code integer,
    message text,
    primary key (task_id, number)
) without rowid;

create table run_count (
    workspace_id text not null,
    state integer not null,
    n integer not null check (n >= 0),
    primary key (workspace_id, state)
) without rowid;
