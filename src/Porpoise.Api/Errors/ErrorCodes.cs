namespace Porpoise.Api.Errors;

/// <summary>Every error that the operations answer. docs/reference/errors.md is written from this list, and a test compares them.</summary>
public static class ErrorCodes
{
    public static readonly ErrorCode Internal = new(10000, "InternalError", "The server failed in a way that nobody foresaw.", "Look for the request id in the server's log, and report it.", 500);
    public static readonly ErrorCode BadParameter = new(10001, "BadParameter", "A parameter is missing or cannot be read.", "The message names the parameter and what it takes.");
    public static readonly ErrorCode TaskNotFound = new(10008, "TaskNotFound", "There is no such task instance.", "Take the id from the run's tasks.");
    public static readonly ErrorCode WorkspaceNotFound = new(10018, "WorkspaceNotFound", "There is no such workspace (project).", "Use the workspace id or project code from root-key.json.");
    public static readonly ErrorCode LogNotReadable = new(10103, "LogNotReadable", "The task has no log yet, or it is gone.", "A task has a log once its first attempt has started; a NOOP has none.");
    public static readonly ErrorCode NameTaken = new(10168, "NameTaken", "Another workflow of the workspace has this name.", "Choose another name, or update that workflow.");
    public static readonly ErrorCode RunNotFound = new(50001, "RunNotFound", "There is no such run (process instance).", "Take the id from the answer of the start call.");
    public static readonly ErrorCode WorkflowNotFound = new(50003, "WorkflowNotFound", "There is no such workflow definition or version.", "Take the code from the answer of the create call.");
    public static readonly ErrorCode NotPublished = new(50004, "NotPublished", "The workflow has no published version, so it cannot run in production.", "Publish it (publish=true, or release ONLINE), or start it with isProd=false.");
    public static readonly ErrorCode AlreadyRequested = new(50005, "AlreadyRequested", "The run is doing that already.", "Wait for it to end.");
    public static readonly ErrorCode WrongState = new(50006, "WrongState", "The run's state does not allow that.", "Look at the run's state first.");
    public static readonly ErrorCode EditWhileOnline = new(50008, "EditWhileOnline", "A workflow that is ONLINE cannot be edited by DolphinScheduler clients.", "Take it OFFLINE first. (The cloud API may edit it.)");
    public static readonly ErrorCode Cycle = new(50019, "Cycle", "The nodes wait for each other in a circle.", "The message lists them in order; remove one of the edges.");
    public static readonly ErrorCode BadDefinition = new(50020, "BadDefinition", "The definition is not sound.", "The message says what is wrong at which place.");
    public static readonly ErrorCode EmptyDefinition = new(50035, "EmptyDefinition", "The workflow has no nodes.", "Send at least one in taskDefinitionJson.");
    public static readonly ErrorCode NotHonoured = new(1500001, "NotHonoured", "The call asks for something that this version cannot do yet. It is refused rather than ignored.", "Leave the named parameter out, or send its neutral value.");
    public static readonly ErrorCode TokenReused = new(1500002, "TokenReused", "The clientToken or Idempotency-Key was used for a call with other parameters.", "Use a new token for a new call.");
    public static readonly ErrorCode StoreUnavailable = new(1500003, "StoreUnavailable", "The store takes no writes at the moment; nothing that was acknowledged is lost.", "The message says why (a full disk, mostly). Repeat the call later.", 503);
    public static readonly ErrorCode NotAuthenticated = new(1500004, "NotAuthenticated", "The call says nothing, or nothing valid, about who is calling.", "Send the header token, or sign the call.", 401);
    public static readonly ErrorCode NotAuthorised = new(1500005, "NotAuthorised", "The caller may not do this.", "Ask whoever administers the account.", 403);
    public static readonly ErrorCode NoSuchRoute = new(1500006, "NoSuchRoute", "There is no such address.", "Look into the operations reference.", 404);
    public static readonly ErrorCode WrongMethod = new(1500007, "WrongMethod", "The address exists, but not with this method.", "The header Allow lists the methods.", 405);
    public static readonly ErrorCode BodyTooLarge = new(1500008, "BodyTooLarge", "The body is larger than 4 MiB.", "Send a smaller body.", 413);
    public static readonly ErrorCode LineTooLong = new(1500009, "LineTooLong", "The request line is longer than 1 MiB.", "Send the parameters as a form or JSON body.", 414);
    public static readonly ErrorCode BadContentType = new(1500010, "BadContentType", "The body is neither a form nor JSON.", "Send application/x-www-form-urlencoded or application/json, or no body.", 415);
    public static readonly ErrorCode TooManyCalls = new(1500011, "TooManyCalls", "Too many calls at once.", "Repeat the call later.", 429);
    public static readonly ErrorCode HeadersTooLarge = new(1500012, "HeadersTooLarge", "The call has more than 100 headers, or more than 64 KiB of them.", "Send fewer or shorter headers.", 431);
    public static readonly ErrorCode Malformed = new(1500013, "Malformed", "The request breaks the rules of HTTP, so its body cannot be read.", "Look at what the client or a proxy on the way sends.", 400);

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        Internal, BadParameter, TaskNotFound, WorkspaceNotFound, LogNotReadable, NameTaken, RunNotFound, WorkflowNotFound, NotPublished, AlreadyRequested,
        WrongState, EditWhileOnline, Cycle, BadDefinition, EmptyDefinition, NotHonoured, TokenReused, StoreUnavailable, NotAuthenticated, NotAuthorised,
        NoSuchRoute, WrongMethod, BodyTooLarge, LineTooLong, BadContentType, TooManyCalls, HeadersTooLarge, Malformed,
    ];
}
