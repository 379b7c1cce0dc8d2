namespace Porpoise.Api.Errors;

/// <summary>Every error that the operations answer. docs/reference/errors.md is written from this list, and a test compares them.</summary>
public static class ErrorCodes
{
    public static readonly ErrorCode Internal = new(10000, "InternalError", "The server failed in a way that nobody foresaw.", "Look for the request id in the server's log, and report it.", 500);
    public static readonly ErrorCode BadParameter = new(10001, "BadParameter", "A parameter is missing or cannot be read.", "The message names the parameter and what it takes.");
    public static readonly ErrorCode TaskNotFound = new(10008, "TaskNotFound", "There is no such task instance.", "Take the id from the run's tasks.");
    public static readonly ErrorCode DataSourceNameTaken = new(10015, "DataSourceNameTaken", "Another data source of the workspace has this name.", "Choose another name.");
    public static readonly ErrorCode WorkspaceNotFound = new(10018, "WorkspaceNotFound", "There is no such workspace (project).", "Use the workspace id or project code from root-key.json.");
    public static readonly ErrorCode DataSourceNotConnected = new(10036, "DataSourceNotConnected", "The data source cannot be connected to.", "The message says what the database, or the way to it, answered.");
    public static readonly ErrorCode DataSourceNotFound = new(20004, "DataSourceNotFound", "There is no such data source in the workspace.", "List the data sources.");
    public static readonly ErrorCode LogNotReadable = new(10103, "LogNotReadable", "The task has no log yet, or it is gone.", "A task has a log once its first attempt has started; a NOOP has none.");
    public static readonly ErrorCode TenantCodeTaken = new(10009, "TenantCodeTaken", "There is a tenant with this code already.", "Use the tenant that there is.");
    public static readonly ErrorCode WorkerGroupNameTaken = new(10135, "WorkerGroupNameTaken", "Another worker group has this name.", "Choose another name, or change that group.");
    public static readonly ErrorCode BadWorkerGroups = new(130015, "BadWorkerGroups", "The workerGroups of an environment are no JSON list of worker groups that there are.", "List the worker groups.");
    public static readonly ErrorCode WorkerGroupInEnvironment = new(1400005, "WorkerGroupInEnvironment", "An environment names the worker group.", "The message names the environment. Take the group out of it first.");
    public static readonly ErrorCode TaskWrongState = new(10166, "TaskWrongState", "The state of the task instance does not allow that.", "Look at the task's state first.");
    public static readonly ErrorCode NameTaken = new(10168, "NameTaken", "Another workflow of the workspace has this name.", "Choose another name, or update that workflow.");
    public static readonly ErrorCode RunNotFound = new(50001, "RunNotFound", "There is no such run (process instance).", "Take the id from the answer of the start call.");
    public static readonly ErrorCode WorkflowNotFound = new(50003, "WorkflowNotFound", "There is no such workflow definition.", "Take the code from the answer of the create call.");
    public static readonly ErrorCode NotPublished = new(50004, "NotPublished", "The workflow has no published version, so it cannot run in production.", "Publish it (publish=true, or release ONLINE), or start it with isProd=false.");
    public static readonly ErrorCode AlreadyRequested = new(50005, "AlreadyRequested", "The run is doing that already.", "Wait for it to end.");
    public static readonly ErrorCode WrongState = new(50006, "WrongState", "The run's state does not allow that.", "Look at the run's state first.");
    public static readonly ErrorCode EditWhileOnline = new(50008, "EditWhileOnline", "A workflow that is ONLINE cannot be edited by DolphinScheduler clients.", "Take it OFFLINE first. (The cloud API may edit it.)");
    public static readonly ErrorCode Cycle = new(50019, "Cycle", "The nodes wait for each other in a circle.", "The message lists them in order; remove one of the edges.");
    public static readonly ErrorCode BadDefinition = new(50020, "BadDefinition", "The definition is not sound.", "The message says what is wrong at which place.");
    public static readonly ErrorCode EmptyDefinition = new(50035, "EmptyDefinition", "The workflow has no nodes.", "Send at least one in taskDefinitionJson.");
    public static readonly ErrorCode TaskHasNoRun = new(10021, "TaskHasNoRun", "The task started no run of its own.", "Only tasks that start workflows have one; those are not built yet.");
    public static readonly ErrorCode RunHasNoParent = new(50010, "RunHasNoParent", "The run was not started by a task of another run.", "Look at the run itself.");
    public static readonly ErrorCode WorkspaceNameTaken = new(10019, "WorkspaceNameTaken", "Another workspace (project) has this name.", "Choose another name.");
    public static readonly ErrorCode BadSchedule = new(10024, "BadSchedule", "The schedule is not sound.", "The message says which part; a crontab is a Quartz expression, seconds first, such as 0 30 2 * * ?.");
    public static readonly ErrorCode QueueNotFound = new(10128, "QueueNotFound", "There is no such queue in the workspace.", "The message lists the queues.");
    public static readonly ErrorCode QueueNameTaken = new(10130, "QueueNameTaken", "Another queue of the workspace has this name.", "Choose another name.");
    public static readonly ErrorCode WorkspaceNotEmpty = new(10137, "WorkspaceNotEmpty", "The workspace (project) still has workflow definitions or runs.", "Delete those first.");
    public static readonly ErrorCode VersionNotFound = new(10153, "VersionNotFound", "The workflow has no such version.", "List its versions.");
    public static readonly ErrorCode DefinitionInUse = new(10163, "DefinitionInUse", "Runs of the workflow are under way.", "Wait for them, or stop them.");
    public static readonly ErrorCode DefinitionOnline = new(50021, "DefinitionOnline", "The workflow is published (ONLINE).", "Take it OFFLINE first.");
    public static readonly ErrorCode BadImport = new(50029, "BadImport", "The file cannot be imported.", "Send the JSON file that an export gave.");
    public static readonly ErrorCode TaskDefinitionNotFound = new(50030, "TaskDefinitionNotFound", "No workflow of the workspace has a node with this code.", "Take the code from the definition.");
    public static readonly ErrorCode WorkerGroupInUse = new(10145, "WorkerGroupInUse", "Unfinished runs or workflows name the worker group, or it is the standard one.", "Wait for the runs, and change the workflows first.");
    public static readonly ErrorCode WorkerGroupNotFound = new(10174, "WorkerGroupNotFound", "There is no such worker group.", "List the worker groups.");
    public static readonly ErrorCode VersionIsCurrent = new(50053, "VersionIsCurrent", "The version is the current one, or the published one.", "Switch to another version, or publish another one, first.");
    public static readonly ErrorCode VersionIsUsed = new(110013, "VersionIsUsed", "Runs are pinned to the version.", "Delete those runs first.");
    public static readonly ErrorCode EnvironmentNotFound = new(1200009, "EnvironmentNotFound", "There is no such environment.", "List the environments.");
    public static readonly ErrorCode EnvironmentNameTaken = new(120002, "EnvironmentNameTaken", "Another environment has this name.", "Choose another name.");
    public static readonly ErrorCode EnvironmentInUse = new(120007, "EnvironmentInUse", "A workflow, or a run that has not ended, uses the environment.", "The message names one. Take the environment out of its nodes.");
    public static readonly ErrorCode NotHonoured = new(1500001, "NotHonoured", "The call asks for something that this version cannot do yet. It is refused rather than ignored.", "Leave the named parameter out, or send its neutral value.");
    public static readonly ErrorCode TokenReused = new(1500002, "TokenReused", "The clientToken or Idempotency-Key was used for a call with other parameters.", "Use a new token for a new call.");
    public static readonly ErrorCode StoreUnavailable = new(1500003, "StoreUnavailable", "The store takes no writes at the moment; nothing that was acknowledged is lost.", "The message says why (a full disk, mostly). Repeat the call later.", 503);
    public static readonly ErrorCode NotAuthenticated = new(1500004, "NotAuthenticated", "The call says nothing, or nothing valid, about who is calling.", "Send the header token, or sign the call.", 401);
    public static readonly ErrorCode NotAuthorised = new(1500005, "NotAuthorised", "The caller may not do this.", "Ask whoever administers the account.", 403);
    public static readonly ErrorCode NoSuchRoute = new(1500006, "NoSuchRoute", "There is no such address.", "Look into the operations reference.", 404);
    public static readonly ErrorCode WrongMethod = new(1500007, "WrongMethod", "The address exists, but not with this method.", "The header Allow lists the methods.", 405);
    public static readonly ErrorCode BodyTooLarge = new(1500008, "BodyTooLarge", "The body is larger than 4 MiB.", "Send a smaller body.", 413);
    public static readonly ErrorCode LineTooLong = new(1500009, "LineTooLong", "The request line is longer than 1 MiB.", "Send the parameters as a form or JSON body. With a generated client of the vendor: its callApi, with reqBodyType formData in the Params, and the parameters in body instead of query of the OpenApiRequest.", 414);
    public static readonly ErrorCode BadContentType = new(1500010, "BadContentType", "The body is neither a form nor JSON.", "Send application/x-www-form-urlencoded or application/json, or no body.", 415);
    public static readonly ErrorCode TooManyCalls = new(1500011, "TooManyCalls", "Too many calls at once.", "Repeat the call later.", 429);
    public static readonly ErrorCode HeadersTooLarge = new(1500012, "HeadersTooLarge", "The call has more than 100 headers, or more than 64 KiB of them.", "Send fewer or shorter headers.", 431);
    public static readonly ErrorCode Malformed = new(1500013, "Malformed", "The request breaks the rules of HTTP, so its body cannot be read.", "Look at what the client or a proxy on the way sends.", 400);

    public static readonly ErrorCode NoPermissionInWorkspace = new(1400009, "NoPermissionInWorkspace", "No permission for resource action", "Ask an owner of the workspace for a role in it that may do this (docs/operate/access.md).");
    public static readonly ErrorCode IdentityNotFound = new(1500015, "IdentityNotFound", "There is no such user, group, role, policy, access key or token.", "List them: the message says what was looked for.");
    public static readonly ErrorCode IdentityNameTaken = new(1500016, "IdentityNameTaken", "The name is taken.", "Choose another one.");
    public static readonly ErrorCode LimitReached = new(1500017, "LimitReached", "There are as many as there may be.", "The message names the limit. Delete what is not needed any more.");
    public static readonly ErrorCode IdentityInUse = new(1500018, "IdentityInUse", "Something else still needs it.", "The message says what.");
    public static readonly ErrorCode TooManyConnections = new(1500020, "TooManyConnections", "The server has as many connections as it may have.", "Let clients share connections, or allow more (--connections, and open files).", 503);
    public static readonly ErrorCode BadPolicy = new(1500019, "BadPolicy", "The text is no policy that this service understands in full.", "The message names each fault and its place.");
    public static readonly ErrorCode WrongPassword = new(10013, "WrongPassword", "The user name or the password is wrong.", "Ask whoever administers the account for a new password.");

    public static readonly ErrorCode TypeNotRunnable = new(1500014, "TypeNotRunnable", "The workflow has nodes of a type that this server cannot run. Nothing was started.", "The message names the nodes.");

    public static readonly ErrorCode DevelopmentTaskNotFound = new(1500060, "DevelopmentTaskNotFound", "There is no such development task (TSK-…) in the workspace.", "List the workspace's development tasks, or create one.");
    public static readonly ErrorCode DevelopmentTaskNameTaken = new(1500061, "DevelopmentTaskNameTaken", "Another development task of the workspace has this name.", "Choose another name, or update that development task.");
    public static readonly ErrorCode DevelopmentTaskInUse = new(1500062, "DevelopmentTaskInUse", "Workflows refer to the development task.", "The message names them. Change or delete them first.");
    public static readonly ErrorCode DevelopmentTaskNotPublished = new(1500063, "DevelopmentTaskNotPublished", "A production run takes the published version of each development task, and one has none.", "The message names it. Publish it, or start the workflow with isProd=false.");
    public static readonly ErrorCode SparkNotConfigured = new(1500064, "SparkNotConfigured", "The workflow has Spark nodes, and no Spark is configured. Nothing was started.", "Set SPARK_HOME or --spark-home for the server (docs/reference/spark.md).");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        TenantCodeTaken, WorkerGroupNameTaken, BadWorkerGroups, WorkerGroupInEnvironment, TaskWrongState, WorkerGroupInUse, WorkerGroupNotFound, Internal, BadParameter, TaskNotFound, WorkspaceNotFound, LogNotReadable, NameTaken, RunNotFound, WorkflowNotFound, NotPublished, AlreadyRequested,
        WrongState, EditWhileOnline, Cycle, BadDefinition, EmptyDefinition, NotHonoured, TokenReused, StoreUnavailable, NotAuthenticated, NotAuthorised,
        NoSuchRoute, WrongMethod, BodyTooLarge, LineTooLong, BadContentType, TooManyCalls, TooManyConnections, HeadersTooLarge, Malformed, WorkspaceNameTaken, BadSchedule, QueueNotFound, QueueNameTaken, WorkspaceNotEmpty,
        VersionNotFound, DefinitionInUse, DefinitionOnline, BadImport, TaskDefinitionNotFound, VersionIsCurrent, VersionIsUsed, EnvironmentNotFound, EnvironmentNameTaken, EnvironmentInUse, TypeNotRunnable, NoPermissionInWorkspace, IdentityNotFound, IdentityNameTaken, LimitReached, IdentityInUse, BadPolicy, WrongPassword, DataSourceNameTaken, DataSourceNotConnected, DataSourceNotFound, TaskHasNoRun, RunHasNoParent, DevelopmentTaskNotFound, DevelopmentTaskNameTaken, DevelopmentTaskInUse, DevelopmentTaskNotPublished, SparkNotConfigured,
    ];
}
