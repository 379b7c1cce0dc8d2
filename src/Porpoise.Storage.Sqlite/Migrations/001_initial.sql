-- Times are microseconds since 1970-01-01 UTC. Enumerations are the numbers of Porpoise.Core.

create table store (
    id integer primary key check (id = 1),
    install_id text not null,          -- names this data folder; part of every attempt's tag
    code_bound integer not null,       -- every code below it counts as handed out
    run_bound integer not null,        -- the same for ids of runs and tasks, when rows with them were deleted
    task_bound integer not null,
    probed_at integer not null         -- written to find out whether the disk takes writes again
);

create table account (
    account_id text primary key,
    user_name text not null unique,
    password_hash text not null,
    created_at integer not null
) without rowid;

-- Users, groups and roles. The number is an id for clients that know users by an int32; 1 is the account's owner.
create table identity (
    number integer primary key autoincrement check (number > 1),
    identity_id text not null unique,
    kind integer not null check (kind between 0 and 2),
    name text not null collate nocase,
    description text not null,
    password_hash text check (password_hash is null or kind = 0),
    trust_policy text check ((trust_policy is null) = (kind <> 2)),
    session_seconds_max integer check ((session_seconds_max is null) = (kind <> 2)),
    created_at integer not null,
    updated_at integer not null,
    unique (kind, name)
);
insert into sqlite_sequence (name, seq) values ('identity', 1);

create table group_user (
    group_id text not null references identity (identity_id),
    user_id text not null references identity (identity_id),
    added_at integer not null,
    primary key (group_id, user_id)
) without rowid;
create index group_user_by_user on group_user (user_id);

create table policy (
    name text primary key,
    description text not null,
    default_version integer not null,
    version_bound integer not null,    -- every version below it was given
    created_at integer not null,
    updated_at integer not null
) without rowid;

create table policy_version (
    policy_name text not null references policy (name),
    version integer not null,
    document text not null,
    created_at integer not null,
    primary key (policy_name, version)
) without rowid;

-- The texts of system policies come with the program, so they have no row in policy.
create table policy_attachment (
    identity_id text not null references identity (identity_id),
    is_system integer not null check (is_system in (0, 1)),
    policy_name text not null,
    attached_at integer not null,
    primary key (identity_id, is_system, policy_name)
) without rowid;
create index policy_attachment_by_policy on policy_attachment (is_system, policy_name);

-- The owner is the account or a user; so there is no foreign key.
create table access_key (
    access_key_id text primary key,
    owner_id text not null,
    encrypted_secret blob not null,
    is_active integer not null check (is_active in (0, 1)),
    created_at integer not null,
    last_used_at integer
) without rowid;
create index access_key_by_owner on access_key (owner_id);

create table api_token (
    token_id text primary key,
    token_hash text not null unique,
    owner_id text not null,
    name text not null,
    expires_at integer,
    created_at integer not null,
    last_used_at integer
) without rowid;
create index api_token_by_owner on api_token (owner_id);

create table workspace (
    number integer primary key autoincrement,
    workspace_id text not null unique,
    project_code integer not null unique,
    name text not null unique,
    description text not null,
    created_at integer not null,
    updated_at integer not null
);

-- They belong to no workspace.
create table environment (
    code integer primary key,
    name text not null unique,
    config text not null,              -- lines: export NAME=value
    description text not null,
    worker_groups text not null,       -- names, one a line
    created_by text not null,
    created_at integer not null,
    updated_at integer not null
);

create table queue (
    id integer primary key autoincrement,
    workspace_id text not null references workspace (workspace_id),
    name text not null,
    environment integer not null check (environment between 0 and 2),
    tasks_max integer not null check (tasks_max >= 0), -- 0: no limit
    cu_max integer not null check (cu_max >= 0),       -- 0: no limit
    created_at integer not null,
    updated_at integer not null,
    unique (workspace_id, name)
);

create table data_source (
    id integer primary key autoincrement,
    workspace_id text not null references workspace (workspace_id),
    name text not null,
    type integer not null check (type between 0 and 3),
    note text not null,
    host text not null,                -- empty for a file
    port integer not null check (port between 0 and 65535),
    database_name text not null,
    user_name text not null,
    options text not null,             -- a JSON object, or empty
    encrypted_password blob,           -- for this id only; null: none
    created_at integer not null,
    updated_at integer not null,
    unique (workspace_id, name)
);

create table worker_group (
    id integer primary key autoincrement,
    name text not null unique,
    slots integer not null check (slots >= 0), -- 0: its tasks wait
    description text not null,
    created_at integer not null,
    updated_at integer not null
);

create table workspace_member (
    workspace_id text not null references workspace (workspace_id),
    identity_id text not null references identity (identity_id),
    role integer not null check (role between 0 and 3),
    added_at integer not null,
    primary key (workspace_id, identity_id)
) without rowid;
create index workspace_member_by_identity on workspace_member (identity_id);

-- Rows are never changed: who can write to this table through the program can only add to it.
create table audit (
    id integer primary key autoincrement,
    at integer not null,
    request_id text not null,
    who text not null,
    credential text not null,
    address text not null,
    action text not null,
    target text not null,
    workspace text not null,
    outcome integer not null check (outcome between 0 and 4),
    code text not null,
    detail text not null
);
create trigger audit_is_append_only before update on audit begin select raise(abort, 'the audit log is only added to'); end;

-- For every 1024 ids: between which times their rows are, and which outcomes they may have (a bit for each). Lists pass over what cannot fit without
-- an index that every row would have to be put into; and ids alone cannot tell times, because clocks are set back. Only hints: bounds may be too wide.
create table audit_block (
    block integer primary key,         -- id / 1024
    first_at integer not null,         -- no row of them is earlier,
    last_at integer not null,          -- and none later
    outcomes integer not null
);

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
create index idempotency_by_run on idempotency (run_id);

create table workflow (
    id integer primary key autoincrement,
    code integer not null unique,
    workspace_id text not null references workspace (workspace_id),
    name text not null,
    description text not null,         -- of the current version
    version integer not null check (version between 1 and last_version), -- the current one
    last_version integer not null,
    published_version integer check (published_version between 1 and last_version),
    schedule text,                     -- JSON object
    created_at integer not null,
    created_by text not null,
    updated_at integer not null,
    updated_by text not null,
    unique (workspace_id, name)
);
create index workflow_by_change on workflow (workspace_id, updated_at);

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

-- The names of a version's nodes, where a search for task instances can look them up: a task row has only its index.
create table workflow_task (
    code integer not null,
    version integer not null,
    idx integer not null,
    name text not null,
    worker_group text not null,        -- empty: the run's
    primary key (code, version, idx)
) without rowid;
create index workflow_task_by_group on workflow_task (worker_group) where worker_group <> '';

-- A deleted one stays for the runs that are pinned to its versions; its name is free.
create table development_task (
    task_id text primary key,
    workspace_id text not null references workspace (workspace_id),
    name text not null,
    kind integer not null check (kind between 0 and 2),
    version integer not null check (version > 0),
    published_version integer check (published_version between 1 and version),
    created_at integer not null,
    updated_at integer not null,
    updated_by text not null,
    deleted_at integer
) without rowid;
create unique index development_task_by_name on development_task (workspace_id, name) where deleted_at is null;

create table development_task_version (
    task_id text not null references development_task (task_id),
    version integer not null,
    content text not null,             -- JSON object
    remark text not null,
    created_at integer not null,
    created_by text not null,
    primary key (task_id, version)
) without rowid;

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
    queue_is_chosen integer not null check (queue_is_chosen in (0, 1)),
    started_by text not null,
    start_params text not null,        -- JSON object, name to value; empty: none
    schedule_time integer,             -- what its time parameters stand for; null: started_at
    time_zone text not null,           -- in which they are written
    remarks text not null,             -- JSON object of what the caller noted down; never changes what runs
    environment_code integer not null, -- of nodes that name none; 0: none
    library_pins text not null,        -- JSON object, id of a development task to its version; empty: none
    first_task_id integer not null,
    task_count integer not null check (task_count > 0),
    worker_group text not null,
    started_at integer not null,
    restarts integer not null default 0,
    restarted_at integer,              -- the last time that it began anew
    restart_scope integer check (restart_scope between 0 and 1),
    ended_at integer,
    check ((restarts > 0) = (restarted_at is not null) and (restarts > 0) = (restart_scope is not null)),
    check ((ended_at is not null) = (state in (3, 4, 5)))
);
-- Start-up reads only the unfinished ones.
create index run_unfinished on run (id) where ended_at is null;
create index run_by_workflow on run (workspace_id, workflow_code);
create index run_by_outcome on run (workspace_id, workflow_code, state) where ended_at is not null;

-- The ids of a run's tasks are one block: first_task_id + idx. So a run's tasks are a range of the primary key. State 0: the run was run again, and the task
-- waits for others; lists and counters do not know it until it is ready.
create table task (
    id integer primary key,
    run_id integer not null,
    idx integer not null,
    state integer not null check (state between 0 and 6),
    stop_requested integer not null default 0 check (stop_requested in (0, 1)),
    forced integer not null default 0 check (forced = 0 or state = 4),
    attempt integer not null default 0,
    failures integer not null default 0,
    losses integer not null default 0,
    exit_code integer,
    message text not null default '',
    outputs text,                      -- JSON object: what it gave to the tasks after it
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

-- For every 256 ids: how many rows of each state a workspace has among them, and between which times those began. Totals, the place of a page and
-- ranges of time are found from these, without walking through the rows and without an index on the state, which every step of a run would move.
create table run_block (
    workspace_id text not null,
    block integer not null,            -- id / 256
    running integer not null check (running >= 0),
    stopping integer not null check (stopping >= 0),
    succeeded integer not null check (succeeded >= 0),
    failed integer not null check (failed >= 0),
    stopped integer not null check (stopped >= 0),
    first_at integer not null,         -- no run of them started earlier,
    last_at integer not null,          -- and none later
    primary key (workspace_id, block)
) without rowid;

create table task_block (
    workspace_id text not null,
    block integer not null,
    queued integer not null check (queued >= 0),
    running integer not null check (running >= 0),
    retry_waiting integer not null check (retry_waiting >= 0),
    succeeded integer not null check (succeeded >= 0),
    failed integer not null check (failed >= 0),
    killed integer not null check (killed >= 0),
    first_at integer not null,         -- by the time at which a task became ready
    last_at integer not null,
    primary key (workspace_id, block)
) without rowid;

-- How many runs are pinned to a version. A workflow that was moved has runs in several workspaces.
create table version_count (
    workflow_code integer not null,
    version integer not null,
    workspace_id text not null,
    running integer not null check (running >= 0),
    stopping integer not null check (stopping >= 0),
    succeeded integer not null check (succeeded >= 0),
    failed integer not null check (failed >= 0),
    stopped integer not null check (stopped >= 0),
    primary key (workflow_code, version, workspace_id)
) without rowid;
